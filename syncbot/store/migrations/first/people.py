"""Tables: accounts, people and teams."""

import sqlalchemy as sa
from alembic import op

from syncbot.store.migrations.first.columns import INTEGER, TEXT


def create() -> None:
    """Make them."""
    op.create_table(
        "account",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("handle", TEXT, nullable=True),
        sa.Column("email_key", TEXT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("is_bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("timezone", TEXT, nullable=True),
        sa.Column("is_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("matched_by", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_account_connection_remote_id"), "account", ["connection", "remote_id"], unique=True)
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("is_bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("weekly_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("timezone", TEXT, nullable=True),
        sa.Column("roles", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_person_key"), "person", ["key"], unique=True)
    op.create_table(
        "team",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("lead_id", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_team_key"), "team", ["key"], unique=True)
    op.create_table(
        "team_board",
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("board", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "board"),
    )
    op.create_table(
        "team_word",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", "ref"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "team_person",
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("share", sa.Double(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person_id"),
    )
    op.create_index(op.f("ix_team_person_person_id"), "team_person", ["person_id"], unique=False)
