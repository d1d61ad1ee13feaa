"""Tables: what is worked out of the rest."""

import sqlalchemy as sa
from alembic import op

from syncbot.store.migrations.first.columns import INTEGER, TEXT


def create() -> None:
    """Make them."""
    op.create_table(
        "calendar",
        sa.Column("region", TEXT, nullable=False),
        sa.Column("day", INTEGER, autoincrement=False, nullable=False),
        sa.Column("on_date", TEXT, nullable=False),
        sa.Column("workday", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("region", "day"),
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
        "goal",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("share", INTEGER, autoincrement=False, nullable=True),
        sa.Column("state", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
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
        "scope_usual",
        sa.Column("scope_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("p85_days", INTEGER, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("scope_id"),
    )
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
        "lost_twins",
        sa.Column("item_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("twin_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("fate", TEXT, server_default="gone", nullable=False),
        sa.PrimaryKeyConstraint("item_id", "twin_id"),
    )
    op.create_table(
        "stray",
        sa.Column("host", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("host", "key"),
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
