"""Tables: findings, reports and what was written."""

import sqlalchemy as sa
from alembic import op

from syncbot.store.migrations.first.columns import INTEGER, TEXT


def create() -> None:
    """Make them."""
    op.create_table(
        "answer",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("said", TEXT, nullable=False),
        sa.Column("entry", TEXT, nullable=True),
        sa.Column("ticked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", TEXT, server_default="open", nullable=False),
        sa.Column("reply", TEXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("connection", "remote_id"),
    )
    op.create_table(
        "author",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "account"),
    )
    op.create_table(
        "edition",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("started_on", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "finding",
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("subject", INTEGER, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("first_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("last_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("checked_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("first_edition", INTEGER, autoincrement=False, nullable=False),
        sa.Column("edition", INTEGER, autoincrement=False, nullable=False),
        sa.Column("in_baseline", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_index(op.f("ix_finding_rule_state"), "finding", ["rule", "state"], unique=False)
    op.create_table(
        "target",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=True),
        sa.Column("ref", TEXT, nullable=True),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("body_hash", TEXT, nullable=True),
        sa.Column("written_at", TEXT, nullable=True),
        sa.Column("muted_at", TEXT, nullable=True),
        sa.Column("noticed", TEXT, nullable=True),
        sa.Column("held", TEXT, nullable=True),
        sa.Column("is_left", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_touched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("news_of", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_target_key"), "target", ["key"], unique=True)
    op.create_index(op.f("ix_target_news_of"), "target", ["news_of"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("until", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=True),
        sa.Column("made_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("rule", "subject", "origin"),
    )
    op.create_table(
        "finding_event",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("edition", INTEGER, autoincrement=False, nullable=False),
        sa.Column("first_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("first_edition", INTEGER, autoincrement=False, nullable=False),
        sa.Column("last_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["fingerprint"], ["finding.fingerprint"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_finding_event_fingerprint_day"), "finding_event", ["fingerprint", "day"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("target_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("sent_at", TEXT, nullable=True),
        sa.Column("settled_at", TEXT, nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("lease_until", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_outbox_target_id_state"), "outbox", ["target_id", "state"], unique=False)
