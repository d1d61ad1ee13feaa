"""What the rules found, and what was written about it into the tools."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from syncbot.store.schema.columns import TEXT, belongs_to, integer, maybe, metadata, no, own_id, text

finding = Table(
    "finding",
    metadata,
    text("fingerprint", key=True),
    text("rule"),
    text("view"),
    integer("subject", required=True),  # our id in that view
    text("connection"),
    text("scope"),  # remote id
    text("side"),
    integer("person_id"),
    text("severity"),
    text("state"),  # see syncbot.store.history.State
    integer("first_day", required=True),
    integer("last_day", required=True),  # the last day on which the rule found it
    integer("checked_day", required=True),  # the last day on which the rule could tell
    integer("first_edition", required=True),
    integer("edition", required=True),  # of its state
    no("in_baseline"),
    no("is_confirmed"),  # its subject was read again before it was first written
    Column("body", LargeBinary, nullable=False),
    Index(None, "rule", "state"),
)

# How each finding stood from then on, whenever that changed: what a report of an earlier day is made from.
finding_event = Table(
    "finding_event",
    metadata,
    own_id(),
    Column("fingerprint", TEXT, ForeignKey("finding.fingerprint", ondelete="CASCADE"), nullable=False),
    integer("day", required=True),
    text("event"),  # see syncbot.store.history.Event
    integer("edition", required=True),
    integer("first_day", required=True),
    integer("first_edition", required=True),
    integer("last_day", required=True),
    Column("body", LargeBinary),  # where it differs from the one before
    Index(None, "fingerprint", "day"),
)

edition = Table("edition", metadata, own_id(), text("started_on"))

waiver = Table(
    "waiver",
    metadata,
    text("rule", key=True),
    text("subject", key=True),
    text("origin", key=True),  # config, command, answer
    text("until"),
    text("reason"),
    maybe("by"),
    maybe("made_on"),
)


answer = Table(
    "answer",  # what people asked of us in their tools; what else they say is not kept
    metadata,
    text("connection", key=True),
    text("remote_id", key=True),
    text("target"),  # the report's marker
    text("account"),  # remote id
    text("at"),
    text("said"),
    maybe("entry"),  # that was ticked or unticked
    no("ticked"),
    text("state", "open"),  # open (nobody is known for the account yet), taken, refused
    text("reply", ""),  # what was done, or why not
)


target = Table(
    "target",
    metadata,
    own_id(),
    text("key"),
    text("connection"),
    text("scope"),  # remote id
    text("title"),
    maybe("remote_id"),
    maybe("ref"),
    maybe("url"),
    maybe("body_hash"),
    maybe("written_at"),
    maybe("muted_at"),
    maybe("noticed"),  # how it stood in the tool when it was last read
    maybe("held"),  # why what it should say by now is not written yet
    no("is_left"),  # the config has no such report any more: it says for ever what it said last
    no("is_touched"),  # it stands otherwise than when we last looked at it: a person closed, moved or deleted it
    maybe("news_of"),  # the key of the report whose news of one edition it is
    Index(None, "key", unique=True),
    Index(None, "news_of"),
)

author = Table("author", metadata, text("connection", key=True), text("account", key=True))

outbox = Table(
    "outbox",
    metadata,
    own_id(),
    belongs_to("target"),
    text("state"),  # sending, settled, failed
    Column("body", LargeBinary, nullable=False),
    text("body_hash"),
    text("created_at"),
    maybe("sent_at"),
    maybe("settled_at"),
    maybe("outcome"),
    maybe("error"),
    maybe("lease_until"),
    Index(None, "target_id", "state"),
)
