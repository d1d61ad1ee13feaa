import re

import pytest

from syncbot import rules
from tests import worlds
from tests.rules import cases

CATALOGUE = rules.load()
CASES = [(rule, case) for rule in CATALOGUE.rules for case in cases.load(rule)]


def test_every_case_of_every_rule(store):
    cases.warm(store)
    wrong = []
    for rule, case in CASES:
        with cases.filled(store, case.world) as db:
            checked = cases.answer(db, CATALOGUE, rule, case.settings)
        wrong += [f"{rule}: {case.name}: {complaint}" for complaint in cases.compare(case, checked)]
        wrong += [
            f"{rule}: {name} is a date: reports write it as people do if it ends in _on" for name in _odd(checked)
        ]

    assert wrong == []


def _odd(checked):
    facts = {fact for finding in checked.findings for one in finding.evidence for fact in one.facts.items()}
    return {name for name, fact in facts if re.fullmatch(r"\d{4}-\d\d-\d\d", str(fact)) and not name.endswith("_on")}


@pytest.mark.parametrize("rule", CATALOGUE.rules)
def test_every_rule_has_cases_that_fire_stay_silent_and_cannot_tell(rule):
    found = cases.load(rule)

    assert any(case.finds for case in found)
    assert any(not case.finds and not case.cannot_tell for case in found)
    assert any(case.cannot_tell for case in found) or CATALOGUE.rules[rule].complete == "none"


def test_no_cases_without_a_rule():
    assert {file.stem for file in cases.FOLDER.glob("*.toml")} == set(CATALOGUE.rules)


def test_the_worlds_of_cases_name_only_what_is_there():
    for rule, case in CASES:
        refs = {item.ref for item in case.world.items}
        for item in case.world.items:
            pointed = {item.parent or item.ref, *item.twins, *item.blocks}
            read = {ref for ref in pointed if not ref.startswith("OPS-")}  # what no case reads
            assert read <= refs, (rule, case.name, item.ref)
        assert {name for item in case.world.items for name in (*item.sprints, *item.past)} <= {
            sprint.name for sprint in case.world.sprints
        }
        assert worlds.TODAY.isoweekday() == 1
