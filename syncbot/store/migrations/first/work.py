"""Tables: work as the mapping sees it."""

import sqlalchemy as sa
from alembic import op

from syncbot.store.migrations.first.columns import INTEGER, TEXT


def create() -> None:
    """Make them."""
    op.create_table(
        "former_key",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "ref"),
    )
    op.create_table(
        "item",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("url", TEXT, server_default="", nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("title_key", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("word", TEXT, server_default="", nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("committed", sa.Boolean(), nullable=True),
        sa.Column("priority", INTEGER, autoincrement=False, nullable=True),
        sa.Column("owner_account_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("function", TEXT, nullable=True),
        sa.Column("requires", TEXT, nullable=True),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("left_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("spent_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("start_on", TEXT, nullable=True),
        sa.Column("start_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("due_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("created_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("changed_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("started_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("done_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("description_words", INTEGER, autoincrement=False, nullable=True),
        sa.Column("has_reason", sa.Boolean(), nullable=True),
        sa.Column("home_scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("team_ref", TEXT, nullable=True),
        sa.Column("team_word", TEXT, nullable=True),
        sa.Column("seen", TEXT, server_default="here", nullable=False),
        sa.Column("derived_from", TEXT, nullable=True),
        sa.Column("is_committed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("owner_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("parent_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("group_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("goal_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("leads_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("leads_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_item_connection_remote_id"), "item", ["connection", "remote_id"], unique=True)
    op.create_index(
        op.f("ix_item_derived_from"),
        "item",
        ["derived_from"],
        unique=False,
        sqlite_where=sa.text("derived_from is not null"),
        postgresql_where=sa.text("derived_from is not null"),
    )
    op.create_index(
        op.f("ix_item_feature_id"),
        "item",
        ["feature_id"],
        unique=False,
        sqlite_where=sa.text("feature_id is not null"),
        postgresql_where=sa.text("feature_id is not null"),
    )
    op.create_index(
        op.f("ix_item_goal_id"),
        "item",
        ["goal_id"],
        unique=False,
        sqlite_where=sa.text("goal_id is not null"),
        postgresql_where=sa.text("goal_id is not null"),
    )
    op.create_index(
        op.f("ix_item_group_id"),
        "item",
        ["group_id"],
        unique=False,
        sqlite_where=sa.text("group_id is not null"),
        postgresql_where=sa.text("group_id is not null"),
    )
    op.create_index(op.f("ix_item_home_scope_id"), "item", ["home_scope_id"], unique=False)
    for name, column, condition in (
        ("open", "kind", "is_open"),
        ("goal", "group_id", "kind = 'goal'"),
        ("doing", "owner_id", "status = 'doing'"),
        ("missing", "kind", "seen = 'missing'"),
    ):
        there = sa.text(condition)
        op.create_index(f"ix_item_{name}", "item", [column], sqlite_where=there, postgresql_where=there)
    op.create_index(
        op.f("ix_item_parent_id"),
        "item",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id is not null"),
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.create_table(
        "link",
        sa.Column("from_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("to_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("from_id", "to_id", "type"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_link_to_id"), "link", ["to_id"], unique=False)
    op.create_table(
        "link_suggestion",
        sa.Column("from_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("to_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("score", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("from_id", "to_id", "type"),
    )
    op.create_table(
        "metric",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("direction", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_metric_feature_id"), "metric", ["feature_id"], unique=False)
    op.create_table(
        "snapshot",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("of", TEXT, nullable=False),
        sa.Column("of_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("taken_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("rebuilt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("start_on", TEXT, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_snapshot_of_of_id_event"), "snapshot", ["of", "of_id", "event"], unique=True)
    op.create_table(
        "sprint",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("board", TEXT, server_default="", nullable=False),
        sa.Column("state", TEXT, server_default="future", nullable=False),
        sa.Column("team_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("start_on", TEXT, nullable=True),
        sa.Column("start_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("end_on", TEXT, nullable=True),
        sa.Column("end_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("closed_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("goal", TEXT, nullable=True),
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("is_derived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_known", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sprint_connection_remote_id"), "sprint", ["connection", "remote_id"], unique=True)
    op.create_table(
        "assignee",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("account_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "account_id", "role"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_assignee_person_id"),
        "assignee",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("person_id is not null"),
        postgresql_where=sa.text("person_id is not null"),
    )
    op.create_table(
        "change",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("old", TEXT, nullable=True),
        sa.Column("new", TEXT, nullable=True),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("account_id", INTEGER, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_change_item_id_field"), "change", ["item_id", "field"], unique=False)
    op.create_table(
        "item_sprint",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("sprint_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("added_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("removed_day", INTEGER, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "sprint_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_item_sprint_sprint_id"), "item_sprint", ["sprint_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("position", sa.Double(), nullable=True),
        sa.Column("is_home", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "scope_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading",
        sa.Column("metric_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("metric_id", "day"),
    )
    op.create_table(
        "reference",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("meaning", TEXT, nullable=True),
        sa.Column("inward", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reference_item_id"), "reference", ["item_id"], unique=False)
    op.create_index(op.f("ix_reference_target"), "reference", ["target"], unique=False)
    op.create_table(
        "snapshot_item",
        sa.Column("snapshot_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("status", TEXT, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("snapshot_id", "item_id"),
    )
    op.create_index(op.f("ix_snapshot_item_item_id"), "snapshot_item", ["item_id"], unique=False)
