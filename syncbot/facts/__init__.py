"""Facts: what SQL says badly, as tables that rules join (see the views and fact tables of the store).

`build` fills them from what was read and what the config says, then `weigh` says of the rules' needs how far they are
met. Both are called in one transaction after every pull or change of the config, and write only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from syncbot.facts import calendar, dependencies, effort, features, involved, links, load, snapshots, tree, trust, weeks
from syncbot.facts import people as people_
from syncbot.facts import teams as teams_
from syncbot.facts.rows import look
from syncbot.facts.trust import weigh
from syncbot.model import GoalSetting, KnownPerson, Team

__all__ = ["build", "weigh"]

MANY = 1000  # changed items after which PostgreSQL looks at its tables again


def build(
    db: Connection,
    *,
    people: Sequence[KnownPerson],
    teams: Sequence[Team],
    goals: Sequence[GoalSetting],
    mapped: Mapping[tuple[str, str], frozenset[str]],
    promises: Mapping[str, int],
    keep_changes: int,
    now: datetime,
    today: date,
) -> None:
    """Fill every table of facts.

    ``mapped``: our fields that have a field of the tool, by connection and remote id of the scope. ``promises``: by
    connection, how many minutes old its last complete read may be. ``keep_changes``: how many
    minutes changes are kept. ``today``: the date in the config's time zone.
    """
    _look(db)
    people_.build(db, people)
    known = teams_.build(db, teams, today)
    links.build(db)
    changes = tree.build(db, {sprint.id: team for sprint, team in teams_.of_board(db, known).items() if team})
    if changes > MANY:
        # PostgreSQL's planner would go on believing that no item has a group, and take seconds where milliseconds do.
        look(db, "item")
    teams_.people(db, known, today)
    keyed = [it.team for it in known]
    load.dates(db, keyed, today)
    counted = effort.build(db)
    features.goals(db, goals)
    features.build(db)
    involved.build(db)
    regions = calendar.build(db, today)
    load.build(db, counted, people, keyed, regions)
    snapshots.build(db, counted, today, today - timedelta(minutes=keep_changes))
    trust.build(db, mapped, promises, now, today)
    weeks.build(db, counted, people, regions, today)
    dependencies.build(db)
    tree.end(db)
    if changes > MANY:
        look(db, "feature", "twins", "effort", "link", "assignee")


def _look(db: Connection) -> None:
    """Let PostgreSQL look at its tables if it still takes them for small, as after a first pull: minutes, else."""
    if db.dialect.name == "postgresql":
        believed = db.scalar(text("select reltuples from pg_class where oid = 'item'::regclass"))
        there = db.scalar(text("select count(*) from item"))
        if there > MANY and there > 2 * believed:
            db.execute(text("analyze"))
