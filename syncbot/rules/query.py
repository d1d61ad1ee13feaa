"""Asks the database what a rule asks, and with each row what a finding must know of its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.exc import DBAPIError

from syncbot.errors import Mistake
from syncbot.model import Scalar
from syncbot.rules.catalogue import SHIPPED, Catalogue
from syncbot.rules.lint import KEYWORDS, fits
from syncbot.rules.rule import Rule
from syncbot.rules.sql import bindable, tokens
from syncbot.rules.subjects import SUBJECTS, blind, person

RECENT_DAYS = 90
"""Rules look at open items and at those closed within this time."""

_EPOCH = date(1970, 1, 1)


def prepare(db: Connection, catalogue: Catalogue) -> list[Mistake]:
    """What a database refuses of the rules, and where a rule's columns do not fit its header; runs none of them."""
    mistakes = []
    for rule in catalogue.rules.values():
        try:
            with db.begin_nested():
                found = _columns(db, rule)
        except DBAPIError as error:
            mistakes.append(Mistake(rule.file, _line(rule, error), "", f"the database refuses it: {said(error)}."))
        else:
            mistakes += fits(rule, found)
    return mistakes


def fitting(db: Connection, catalogue: Catalogue) -> Catalogue:
    """The rules that this database takes; what is wrong with the admin's others is told. Those that ship are tested."""
    own = {rule.id: rule for rule in catalogue.rules.values() if not rule.file.is_relative_to(SHIPPED)}
    wrong = prepare(db, Catalogue(own)) if own else []
    refused = {mistake.file for mistake in wrong}
    taken = {rule.id: rule for rule in catalogue.rules.values() if rule.file not in refused}
    return Catalogue(taken, (*catalogue.mistakes, *wrong))


def rows(db: Connection, rule: Rule, params: Mapping[str, Scalar], today: date) -> Iterator[RowMapping]:
    """The rows of a rule's query with the rule's own columns, and ours: ``_...`` of the subject, ``_o_...`` of the
    other item, ``_person`` who can act, ``_blind`` why the row cannot tell.
    """
    columns = _columns(db, rule)
    who = person(rule.about, rule.side)
    if "person" in columns:
        who = f"coalesce(q.person, {who})"
    other = "join item o on o.id = q.other" if "other" in columns else "join item o on o.id = -1"
    # What is gone is named only as what was lost.
    lost = "exists (select 1 from lost_twins l where l.item_id = q.subject and l.twin_id = q.other)"
    kept = f"where q.other is null or o.seen <> 'gone' or {lost}" if "other" in columns else ""
    # An inner join, or a condition on s, would let SQLite begin with all subjects: the rule's few rows come first.
    statement = f"""
        select q.*, {who} as _person, {blind(rule.about, rule.mapped, rule.complete)} as _blind,
            s.connection as _connection, s.scope_id as _scope_id,
            s.remote_id as _remote_id, s.ref as _ref, s.title as _title, s.url as _url,
            s.is_restricted as _is_restricted, o.id as _o_id, o.connection as _o_connection,
            o.home_scope_id as _o_scope_id, o.remote_id as _o_remote_id, o.ref as _o_ref, o.title as _o_title,
            o.url as _o_url, o.is_restricted as _o_is_restricted
        from (\n{bindable(rule.sql)}\n) q
        left join ({SUBJECTS[rule.about]}) s on s.id = q.subject
        left {other}
        {kept}"""
    for row in db.execute(text(statement), _bound(rule, params, today)).mappings():
        if row["_remote_id"] is not None:
            yield row


def subjects(db: Connection, rule: Rule, today: date) -> dict[int | None, int]:
    """How many subjects a rule has in each scope."""
    query = f"select s.scope_id, count(*) as n from ({SUBJECTS[rule.about]}) s where s.counts group by s.scope_id"
    return {row.scope_id: row.n for row in db.execute(text(query), clock(today))}


def clock(today: date) -> dict[str, Scalar]:
    """What ``:today`` and ``:recent`` stand for in a query: day numbers."""
    day = (today - _EPOCH).days
    return {"today": day, "recent": day - RECENT_DAYS}


def said(error: DBAPIError) -> str:
    """The first line of what the database says against a query."""
    return str(error.orig).strip().split("\n")[0].rstrip(".")


def _line(rule: Rule, error: DBAPIError) -> int:
    """Where in its file a rule says what the database complains of; else where its query begins."""
    told = set(re.findall(r"\w+", said(error).lower()))
    words = [token for token in tokens(rule.sql, rule.line) if token.kind == "word" and token.text in told - KEYWORDS]
    return max(words, key=lambda token: len(token.text)).line if words else rule.line


def _columns(db: Connection, rule: Rule) -> tuple[str, ...]:
    query = f"select * from (\n{bindable(rule.sql)}\n) q where 1 = 0"
    defaults = {param.name: param.value for param in rule.params}
    return tuple(db.execute(text(query), _bound(rule, defaults, _EPOCH)).keys())


def _bound(rule: Rule, params: Mapping[str, Scalar], today: date) -> dict[str, Scalar]:
    return clock(today) | {param.name: param.bound(params[param.name], today) for param in rule.params}
