"""Make all tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
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
        "calendar",
        sa.Column("region", TEXT, nullable=False),
        sa.Column("day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("on_date", TEXT, nullable=False),
        sa.Column("workday", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("region", "day"),
    )
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
        "dependencies",
        sa.Column("root_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("depth", INTEGER, autoincrement=False, nullable=False),
        sa.Column("cycle_id", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("root_id", "item_id"),
    )
    op.create_index(op.f("ix_dependencies_item_id"), "dependencies", ["item_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("started_on", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "effort",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("unknown", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_table(
        "feature",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("group_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("seen", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("priority", INTEGER, autoincrement=False, nullable=True),
        sa.Column("owner_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("is_committed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lead_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("goal_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("due_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("done_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("work_open", INTEGER, server_default="0", nullable=False),
        sa.Column("work_doing", INTEGER, server_default="0", nullable=False),
        sa.Column("work_done", INTEGER, server_default="0", nullable=False),
        sa.Column("effort_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("effort_points", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_feature_goal_id"), "feature", ["goal_id"], unique=False)
    op.create_table(
        "feature_functions",
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("function", TEXT, nullable=False),
        sa.Column("work", INTEGER, server_default="0", nullable=False),
        sa.Column("anywhere", INTEGER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feature_id", "function"),
    )
    op.create_table(
        "feature_people",
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("doing", INTEGER, server_default="0", nullable=False),
        sa.Column("open", INTEGER, server_default="0", nullable=False),
        sa.Column("free", INTEGER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feature_id", "person_id"),
    )
    op.create_table(
        "feature_sprints",
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("sprint_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("open", INTEGER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feature_id", "sprint_id"),
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
        "flow",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("cycle_days", INTEGER, autoincrement=False, nullable=True),
        sa.Column("age_days", INTEGER, autoincrement=False, nullable=True),
        sa.Column("moved_back", INTEGER, server_default="0", nullable=False),
        sa.Column("slips", INTEGER, server_default="0", nullable=False),
        sa.Column("carried", INTEGER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_table(
        "forecast",
        sa.Column("milestone_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("chance", INTEGER, autoincrement=False, nullable=True),
        sa.Column("p50_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("p85_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("p95_day", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("milestone_id"),
    )
    op.create_table(
        "former_key",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("remote_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "ref"),
    )
    op.create_table(
        "goal",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("share", INTEGER, autoincrement=False, nullable=True),
        sa.Column("state", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
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
        "name",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("facet", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("connection", "facet", "scope", "name_key"),
    )
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
        "person_weeks",
        sa.Column("person_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("week_on", TEXT, nullable=False),
        sa.Column("week_day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("planned_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("capacity_minutes", INTEGER, autoincrement=False, nullable=True),
        sa.Column("capacity_from", TEXT, nullable=True),
        sa.Column("sources", TEXT, nullable=True),
        sa.Column("unknown", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "week_on"),
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
        sa.Column("is_complete", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("cursor", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_scope_connection_remote_id"), "scope", ["connection", "remote_id"], unique=True)
    op.create_table(
        "scope_usual",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("p85_days", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("scope_id"),
    )
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
        "twins",
        sa.Column("feature_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("twin_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("owner_id", INTEGER, autoincrement=False, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("due_day", INTEGER, autoincrement=False, nullable=True),
        sa.Column("done_day", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("feature_id", "twin_id"),
    )
    op.create_table(
        "scope_link",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("other_id", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "other_id"),
    )
    op.create_table(
        "scope_side",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "side"),
    )
    op.create_table(
        "sprint_load",
        sa.Column("sprint_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("planned", sa.Double(), nullable=True),
        sa.Column("estimated", INTEGER, server_default="0", nullable=False),
        sa.Column("unestimated", INTEGER, server_default="0", nullable=False),
        sa.Column("off_roadmap", sa.Double(), nullable=True),
        sa.Column("off_percent", INTEGER, autoincrement=False, nullable=True),
        sa.Column("capacity", sa.Double(), nullable=True),
        sa.Column("capacity_from", TEXT, nullable=True),
        sa.Column("percent", INTEGER, autoincrement=False, nullable=True),
        sa.Column("unknown", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("sprint_id", "unit"),
    )
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
        sa.Column("is_touched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("news_of", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_target_key"), "target", ["key"], unique=True)
    op.create_index(op.f("ix_target_news_of"), "target", ["news_of"], unique=False)
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
    op.create_table(
        "trust",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("mapped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("filled_percent", INTEGER, autoincrement=False, nullable=True),
        sa.Column("fresh", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("complete", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "kind", "field"),
    )
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
        "lost_twins",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("twin_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("fate", TEXT, server_default="gone", nullable=False),
        sa.PrimaryKeyConstraint("item_id", "twin_id"),
    )
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
        "needs",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("filled_percent", INTEGER, autoincrement=False, nullable=True),
        sa.Column("enough", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "rule", "field"),
    )
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
