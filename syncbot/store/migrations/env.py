"""What Alembic runs for every command: the connection is the caller's, and so is its transaction."""

from alembic import context

from syncbot.store.schema import whole

context.configure(connection=context.config.attributes["connection"], target_metadata=whole())
context.run_migrations()
