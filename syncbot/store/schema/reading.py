"""What is read and how far, and what is remembered between runs."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from syncbot.store.schema.columns import INTEGER, belongs_to, integer, maybe, metadata, no, own_id, text, yes

connection = Table(
    "connection",
    metadata,
    text("name", key=True),
    text("tool"),
    maybe("side"),
    Column("promise_minutes", INTEGER, nullable=False, server_default="1440"),
    yes("is_configured"),
    integer("history_day"),  # from which on changes are kept; null: of no day
)

scope = Table(
    "scope",
    metadata,
    own_id(),
    text("connection"),
    text("remote_id"),
    text("key"),
    text("name"),
    text("url", ""),
    maybe("side"),
    integer("team_id"),  # facts
    no("public"),
    yes("is_configured"),  # false: no longer read; its items are gone until it is again
    maybe("read_at"),  # the last attempt
    maybe("complete_at"),  # when everything in it was last known to be stored
    integer("complete_day"),
    no("is_lacking"),  # the mapping wants a field that was not asked for when it was read completely
    no("is_complete"),  # facts: complete_at is within the connection's promise, and nothing is lacking
    maybe("error"),  # of the last attempt, in words
    maybe("cursor"),
    Index(None, "connection", "remote_id", unique=True),
)

record = Table(
    "record",
    metadata,
    integer("id", key=True),
    text("connection"),
    text("remote_id"),
    integer("home_scope_id", required=True, index=True),
    Column("hash", LargeBinary, nullable=False),
    Column("said", LargeBinary),  # by which it is known again before it is made; see syncbot.store.rows
    Column("body", LargeBinary, nullable=False),  # see syncbot.store.records
    text("seen", "here"),  # here, missing (in one census), gone
    text("fate", ""),  # of what is not here: moved, hidden, deleted, gone, as the tool told when it was asked
    text("read_at"),
    integer("gone_day"),  # since when pruning knows that it is gone
    Index(None, "connection", "remote_id", unique=True),
)

entry = Table(
    "entry",  # what tools tell of the history of records, see syncbot.store.past
    metadata,
    belongs_to("record", key=True),
    text("remote_id", key=True),
    text("at"),
    text("field"),
    maybe("old_id"),
    maybe("old"),
    maybe("new_id"),
    maybe("new"),
    maybe("account"),
    Index(None, "at"),
)

past = Table(
    "past",  # the records whose history was read, with their hash at that time
    metadata,
    belongs_to("record", key=True),
    Column("hash", LargeBinary, nullable=False),
    no("is_unsure"),  # not all of it could be understood
)

state = Table(
    "state",  # what is worth keeping between runs: probes, vocabularies
    metadata,
    text("connection", key=True),
    text("key", key=True),
    Column("body", LargeBinary, nullable=False),
    text("at"),
)

touched = Table(
    "touched",  # how often what checks stand on was changed, see syncbot.store.inputs
    metadata,
    text("connection", key=True),
    integer("times", required=True),
)

name = Table(
    "name",  # what a name in a mapping was resolved to, once
    metadata,
    text("connection", key=True),
    text("facet", key=True),
    text("scope", key=True),  # remote id; "" for all of the connection
    text("name_key", key=True),
    text("id"),
)

unmapped = Table(
    "unmapped",  # words and values that the mapping does not know, by the record that carries them
    metadata,
    belongs_to("record", key=True),
    text("facet", key=True),
    text("word", key=True),
    text("scope"),
    text("example"),
)

quarantine = Table(
    "quarantine",  # records that could not be stored or mapped, so that one of them cannot stop the others
    metadata,
    text("connection", key=True),
    text("remote_id", key=True),
    text("scope"),
    text("reason"),
    text("at"),  # the last attempt
    text("since"),
)

container = Table(
    "container",
    metadata,
    text("connection", key=True),
    text("remote_id", key=True),
    text("scope"),
    text("type"),  # version, list, section
    text("name"),
    no("closed"),
    maybe("start_on"),
    maybe("due_on"),
    maybe("done_on"),
)

run = Table(
    "run",
    metadata,
    own_id(),
    text("command"),
    text("started_at"),
    maybe("ended_at"),
    maybe("outcome"),  # done, failed (a tool, or the store), stopped
    maybe("error"),
    maybe("doing"),  # the step that was begun last
    Column("steps", LargeBinary),  # see syncbot.store.runs
)
