"""The tables behind the views: what was read, what it means, what was found and what was written.

Names: a table is singular (``item``) and a view in front of it plural (``items``, see `syncbot.store.views`); tables of
facts carry the names that rules know. ``connection`` is always a connection's name; ``..._id`` always one of our own
integers, ``remote_id`` always the tool's; ``..._at`` an instant, ``..._on`` a date, ``..._day`` days since 1970-01-01.
*Facts* below are filled in by `syncbot.facts` after every pull, everything else while reading.

A record and its item share one id, so that a record which a mapping ignored keeps its number when it no longer does.
Derived items (a goal from a label) take their ids from the same numbers and have no record.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
    true,
)

REVISION = "0001"  # the newest migration: a store that has it opens without loading Alembic

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})

# Sorted by code point on both engines, whatever the locale of the server.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite numbers rows only in a column of exactly this type; PostgreSQL's INTEGER ends at 2**31.
INTEGER = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", INTEGER, primary_key=True)


def _to(table: str, name: str | None = None, *, key: bool = False) -> Column[int]:
    """A row that goes with another one: deleted together with it."""
    there = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name or f"{table}_id", INTEGER, there, primary_key=key, autoincrement=False, nullable=False)


def _text(name: str, default: str | None = None, *, key: bool = False, required: bool = True) -> Column[str]:
    return Column(name, TEXT, primary_key=key, nullable=not (key or required), server_default=default)


def _maybe(name: str) -> Column[str]:
    return _text(name, required=False)


def _int(name: str, *, key: bool = False, required: bool = False, index: bool = False) -> Column[int]:
    nullable = not (key or required)
    return Column(name, INTEGER, primary_key=key, autoincrement=False, nullable=nullable, index=index)


def _count(name: str) -> Column[int]:
    return Column(name, INTEGER, nullable=False, server_default="0")


def _number(name: str) -> Column[float]:
    return Column(name, Double)


def _yes(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true())


def _no(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _fact(column: Column[Any]) -> Column[Any]:
    """A column of `item` that reading leaves alone."""
    column.info["facts"] = True
    return column


def _filled(name: str) -> Index:
    """An index of the rows that have a value: it costs nothing until facts gives them one."""
    there = text(f"{name} is not null")
    return Index(None, name, sqlite_where=there, postgresql_where=there)


def _unknown(name: str) -> Column[bool]:
    return Column(name, Boolean)


# What is read, and how far --------------------------------------------------------------------------------------------

connection = Table(
    "connection",
    metadata,
    _text("name", key=True),
    _text("tool"),
    _maybe("side"),
    Column("promise_minutes", INTEGER, nullable=False, server_default="1440"),
    _yes("is_configured"),
)

scope = Table(
    "scope",
    metadata,
    _id(),
    _text("connection"),
    _text("remote_id"),
    _text("key"),
    _text("name"),
    _text("url", ""),
    _maybe("side"),
    _int("team_id"),  # facts
    _no("public"),
    _yes("is_configured"),  # false: no longer read; its items are gone until it is again
    _maybe("read_at"),  # the last attempt
    _maybe("complete_at"),  # when everything in it was last known to be stored
    _int("complete_day"),
    _no("is_complete"),  # facts: complete_at is within the connection's promise
    _maybe("error"),  # of the last attempt, in words
    _maybe("cursor"),
    Index(None, "connection", "remote_id", unique=True),
)

record = Table(
    "record",
    metadata,
    _int("id", key=True),
    _text("connection"),
    _text("remote_id"),
    _int("home_scope_id", required=True, index=True),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),  # see syncbot.store.records
    _text("seen", "here"),  # here, missing (in one census), gone
    _text("read_at"),
    Index(None, "connection", "remote_id", unique=True),
)

state = Table(
    "state",  # what is worth keeping between runs: probes, vocabularies
    metadata,
    _text("connection", key=True),
    _text("key", key=True),
    Column("body", LargeBinary, nullable=False),
    _text("at"),
)

name = Table(
    "name",  # what a name in a mapping was resolved to, once
    metadata,
    _text("connection", key=True),
    _text("facet", key=True),
    _text("scope", key=True),  # remote id; "" for all of the connection
    _text("name_key", key=True),
    _text("id"),
)

unmapped = Table(
    "unmapped",  # words and values that the mapping does not know, by the record that carries them
    metadata,
    _to("record", key=True),
    _text("facet", key=True),
    _text("word", key=True),
    _text("scope"),
    _text("example"),
)

quarantine = Table(
    "quarantine",  # records that could not be stored or mapped, so that one of them cannot stop the others
    metadata,
    _text("connection", key=True),
    _text("remote_id", key=True),
    _text("scope"),
    _text("reason"),
    _text("at"),
)

container = Table(
    "container",
    metadata,
    _text("connection", key=True),
    _text("remote_id", key=True),
    _text("scope"),
    _text("type"),  # version, list, section
    _text("name"),
    _no("closed"),
    _maybe("start_on"),
    _maybe("due_on"),
    _maybe("done_on"),
)

run = Table(
    "run",
    metadata,
    _id(),
    _text("command"),
    _text("started_at"),
    _maybe("ended_at"),
    _maybe("outcome"),
    _maybe("error"),
)

# Work -----------------------------------------------------------------------------------------------------------------

item = Table(
    "item",
    metadata,
    _int("id", key=True),
    _text("connection"),
    _text("remote_id"),
    _text("ref"),
    _text("url", ""),
    _text("kind"),
    _text("side"),
    _text("title"),
    _text("title_key"),
    _text("status"),
    _text("word", ""),
    _yes("is_open"),
    _no("is_flagged"),
    _no("is_restricted"),
    _no("is_archived"),
    _unknown("committed"),  # what the mapping says; null: is_committed follows from the status, date and twins
    _int("priority"),
    _int("owner_account_id"),
    _maybe("function"),
    _maybe("requires"),  # functions, sorted, with a comma between
    _number("points"),
    _int("minutes"),
    _int("left_minutes"),
    _int("spent_minutes"),
    _maybe("start_on"),
    _int("start_day"),
    _maybe("due_on"),
    _int("due_day"),
    _int("created_day"),
    _int("changed_day", required=True),
    _int("started_day"),
    _int("done_day"),
    _int("description_words"),
    _unknown("has_reason"),
    _int("home_scope_id", required=True, index=True),
    _maybe("section"),
    _text("seen", "here"),  # as in record
    _maybe("derived_from"),
    _fact(_no("is_committed")),
    _fact(_int("owner_id")),
    _fact(_int("team_id")),
    _fact(_int("parent_id")),
    _fact(_int("group_id")),
    _fact(_int("feature_id")),
    _fact(_int("goal_id")),
    Index(None, "connection", "remote_id", unique=True),
    Index(None, "kind", "is_open"),
    _filled("parent_id"),
    _filled("group_id"),
    _filled("feature_id"),
    _filled("goal_id"),
)

membership = Table(
    "membership",
    metadata,
    _to("item", key=True),
    _int("scope_id", key=True),
    _maybe("section"),
    _number("position"),
    _no("is_home"),
    sqlite_with_rowid=False,
)

assignee = Table(
    "assignee",
    metadata,
    _to("item", key=True),
    _int("account_id", key=True),
    _text("role", key=True),  # owner, assignee, member
    Column("share", Double, nullable=False),
    _int("person_id"),  # facts
    _filled("person_id"),
    sqlite_with_rowid=False,
)

reference = Table(
    "reference",  # as mapped; facts makes links of those whose target was read
    metadata,
    _id(),
    _to("item"),
    _text("target"),
    _text("form"),  # id, url, key
    _text("origin"),  # native, url, key, config
    _maybe("meaning"),  # a link's type, or twin
    _no("inward"),
    Index(None, "item_id"),
    Index(None, "target"),
)

link = Table(
    "link",  # facts
    metadata,
    _int("from_id", key=True),
    _int("to_id", key=True),
    _text("type", key=True),
    _text("origin"),
    Index(None, "to_id"),
    sqlite_with_rowid=False,
)

link_suggestion = Table(
    "link_suggestion",  # facts
    metadata,
    _int("from_id", key=True),
    _int("to_id", key=True),
    _text("type", key=True),
    _int("score", required=True),
)

sprint = Table(
    "sprint",
    metadata,
    _id(),
    _text("connection"),
    _text("remote_id"),
    _text("name"),
    _text("board", ""),
    _text("state", "future"),
    _int("team_id"),  # facts
    _maybe("start_on"),
    _int("start_day"),
    _maybe("end_on"),
    _int("end_day"),
    _int("closed_day"),
    _maybe("goal"),
    _int("scope_id"),
    _no("is_derived"),
    _yes("is_known"),  # false: an item names it, the tool has not described it yet
    Index(None, "connection", "remote_id", unique=True),
)

item_sprint = Table(
    "item_sprint",
    metadata,
    _to("item", key=True),
    _int("sprint_id", key=True, index=True),
    _yes("is_current"),
    _int("added_day"),
    _int("removed_day"),
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    _id(),
    _to("item"),
    _text("field"),
    _maybe("old"),
    _maybe("new"),
    _text("at"),
    _int("day", required=True),
    _int("account_id"),
    Index(None, "item_id", "field"),
)

snapshot = Table(
    "snapshot",
    metadata,
    _id(),
    _text("of"),  # sprint, milestone
    _int("of_id", required=True, index=True),
    _text("event"),  # start, close
    _int("taken_day", required=True),
    _no("rebuilt"),
)

snapshot_item = Table(
    "snapshot_item",
    metadata,
    _to("snapshot", key=True),
    _int("item_id", key=True),
    _number("points"),
    _int("minutes"),
    _maybe("status"),
)

metric = Table(
    "metric",
    metadata,
    _id(),
    _int("feature_id", index=True),
    _text("name"),
    _number("target"),
    _maybe("direction"),
)

reading = Table(
    "reading",
    metadata,
    _to("metric", key=True),
    _int("day", key=True),
    Column("value", Double, nullable=False),
    _no("provisional"),
)

# People ---------------------------------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    _id(),
    _text("connection"),
    _text("remote_id"),
    _text("name", ""),
    _maybe("handle"),
    _maybe("email_key"),
    _unknown("active"),
    _no("is_bot"),
    _maybe("timezone"),
    _int("person_id", index=True),  # facts
    _maybe("matched_by"),  # facts
    Index(None, "connection", "remote_id", unique=True),
)

person = Table(
    "person",  # facts; the id of a key never changes
    metadata,
    _id(),
    _text("key"),
    _text("name"),
    _unknown("active"),
    _no("is_bot"),
    _int("weekly_minutes"),
    _maybe("region"),
    _maybe("timezone"),
    _maybe("roles"),  # sorted, with a comma between
    Index(None, "key", unique=True),
)

team = Table(
    "team",  # facts
    metadata,
    _id(),
    _text("key"),
    _text("name"),
    _int("lead_id"),
    Index(None, "key", unique=True),
)

team_person = Table(
    "team_person",  # facts
    metadata,
    _int("team_id", key=True),
    _int("person_id", key=True, index=True),
    Column("share", Double, nullable=False, server_default="1"),
)

team_board = Table(
    "team_board",  # facts
    metadata,
    _int("team_id", key=True),
    _text("board", key=True),  # connection/name
)

# Facts ----------------------------------------------------------------------------------------------------------------

feature = Table(
    "feature",  # what one twin group adds up to, by the id of its head
    metadata,
    _int("id", key=True),
    _int("group_id", required=True),
    _no("is_committed"),
    _no("is_waiting"),
    _int("lead_id"),
    _int("goal_id", index=True),
    _maybe("due_on"),
    _int("due_day"),
    _int("done_day"),
    _count("work_open"),
    _count("work_doing"),
    _count("work_done"),
    _int("effort_minutes"),
    _number("effort_points"),
)

goal = Table(
    "goal",  # what the config says of a goal
    metadata,
    _int("id", key=True),
    _int("share"),
    _maybe("state"),
)

trust = Table(
    "trust",
    metadata,
    _int("scope_id", key=True),
    _text("kind", key=True),
    _text("field", key=True),
    _no("mapped"),
    _int("filled_percent"),  # null: there is nothing that could be filled
    _no("fresh"),
    _no("complete"),
    _maybe("reason"),
)

effort = Table("effort", metadata, _int("item_id", key=True), _number("points"), _int("minutes"), _maybe("unknown"))

sprint_load = Table(
    "sprint_load",
    metadata,
    _int("sprint_id", key=True),
    _text("unit", key=True),  # points, minutes
    _number("planned"),
    _count("unestimated"),
    _number("capacity"),
    _maybe("capacity_from"),  # config, people, history
    _int("percent"),
    _maybe("unknown"),
)

person_weeks = Table(
    "person_weeks",
    metadata,
    _int("person_id", key=True),
    _text("week_on", key=True),
    _int("week_day", required=True),
    _int("planned_minutes"),
    _int("capacity_minutes"),
    _maybe("capacity_from"),
    _maybe("sources"),
    _maybe("unknown"),
)

feature_people = Table(
    "feature_people",
    metadata,
    _int("feature_id", key=True),
    _int("person_id", key=True),
    _count("doing"),
    _count("open"),
)

dependencies = Table(
    "dependencies",
    metadata,
    _int("root_id", key=True),
    _int("item_id", key=True),
    _int("next_id"),
    _int("depth", required=True),
    _int("cycle_id"),
    Index(None, "item_id"),
)

flow = Table(
    "flow",
    metadata,
    _int("item_id", key=True),
    _int("cycle_days"),
    _int("age_days"),
    _count("moved_back"),
    _count("slips"),
    _count("carried"),
)

forecast = Table(
    "forecast",
    metadata,
    _int("milestone_id", key=True),
    _int("chance"),
    _int("p50_day"),
    _int("p85_day"),
    _int("p95_day"),
)

scope_usual = Table("scope_usual", metadata, _int("scope_id", key=True), _int("p85_days"))

calendar = Table(
    "calendar",
    metadata,
    _text("region", key=True),
    _int("day", key=True),
    _text("on_date"),
    _int("workday", required=True),  # a running number: the difference of two days' is the working days between them
)

# Findings -------------------------------------------------------------------------------------------------------------

finding = Table(
    "finding",
    metadata,
    _text("fingerprint", key=True),
    _text("rule"),
    _text("view"),
    _int("subject", required=True),  # our id in that view
    _text("connection"),
    _text("scope"),  # remote id
    _text("side"),
    _int("person_id"),
    _text("severity"),
    _text("state"),  # see syncbot.model.FindingState
    _int("first_day", required=True),
    _int("last_day", required=True),  # the last day on which the rule found it
    _int("checked_day", required=True),  # the last day on which the rule could tell
    _int("first_edition", required=True),
    _int("edition", required=True),  # of its state
    Column("body", LargeBinary, nullable=False),
    Index(None, "rule", "state"),
)

finding_event = Table(
    "finding_event",
    metadata,
    _id(),
    Column("fingerprint", TEXT, ForeignKey("finding.fingerprint", ondelete="CASCADE"), nullable=False),
    _int("day", required=True),
    _text("event"),  # new, resolved, reopened, waived, unwaived
    _int("edition", required=True),
    Index(None, "fingerprint", "day"),
)

edition = Table("edition", metadata, _id(), _text("started_on"))

waiver = Table(
    "waiver",
    metadata,
    _text("rule", key=True),
    _text("subject", key=True),
    _text("until"),
    _text("reason"),
    _maybe("by"),
)

# What is written ------------------------------------------------------------------------------------------------------

target = Table(
    "target",
    metadata,
    _id(),
    _text("key"),
    _text("connection"),
    _text("scope"),  # remote id
    _text("title"),
    _maybe("remote_id"),
    _maybe("ref"),
    _maybe("url"),
    _maybe("body_hash"),
    Column("body", LargeBinary),
    _int("edition"),
    _maybe("written_at"),
    _maybe("muted_at"),
    Index(None, "key", unique=True),
)

author = Table("author", metadata, _text("connection", key=True), _text("account", key=True))

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _to("target"),
    _text("state"),  # planned, sending, settled, failed
    Column("body", LargeBinary, nullable=False),
    _text("body_hash"),
    _text("created_at"),
    _maybe("sent_at"),
    _maybe("settled_at"),
    _maybe("outcome"),
    _maybe("error"),
    _maybe("lease_owner"),
    _maybe("lease_until"),
    Index(None, "target_id", "state"),
)
