"""People, their accounts and their teams."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Table

from syncbot.store.schema.columns import integer, maybe, metadata, no, own_id, text, unknown

account = Table(
    "account",
    metadata,
    own_id(),
    text("connection"),
    text("remote_id"),
    text("name", ""),
    maybe("handle"),
    maybe("email_key"),
    unknown("active"),
    no("is_bot"),
    maybe("timezone"),
    no("is_asked"),  # whether the tool was asked who it is, and answered
    integer("person_id", index=True),  # facts
    maybe("matched_by"),  # facts
    Index(None, "connection", "remote_id", unique=True),
)

person = Table(
    "person",  # facts; the id of a key never changes
    metadata,
    own_id(),
    text("key"),
    text("name"),
    unknown("active"),
    no("is_bot"),
    integer("weekly_minutes"),
    maybe("region"),
    maybe("timezone"),
    maybe("roles"),  # sorted, with a comma between
    Index(None, "key", unique=True),
)

team = Table(
    "team",  # facts
    metadata,
    own_id(),
    text("key"),
    text("name"),
    integer("lead_id"),
    Index(None, "key", unique=True),
)

team_word = Table(
    "team_word",  # facts: which team a value of a team field means
    metadata,
    text("connection", key=True),
    text("ref", key=True),
    integer("team_id", required=True),
    sqlite_with_rowid=False,
)

team_person = Table(
    "team_person",  # facts
    metadata,
    integer("team_id", key=True),
    integer("person_id", key=True, index=True),
    Column("share", Double, nullable=False, server_default="1"),
)

team_board = Table(
    "team_board",  # facts
    metadata,
    integer("team_id", key=True),
    text("board", key=True),  # connection/name
)
