"""Commands that ask the store say the same on both engines, and looking at an edit changes nothing on either."""

from __future__ import annotations

import re

import psycopg
import pytest

from syncbot import mapping
from tests.cli.conftest import Desk
from tests.stores import Server

QUESTIONS = (
    ("mapping", "check"),
    ("mapping", "preview"),
    ("mapping", "preview", "--file", "drafts/jira.toml"),
    ("mapping", "preview", "--file", "drafts/jira.toml", "--format", "json"),
    ("explain", "PAY-1"),
    ("explain", "Cut failed payments"),
)


def answers(desk: Desk) -> dict[tuple[str, ...], tuple[int, str, str]]:
    """What each question is answered, but for the instants of reading."""
    said = {}
    for question in QUESTIONS:
        answer = desk.run(*question)
        said[question] = (answer.code, re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+Z?)?", "T", answer.out), answer.err)
    return said


def rows(url: str) -> dict[str, int]:
    """The state of each table, as a checksum of its rows."""
    with psycopg.connect(url) as db:
        names = [name for (name,) in db.execute("select tablename from pg_tables where schemaname = 'public'")]
        checksum = "select coalesce(sum(hashtext(t::text)), 0) from {} t"
        return {name: db.execute(checksum.format(name).encode()).fetchall()[0][0] for name in names}


def test_both_engines_answer_alike(desk: Desk, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sandbox.apply("owner-leaves")
    (desk.folder / "drafts").mkdir()
    text = mapping.preset("jira").read_text(encoding="utf-8")
    edited = text.replace("[status]", '[status]\ndone = { status = "In Progress" }')
    (desk.folder / "drafts" / "jira.toml").write_text(edited, encoding="utf-8")
    assert desk.run("sync").code == 0
    embedded = answers(desk)
    assert {code for code, _, _ in embedded.values()} == {0}

    postgresql.empty()
    monkeypatch.setenv("SYNCBOT_STORE", postgresql.url)
    desk.edit("[syncbot]", '[syncbot]\nstore = "env:SYNCBOT_STORE"')
    assert desk.run("sync").code == 0
    assert answers(desk) == embedded
    before = rows(postgresql.url)
    assert desk.run(*QUESTIONS[2]).code == 0
    assert rows(postgresql.url) == before


def test_a_question_in_sql_cannot_write(desk: Desk, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    postgresql.empty()
    monkeypatch.setenv("SYNCBOT_STORE", postgresql.url)
    desk.edit("[syncbot]", '[syncbot]\nstore = "env:SYNCBOT_STORE"')
    assert desk.run("pull", "--connection", "roadmap", "-q").code == 0
    before = rows(postgresql.url)
    for query in (
        "delete from scope",
        "commit; begin read write; delete from scope; commit; select 1 as n",
        "select 1 as n; delete from scope",
        "with gone as (delete from scope returning id) select id from gone",
    ):
        said = desk.run("db", "sql", query)
        assert (said.code, said.out) == (2, ""), query
        assert "the store refuses this" in said.err
    assert rows(postgresql.url) == before
    assert desk.run("db", "sql", "--format", "csv", "select count(*) as n from scopes").code == 0
