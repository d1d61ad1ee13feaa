"""Pictures show what findings say, the worst first, and never more than the facts hold."""

from __future__ import annotations

import msgspec
import pytest

from syncbot.model import Evidence, Linked, Person, Report
from syncbot.report import words
from syncbot.report.material import Chain, Load, Material, Stages, Waiting, Week
from syncbot.report.pictures import CHAINS, PEOPLE, SPRINTS, Knot, Pair, Pictures, Step, pictures
from tests.report.found import ADA, BO, PAY, RISK, SOURCES, TODAY, card, issue, sprint, stated, subject

# What findings of whatever rule say of what is drawn.
OVER = {"unit": "points", "planned": 47, "capacity": 40, "percent": 117}
TOO_MUCH = {"planned_minutes": 601, "capacity_minutes": 600}
DRIFT = {"status": "done", "other_status": "doing"}


def drawn(material: Material, *found, report: Report | None = None, linked: Linked | None = None) -> Pictures:
    return pictures(material, found, SOURCES, report, linked=linked)


def load(name: str, percent: int | None, **more) -> Load:
    return Load(sprint(name), "active", "points", 4, percent=percent, **more)


@pytest.mark.parametrize(
    ("percent", "found", "mark"),
    [(100, True, ""), (101, False, "above"), (101, True, "wrong"), (None, True, "wrong"), (None, False, "")],
)
def test_a_bar_is_red_only_where_a_finding_stands(percent, found, mark):
    findings = [stated("sprint-over-capacity", sprint("S"), facts=OVER)] if found else []
    assert drawn(Material(loads=(load("S", percent),)), *findings).sprints[0].mark == mark


def test_a_finding_of_another_rule_on_the_same_sprint_draws_nothing_red():
    finding = stated("sprint-over-capacity", sprint("S"), facts={"unit": "points", "off_percent": 90})
    assert drawn(Material(loads=(load("S", 120),)), finding).sprints[0].mark == "above"


@pytest.mark.parametrize("state", ["resolved", "waived"])
def test_what_no_longer_stands_is_not_red(state):
    finding = stated("sprint-over-capacity", sprint("S"), facts=OVER, state=state)
    assert drawn(Material(loads=(load("S", 120),)), finding).sprints[0].mark == "above"


def test_the_fullest_sprints_come_first_and_those_nobody_can_tell_last():
    loads = (load("A", None), load("B", 40), *(load(f"C{n}", 90) for n in range(SPRINTS)), load("D", 130))
    shown = drawn(Material(loads=loads))
    assert [bar.name.text for bar in shown.sprints] == ["D", *(f"C{n}" for n in range(SPRINTS - 1))]
    assert shown.sprints_left_out == 3


def test_a_load_is_told_in_its_own_unit_with_where_the_capacity_comes_from():
    one = Load(sprint("S"), "active", "minutes", 90, 1200, "2026-11-02", "2026-11-13", 600, "people", 15)
    (bar,) = drawn(Material(loads=(one,))).sprints
    assert (bar.load, bar.when) == ("1.5 h of 10 h", "2 Nov 2026 to 13 Nov 2026")
    assert bar.note == "capacity from people's hours, 1,200 more without an estimate"


def week(person: Person, on: str, planned: int | None, capacity: int | None = 600, **more) -> Week:
    return Week(person, on, planned, capacity, **more)


def test_a_persons_weeks_stand_in_their_places_and_empty_ones_are_empty():
    on = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14")
    weeks = (week(ADA, on[0], 601), week(ADA, on[1], 0), week(ADA, on[3], None, unknown="nothing is estimated"))
    (row,) = drawn(Material(weeks=weeks, weeks_on=on)).people
    first, second, third, fourth = row.cells
    assert (first.percent, first.load, first.mark) == (101, "10 h of 10 h", "above")
    assert (second, third) == (None, None)
    assert (fourth.percent, fourth.load, fourth.note) == (None, "", "nothing is estimated")


def test_only_the_week_that_a_finding_names_is_red():
    on = ("2026-11-23", "2026-11-30")
    evidence = (Evidence("Too much.", {**TOO_MUCH, "week_on": on[1]}),)
    ada = msgspec.structs.replace(subject("person", ("", ""), "ada", "Ada", url=""), id=ADA.id)
    weeks = tuple(week(ADA, one, 900) for one in on)
    (row,) = drawn(Material(weeks=weeks, weeks_on=on), stated("person-overloaded", ada, evidence=evidence)).people
    assert [cell.mark for cell in row.cells] == ["above", "wrong"]


def test_work_in_a_week_off_is_red_if_a_finding_says_so():
    away = (week(ADA, TODAY, 180, 0, capacity_from="32 h a week less 5 days off", sources="delivery 3 h"),)
    evidence = (Evidence("Too much.", {**TOO_MUCH, "week_on": TODAY}),)
    ada = msgspec.structs.replace(subject("person", ("", ""), "ada", "Ada", url=""), id=ADA.id)
    finding = stated("person-overloaded", ada, evidence=evidence)
    (row,) = drawn(Material(weeks=away, weeks_on=(TODAY,)), finding).people
    (cell,) = row.cells
    assert (cell.load, cell.percent, cell.mark) == ("3 h of 0 h", None, "wrong")
    assert cell.note == "delivery 3 h; 32 h a week less 5 days off"


