"""Tables: what was read, as the tools said it."""

import sqlalchemy as sa
from alembic import op

from syncbot.store.migrations.first.columns import INTEGER, TEXT


def create() -> None:
    """Make them."""
    op.create_table(
        "connection",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tool", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=True),
        sa.Column("promise_minutes", INTEGER, server_default="1440", nullable=False),
        sa.Column("is_configured", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("history_day", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "container",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("start_on", TEXT, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("done_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("connection", "remote_id"),
    )
    op.create_table(
        "name",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("facet", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "facet", "scope", "name_key"),
    )
    op.create_table(
        "quarantine",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "remote_id"),
    )
    op.create_table(
        "record",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("home_scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seen", TEXT, server_default="here", nullable=False),
        sa.Column("fate", TEXT, server_default="", nullable=False),
        sa.Column("read_at", TEXT, nullable=False),
        sa.Column("gone_day", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_record_connection_remote_id"), "record", ["connection", "remote_id"], unique=True)
    op.create_index(op.f("ix_record_home_scope_id"), "record", ["home_scope_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("command", TEXT, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("doing", TEXT, nullable=True),
        sa.Column("steps", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "scope",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("url", TEXT, server_default="", nullable=False),
        sa.Column("side", TEXT, nullable=True),
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_configured", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("read_at", TEXT, nullable=True),
        sa.Column("complete_at", TEXT, nullable=True),
        sa.Column("complete_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("is_lacking", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("cursor", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_scope_connection_remote_id"), "scope", ["connection", "remote_id"], unique=True)
    op.create_table(
        "state",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "key"),
    )
    op.create_table(
        "touched",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("times", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection"),
    )
    op.create_table(
        "entry",
        sa.Column("record_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("old_id", TEXT, nullable=True),
        sa.Column("old", TEXT, nullable=True),
        sa.Column("new_id", TEXT, nullable=True),
        sa.Column("new", TEXT, nullable=True),
        sa.Column("account", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "remote_id"),
    )
    op.create_index(op.f("ix_entry_at"), "entry", ["at"], unique=False)
    op.create_table(
        "past",
        sa.Column("record_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("is_unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "unmapped",
        sa.Column("record_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("facet", TEXT, nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("example", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "facet", "word"),
    )
