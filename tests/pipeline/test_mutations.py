"""The clean company has no finding; each thing that goes wrong in it adds exactly its own, and undone resolves them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from syncbot import rules
from syncbot.sandbox.mutations import MUTATIONS, TOGETHER
from syncbot.sandbox.server import NOW, Sandbox
from syncbot.store import Store
from tests.company import Company


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    clean = Company(sandbox, store_url, tmp_path)
    assert clean.run(apply=None).found == set()
    return clean


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation_alone_adds_exactly_its_own_findings_and_undone_resolves_them(
    company: Company, name: str
) -> None:
    mutation = MUTATIONS[name]
    company.sandbox.apply(name)
    expected = mutation.refs(company.sandbox.world)
    for _ in range(mutation.looks - 1):
        assert company.later(hours=mutation.hours, minutes=20).run(apply=None).found == set()
    assert company.later(hours=mutation.hours, minutes=20).run(apply=None).found == expected
    company.sandbox.undo(name)
    after = company.later(minutes=20).run(apply=None)
    assert after.found == set()
    assert after.resolved == expected


def test_all_mutations_together_add_exactly_their_union_and_undone_leave_nothing(company: Company) -> None:
    company.sandbox.apply(*TOGETHER)
    expected = set().union(*(MUTATIONS[name].refs(company.sandbox.world) for name in TOGETHER))
    assert len(expected) > len({rule for rule, _ in expected})
    assert company.later(minutes=20).run(apply=None).found == expected
    company.sandbox.undo()
    after = company.later(minutes=20).run(apply=None)
    assert after.found == set()
    assert after.resolved == expected


@pytest.mark.parametrize("days", range(7))
def test_the_company_is_clean_on_every_weekday_also_by_what_its_last_sprints_completed(
    tmp_path: Path, days: int
) -> None:
    later = NOW + dt.timedelta(days=days)
    with Sandbox(now=later) as company:
        store = f"sqlite:///{tmp_path / 'syncbot.db'}"
        without_capacity = ("capacity = { points = 40 }\n", "")
        run = Company(company, store, tmp_path, edit=without_capacity).run(apply=None)
        assert run.found == set()
        assert run.verdict.cannot_tell == ()
        with Store.open(store) as opened, opened.reading() as db:
            query = "select distinct capacity_from from sprint_load where unknown is null"
            assert [row[0] for row in db.exec_driver_sql(query)] == ["history"]


def test_every_rule_has_a_mutation(company: Company) -> None:
    assert {rule for one in MUTATIONS.values() for rule, _ in one.expected} == set(rules.load().rules)
    assert company.config.reports
