"""The tables behind the views: what was read, what it means, what was found and what was written.

Names: a table is singular (``item``) and a view in front of it plural (``items``, see `syncbot.store.views`); tables of
facts carry the names that rules know. ``connection`` is always a connection's name; ``..._id`` always one of our own
integers, ``remote_id`` always the tool's; ``..._at`` an instant, ``..._on`` a date, ``..._day`` days since 1970-01-01.
*Facts* below are filled in by `syncbot.facts` after every pull, everything else while reading.

A record and its item share one id, so that a record which a mapping ignored keeps its number when it no longer does.
Derived items (a goal from a label) take their ids from the same numbers and have no record.
"""

from syncbot.store.schema.columns import metadata, whole
from syncbot.store.schema.facts import (
    calendar,
    dependencies,
    effort,
    feature,
    feature_functions,
    feature_people,
    feature_sprints,
    flow,
    forecast,
    goal,
    person_weeks,
    scope_usual,
    sprint_load,
    trust,
)
from syncbot.store.schema.people import account, person, team, team_board, team_person, team_word
from syncbot.store.schema.reading import (
    connection,
    container,
    entry,
    name,
    past,
    quarantine,
    record,
    run,
    scope,
    state,
    touched,
    unmapped,
)
from syncbot.store.schema.reporting import answer, author, edition, finding, finding_event, outbox, target, waiver
from syncbot.store.schema.work import (
    assignee,
    change,
    item,
    item_sprint,
    link,
    link_suggestion,
    membership,
    metric,
    reading,
    reference,
    snapshot,
    snapshot_item,
    sprint,
)

REVISION = "0001"  # the newest migration: a store that has it opens without loading Alembic

__all__ = [
    "REVISION",
    "account",
    "answer",
    "assignee",
    "author",
    "calendar",
    "change",
    "connection",
    "container",
    "dependencies",
    "edition",
    "effort",
    "entry",
    "feature",
    "feature_functions",
    "feature_people",
    "feature_sprints",
    "finding",
    "finding_event",
    "flow",
    "forecast",
    "goal",
    "item",
    "item_sprint",
    "link",
    "link_suggestion",
    "membership",
    "metadata",
    "metric",
    "name",
    "outbox",
    "past",
    "person",
    "person_weeks",
    "quarantine",
    "reading",
    "record",
    "reference",
    "run",
    "scope",
    "scope_usual",
    "snapshot",
    "snapshot_item",
    "sprint",
    "sprint_load",
    "state",
    "target",
    "team",
    "team_board",
    "team_person",
    "team_word",
    "touched",
    "trust",
    "unmapped",
    "waiver",
    "whole",
]
