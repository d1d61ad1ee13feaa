"""Work as the mapping sees it: items and what hangs on them."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Table

from syncbot.store.schema.columns import (
    belongs_to,
    fact,
    filled,
    integer,
    maybe,
    metadata,
    no,
    number,
    own_id,
    some,
    text,
    unknown,
    yes,
)

item = Table(
    "item",
    metadata,
    integer("id", key=True),
    text("connection"),
    text("remote_id"),
    text("ref"),
    text("url", ""),
    text("kind"),
    text("side"),
    text("title"),
    text("title_key"),
    text("status"),
    text("word", ""),
    yes("is_open"),
    no("is_flagged"),
    no("is_restricted"),
    no("is_archived"),
    unknown("committed"),  # what the mapping says; null: is_committed follows from the status, date and twins
    integer("priority"),
    integer("owner_account_id"),
    maybe("function"),
    maybe("requires"),  # functions, sorted, with a comma between
    number("points"),
    integer("minutes"),
    integer("left_minutes"),
    integer("spent_minutes"),
    maybe("start_on"),
    integer("start_day"),
    maybe("due_on"),
    integer("due_day"),
    integer("created_day"),
    integer("changed_day", required=True),
    integer("started_day"),
    integer("done_day"),
    integer("description_words"),
    unknown("has_reason"),
    integer("home_scope_id", required=True, index=True),
    maybe("section"),
    maybe("team_ref"),  # what its team field holds, by the tool's id
    maybe("team_word"),
    text("seen", "here"),  # as in record
    maybe("derived_from"),
    fact(no("is_committed")),
    fact(integer("owner_id")),
    fact(integer("team_id")),
    fact(integer("parent_id")),
    fact(integer("group_id")),
    fact(integer("feature_id")),
    fact(integer("goal_id")),
    fact(no("leads_out")),  # it points to what is not read and may be work of it
    fact(no("leads_up")),  # it points to what is not read and may be what it is part of
    Index(None, "connection", "remote_id", unique=True),
    some("ix_item_open", "kind", "is_open"),
    some("ix_item_goal", "group_id", "kind = 'goal'"),
    some("ix_item_doing", "owner_id", "status = 'doing'"),
    some("ix_item_missing", "kind", "seen = 'missing'"),
    filled("derived_from"),
    filled("parent_id"),
    filled("group_id"),
    filled("feature_id"),
    filled("goal_id"),
)

former_key = Table(
    "former_key",  # under which an item was known before it moved
    metadata,
    text("connection", key=True),
    text("ref", key=True),
    text("url"),
    text("remote_id"),
)

membership = Table(
    "membership",
    metadata,
    belongs_to("item", key=True),
    integer("scope_id", key=True),
    maybe("section"),
    number("position"),
    no("is_home"),
    sqlite_with_rowid=False,
)

assignee = Table(
    "assignee",
    metadata,
    belongs_to("item", key=True),
    integer("account_id", key=True),
    text("role", key=True),  # owner, assignee, member
    Column("share", Double, nullable=False),
    integer("person_id"),  # facts
    filled("person_id"),
    sqlite_with_rowid=False,
)

reference = Table(
    "reference",  # as mapped; facts makes links of those whose target was read
    metadata,
    own_id(),
    belongs_to("item"),
    text("target"),
    text("form"),  # id, url, key
    text("origin"),  # native, url, key, config
    maybe("meaning"),  # a link's type, or twin
    no("inward"),
    Index(None, "item_id"),
    Index(None, "target"),
)

link = Table(
    "link",  # facts
    metadata,
    integer("from_id", key=True),
    integer("to_id", key=True),
    text("type", key=True),
    text("origin"),  # native, url, key, config, scope: the other names all of its scope
    Index(None, "to_id"),
    sqlite_with_rowid=False,
)

link_suggestion = Table(
    "link_suggestion",  # facts
    metadata,
    integer("from_id", key=True),
    integer("to_id", key=True),
    text("type", key=True),
    integer("score", required=True),
)

sprint = Table(
    "sprint",
    metadata,
    own_id(),
    text("connection"),
    text("remote_id"),
    text("name"),
    text("board", ""),
    text("state", "future"),
    integer("team_id"),  # facts
    maybe("start_on"),
    integer("start_day"),
    maybe("end_on"),
    integer("end_day"),
    integer("closed_day"),
    maybe("goal"),
    integer("scope_id"),
    no("is_derived"),
    yes("is_known"),  # false: an item names it, the tool has not described it yet
    Index(None, "connection", "remote_id", unique=True),
)

item_sprint = Table(
    "item_sprint",
    metadata,
    belongs_to("item", key=True),
    integer("sprint_id", key=True, index=True),
    yes("is_current"),
    integer("added_day"),
    integer("removed_day"),
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    own_id(),
    belongs_to("item"),
    text("field"),
    maybe("old"),
    maybe("new"),
    text("at"),
    integer("day", required=True),
    integer("account_id"),
    Index(None, "item_id", "field"),
)

snapshot = Table(
    "snapshot",
    metadata,
    own_id(),
    text("of"),  # sprint, milestone
    integer("of_id", required=True),
    text("event"),  # start, close
    integer("taken_day", required=True),
    no("rebuilt"),
    maybe("start_on"),  # as it was planned then
    maybe("due_on"),
    Index(None, "of", "of_id", "event", unique=True),
)

snapshot_item = Table(
    "snapshot_item",
    metadata,
    belongs_to("snapshot", key=True),
    belongs_to("item", key=True),
    number("points"),
    integer("minutes"),
    maybe("status"),
    maybe("due_on"),
    Index(None, "item_id"),
)

metric = Table(
    "metric",
    metadata,
    own_id(),
    integer("feature_id", index=True),
    text("name"),
    number("target"),
    maybe("direction"),
)

reading = Table(
    "reading",
    metadata,
    belongs_to("metric", key=True),
    integer("day", key=True),
    Column("value", Double, nullable=False),
    no("provisional"),
)