def test_the_fullest_people_come_first_and_those_with_nothing_planned_are_left_out():
    people = [Person(n, f"P{n:02}") for n in range(PEOPLE + 3)]
    weeks = [week(one, TODAY, 60 * n) for n, one in enumerate(people)]
    shown = drawn(Material(weeks=tuple(weeks), weeks_on=(TODAY,)))
    assert [row.who for row in shown.people] == [f"P{n:02}" for n in range(PEOPLE + 2, 2, -1)]
    assert shown.people_left_out == 2


def test_features_are_counted_by_both_stages_and_drift_where_a_finding_says_so():
    a, b, twin = card("a", "A"), card("b", "B"), issue("PAY-1", "A")
    stages = (
        Stages(a, "planned", "doing", twin, "2026-12-01", "2026-12-09"),
        Stages(b, "planned", "doing", issue("PAY-2", "B")),
        Stages(card("c", "C"), "done"),
        Stages(issue("PAY-3", "D"), None, "doing"),
    )
    shown = drawn(Material(stages=stages), stated("status-drift", a, other=twin, facts=DRIFT))
    assert shown.pairs == (Pair("planned", "doing", 2, 1), Pair("done", "", 1, 0), Pair("", "doing", 1, 0))
    (apart,) = shown.apart
    assert (apart.product, apart.project) == ("planned, due 1 Dec 2026", "doing, due 9 Dec 2026")
    assert (apart.feature.text, apart.twin.text) == ("A", "the one in PAY")


def test_dates_that_agree_are_not_repeated():
    a, twin = card("a", "A"), issue("PAY-1", "A")
    stages = (Stages(a, "planned", "doing", twin, "2026-12-01", "2026-12-01"),)
    (apart,) = drawn(Material(stages=stages), stated("status-drift", a, other=twin, facts=DRIFT)).apart
    assert (apart.product, apart.project) == ("planned", "doing")


def chain(root: str, *steps: tuple[str, str], count: int = 0) -> Chain:
    waiting = tuple(Waiting(issue(ref, ref), issue(after, after).id, 1) for after, ref in steps)
    return Chain(issue(root, root), waiting, count or len(waiting))


def tree(step: Step) -> str:
    return step.name.text + (f"({' '.join(map(tree, step.waiting))})" if step.waiting else "")


def test_a_chain_is_a_tree_of_what_waits_for_what():
    one = chain("PAY-1", ("PAY-1", "PAY-2"), ("PAY-1", "PAY-3"), ("PAY-2", "PAY-4"), count=9)
    (knot,) = drawn(Material(chains=(one,))).knots
    assert (tree(knot.root), knot.count, knot.more) == ("PAY-1(PAY-2(PAY-4) PAY-3)", 9, 6)


def test_what_waits_for_something_that_is_not_there_stands_below_the_root():
    one = chain("PAY-1", ("PAY-1", "PAY-2"), ("PAY-9", "PAY-4"))
    (knot,) = drawn(Material(chains=(one,))).knots
    assert tree(knot.root) == "PAY-1(PAY-2 PAY-4)"


def test_what_readers_may_not_see_at_the_end_of_a_chain_is_counted():
    one = chain("PAY-1", ("PAY-1", "RISK-2"), ("PAY-1", "RISK-3"), ("RISK-3", "RISK-5"), ("RISK-3", "RISK-6"))
    report = Report("delivery", "PAY", covers=("*",), may_show=("delivery/PAY",))
    (knot,) = drawn(Material(chains=(one,)), report=report).knots
    assert tree(knot.root) == "PAY-1(1 item in delivery(2 items in delivery) 1 item in delivery)"


def test_a_report_draws_what_it_covers():
    risk = msgspec.structs.replace(sprint("Risk sprint"), scope=RISK[1])
    material = Material(
        loads=(load("S", 90), Load(risk, "active", "points", 4, percent=99)),
        stages=(Stages(issue("RISK-1", "R"), None, "doing"), Stages(issue("PAY-1", "P"), None, "doing")),
        chains=(chain("RISK-1", ("RISK-1", "RISK-2")), chain("RISK-3", ("RISK-3", "PAY-4"))),
    )
    material = msgspec.structs.replace(material, weeks=(week(ADA, TODAY, 60), week(BO, TODAY, 60)), weeks_on=(TODAY,))
    report = Report("delivery", "PAY", covers=("/".join((PAY[0], "PAY")),), may_show=("*",))
    shown = drawn(material, report=report, linked=Linked(work={ADA.id: frozenset({PAY}), BO.id: frozenset({RISK})}))
    assert [row.who for row in shown.people] == [ADA.name]
    assert [bar.name.text for bar in shown.sprints] == ["S"]
    assert sum(pair.count for pair in shown.pairs) == 1
    assert [knot.root.name.text for knot in shown.knots] == ["RISK-3"]


def test_few_chains_are_drawn():
    chains = tuple(chain(f"PAY-{n}", (f"PAY-{n}", f"PAY-{n}1")) for n in range(10, 20))
    knots: tuple[Knot, ...] = drawn(Material(chains=chains)).knots
    assert [knot.root.name.text for knot in knots] == [f"PAY-{n}" for n in range(10, 10 + CHAINS)]


def test_long_names_are_cut():
    (row,) = drawn(Material(weeks=(week(Person(1, "x" * 500), TODAY, 60),), weeks_on=(TODAY,))).people
    assert len(row.who) == words.TITLE
