"""All tables of the first version."""

from alembic import op

from syncbot.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    metadata.create_all(op.get_bind())
