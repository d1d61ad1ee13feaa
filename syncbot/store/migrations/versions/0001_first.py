"""Make all tables of the first version."""

from syncbot.store.migrations.first import facts, people, reading, reporting, work

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    for topic in (reading, people, work, facts, reporting):
        topic.create()
