"""What `syncbot.facts` works out of the rest, for rules to select from."""

from __future__ import annotations

from sqlalchemy import Index, Table

from syncbot.store.schema.columns import count, integer, maybe, metadata, no, number, text, yes

# What one twin group adds up to, by the id of its head. What the head itself says stands here again: there are few
# features among the items, and the rules that go through all of them need not go through the items.
feature = Table(
    "feature",
    metadata,
    integer("id", key=True),
    integer("group_id", required=True),
    text("connection"),
    integer("scope_id", required=True),
    text("seen"),
    text("side"),
    text("status"),
    text("word"),
    yes("is_open"),
    integer("priority"),
    integer("owner_id"),
    no("is_committed"),
    no("is_waiting"),
    integer("lead_id"),
    integer("goal_id", index=True),
    maybe("due_on"),
    integer("due_day"),
    integer("done_day"),
    count("work_open"),
    count("work_doing"),
    count("work_done"),
    integer("effort_minutes"),
    number("effort_points"),
)

goal = Table(
    "goal",  # what its status and the config say of a goal
    metadata,
    integer("id", key=True),
    integer("share"),
    maybe("state"),  # active, paused, dropped, reached; null: it is a label, and nobody says
)

trust = Table(
    "trust",
    metadata,
    integer("scope_id", key=True),
    text("kind", key=True),
    text("field", key=True),
    no("mapped"),
    integer("filled_percent"),  # null: there is nothing that could be filled
    no("fresh"),
    no("complete"),
    maybe("reason"),
)

scope_link = Table(
    "scope_link",  # scopes of which items are linked to each other, both ways
    metadata,
    integer("scope_id", key=True),
    integer("other_id", key=True),
)

scope_side = Table(
    "scope_side",  # the sides of what is in a scope
    metadata,
    integer("scope_id", key=True),
    text("side", key=True),
)

needs = Table(
    "needs",  # what the rules that are on ask to be filled: "points", or "points or minutes"
    metadata,
    integer("scope_id", key=True),
    text("rule", key=True),
    text("field", key=True),
    text("kind"),  # "": all of them
    integer("filled_percent"),  # of the field that is filled most often; null: there is nothing that could be filled
    no("enough"),
)

twins = Table(
    "twins",  # what delivers a feature on the project side, beside its head, and what it says itself
    metadata,
    integer("feature_id", key=True),
    integer("twin_id", key=True),
    text("connection"),
    integer("scope_id", required=True),
    text("status"),
    text("word"),
    yes("is_open"),
    integer("owner_id"),
    maybe("due_on"),
    integer("due_day"),
    integer("done_day"),  # when the later of the two was closed; null: one of them is open
)

lost_twins = Table(
    "lost_twins",  # items whose twin was read and is gone
    metadata,
    integer("item_id", key=True),
    integer("twin_id", key=True),
    text("fate", "gone"),  # what its tool told: moved, hidden, deleted; gone: it does not say which
)

stray = Table(
    "stray",  # addresses of items that lead to nothing that is stored: the host, and the key as people see it
    metadata,
    text("host", key=True),
    text("key", key=True),
)

effort = Table("effort", metadata, integer("item_id", key=True), number("points"), integer("minutes"), maybe("unknown"))

sprint_load = Table(
    "sprint_load",
    metadata,
    integer("sprint_id", key=True),
    text("unit", key=True),  # points, minutes
    number("planned"),
    count("estimated"),  # tasks
    count("unestimated"),
    number("off_roadmap"),  # of what is planned: for no feature that is committed or done
    integer("off_percent"),
    number("capacity"),
    maybe("capacity_from"),  # config, people, history
    integer("percent"),
    maybe("unknown"),
)

person_weeks = Table(
    "person_weeks",
    metadata,
    integer("person_id", key=True),
    text("week_on", key=True),
    integer("week_day", required=True),
    integer("planned_minutes"),
    integer("capacity_minutes"),
    maybe("capacity_from"),
    maybe("sources"),
    maybe("unknown"),
)

feature_people = Table(
    "feature_people",  # who has open work of a feature, and how much of it
    metadata,
    integer("feature_id", key=True),
    integer("person_id", key=True),
    count("doing"),
    count("open"),
    count("free"),  # of that: neither paused nor flagged, and waiting for nothing
)

feature_sprints = Table(
    "feature_sprints",  # the sprints, but closed ones, that hold open work of a feature
    metadata,
    integer("feature_id", key=True),
    integer("sprint_id", key=True),
    count("open"),
)

feature_functions = Table(
    "feature_functions",  # the functions that a feature requires, and how much work there is from each
    metadata,
    integer("feature_id", key=True),
    text("function", key=True),
    count("work"),
    count("anywhere"),  # items of this function, of whatever feature
)

dependencies = Table(
    "dependencies",
    metadata,
    integer("root_id", key=True),
    integer("item_id", key=True),
    integer("next_id"),
    integer("depth", required=True),
    integer("cycle_id"),
    Index(None, "item_id"),
)

flow = Table(
    "flow",
    metadata,
    integer("item_id", key=True),
    integer("cycle_days"),
    integer("age_days"),
    count("moved_back"),
    count("slips"),
    count("carried"),
)

forecast = Table(
    "forecast",
    metadata,
    integer("milestone_id", key=True),
    integer("chance"),
    integer("p50_day"),
    integer("p85_day"),
    integer("p95_day"),
)

scope_usual = Table("scope_usual", metadata, integer("scope_id", key=True), integer("p85_days"))

calendar = Table(
    "calendar",
    metadata,
    text("region", key=True),
    integer("day", key=True),
    text("on_date"),
    integer("workday", required=True),  # a running number: the difference of two days' is the working days between them
)
