"""Random sequences of runs: a finding's state is what a naive reader of the whole past says, and so it was recorded."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text

from syncbot.model import STANDING, CannotTell, Checked, Evidence, Finding, FindingState, Subject, Waiver
from syncbot.store import Store, findings, waivers
from syncbot.store.recorded import recorded
from tests.store.helpers import PAY, RISK, connect

RULE = "feature-without-owner"
NUMBERS = range(3)
START = 20780  # 23 November 2026


@dataclass(frozen=True)
class Step:
    """One thing that happens: a check, or what an admin does after one."""

    what: str  # check, edition, accept, disown
    day: int
    edition: int
    found: frozenset[int] = frozenset()
    blind: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()  # gone, and nobody knows where
    asked: bool = True
    elsewhere: bool = False  # asked, but not in their scope
    words: int = 0
    waived: dict[int, int] = field(default_factory=dict)  # until when (a day), by the config or a command


def steps(chance: random.Random) -> Iterator[Step]:
    """Some weeks of a company, with everything that can happen to a finding."""
    day, edition = START, 1
    for _ in range(chance.randint(4, 16)):
        what = chance.choices(("check", "edition", "accept", "disown"), (12, 4, 1, 1))[0]
        if what in {"check", "edition"}:
            day += chance.choice((0, 0, 1, 1, 3))
        if what != "check":
            edition += what == "edition"
            yield Step(what, day, edition)
        elsewhere = chance.random() > 0.9
        found = frozenset[int]() if elsewhere else some(chance, 0.5)
        blind = some(chance, 0.3) - found
        missing = some(chance, 0.15) - found
        yield Step(
            "check",
            day,
            edition,
            found,
            blind,
            missing,
            some(chance, 0.15) - found - blind - missing,
            asked=chance.random() > 0.1,
            elsewhere=elsewhere,
            words=chance.randint(0, 1),
            waived={number: day + chance.randint(-1, 3) for number in some(chance, 0.25)},
        )


def some(chance: random.Random, share: float) -> frozenset[int]:
    return frozenset(number for number in NUMBERS if chance.random() < share)


# The naive reader ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """From the check that found it to the check that could tell that it is no more."""

    start: Step
    end: Step | None


def lives(past: Sequence[Step], number: int) -> list[Life]:
    """What came back in the edition in which it was resolved is one life with an interruption, told by `since`."""
    made: list[Life] = []
    for step in (one for one in past if one.what == "check" and one.asked):
        is_alive = bool(made) and made[-1].end is None
        if number in step.found:
            made += [] if is_alive else [Life(step, None)]
        elif is_alive and not step.elsewhere and number not in step.blind | step.missing | step.lost:
            made[-1] = replace(made[-1], end=step)
    return made


def since(past: Sequence[Step], number: int) -> Step:
    """The check at which the story began that is still told."""
    told = lives(past, number)
    start = told[-1].start
    for earlier, later in zip(reversed(told[:-1]), reversed(told[1:]), strict=True):
        if earlier.end is None or earlier.end.edition != later.start.edition:
            break
        start = earlier.start
    return start


def state(past: Sequence[Step], number: int) -> FindingState | None:
    """What is to be said of it after all this; None: nothing."""
    now = next(one for one in reversed(past) if one.what == "check")
    told = lives(past, number)
    if not told or not now.asked:
        return None
    if (end := told[-1].end) is not None:
        return "resolved" if end.edition == now.edition else None
    is_new = since(past, number).edition == now.edition
    said: dict[FindingState | None, bool] = {
        None: now.elsewhere or number in now.missing | now.lost,
        "waived": now.waived.get(number, 0) >= now.day,
        "baseline": is_known(past, number),
        "not_checked": number not in now.found,
        "new": is_new,
        "still": not is_new,
    }
    return next(one for one, is_so in said.items() if is_so)


def is_known(past: Sequence[Step], number: int) -> bool:
    """Whether it was accepted as it stood, and neither resolved nor listed again since."""
    for at in range(len(past) - 1, 0, -1):
        step, before = past[at], past[:at]
        if step.what == "disown":
            return False
        if step.what == "accept" and state(before, number) in STANDING:
            resolved = [life.end for life in lives(past, number) if life.end is not None]
            return not any(end in past[at:] for end in resolved)
    return False


# The store ------------------------------------------------------------------------------------------------------------


def finding(number: int, words: int) -> Finding:
    url = f"https://example.atlassian.net/browse/PAY-{number}"
    subject = Subject("feature", number, "delivery", PAY.remote_id, f"{number}", f"PAY-{number}", "Payouts", url)
    return Finding(RULE, f"{number:012x}", "error", "product", subject, (Evidence(f"Said in way {words}."),))


def play(store: Store, step: Step) -> dict[int, tuple[FindingState, str]]:
    """What the store states after a step, and since when."""
    today = findings.date_of(step.day)
    if step.what == "check":
        return check(store, step, today)
    with store.writing() as db:
        if step.what == "edition":
            findings.begin_edition(db, today)
        elif step.what == "accept":
            findings.accept(db, [finding(number, 0).fingerprint for number in NUMBERS], today=today)
        else:
            findings.disown(db, today=today)
    return {}


def check(store: Store, step: Step, today: str) -> dict[int, tuple[FindingState, str]]:
    gaps = [CannotTell(RULE, "delivery/PAY", "no dates", 1, (finding(number, 0).fingerprint,)) for number in step.blind]
    found = tuple(finding(number, step.words) for number in sorted(step.found))
    accepted = [
        Waiver(RULE, f"pay-{number}", findings.date_of(until), "known", "ada", "command" if number else "config")
        for number, until in step.waived.items()
    ]
    with store.writing() as db:
        db.execute(text("update item set seen = 'here'"))
        away = [(number, "missing") for number in step.missing] + [(number, "gone") for number in step.lost]
        for number, seen in away:
            db.execute(text("update item set seen = :seen where remote_id = :id"), {"id": f"{number}", "seen": seen})
        waivers.remove(db, waivers.made(db))
        for one in accepted:
            if one.origin == "command":
                waivers.add(db, one)
        config = [one for one in accepted if one.origin == "config"]
        asked = frozenset({("delivery", RISK.remote_id)}) if step.elsewhere else None
        answers = [Checked(RULE, found, tuple(gaps), asked)] if step.asked else []
        stated = findings.reconcile(db, answers, config, today=today)
    return {one.finding.subject.id: (one.state, one.first_on) for one in stated}


@pytest.fixture
def _items(store: Store) -> None:
    with store.writing() as db:
        connect(db)
        for number in NUMBERS:
            db.execute(
                text("""
                insert into item (id, connection, remote_id, ref, url, kind, side, title, title_key, status, word,
                    is_open, changed_day, description_words, home_scope_id)
                values (:id, 'delivery', :remote_id, '', '', 'task', 'project', '', '', 'ready', '', true, 0, 0, 1)"""),
                {"id": number + 1, "remote_id": f"{number}"},
            )


def expected(past: Sequence[Step]) -> dict[int, tuple[FindingState, str]]:
    said = {number: state(past, number) for number in NUMBERS}
    return {number: (one, findings.date_of(since(past, number).day)) for number, one in said.items() if one is not None}


@pytest.mark.usefixtures("_items")
def test_every_state_is_what_a_naive_reader_of_the_past_says_and_is_recorded_for_later(store: Store) -> None:
    met: set[FindingState] = set()
    for seed in range(80):
        past: list[Step] = []
        evenings: dict[int, dict[int, tuple[FindingState, str]]] = {}
        with store.writing() as db:
            for table in ("finding_event", "finding", "waiver", "edition"):
                db.execute(text(f"delete from {table}"))
        with store.writing() as db:
            findings.begin_edition(db, findings.date_of(START))
        for step in steps(random.Random(seed)):
            stated = play(store, step)
            past.append(step)
            if step.what == "check":
                assert stated == expected(past), (seed, past)
            if any(one.what == "check" for one in past):
                evenings[step.day] = expected(past)
                met |= {said for said, _ in evenings[step.day].values()}
        with store.reading() as db:
            for day, evening in evenings.items():
                is_asked = [one for one in past if one.what == "check" and one.day <= day][-1].asked
                told = [one for one in recorded(db, findings.date_of(day)) if is_asked or one.state != "resolved"]
                assert {one.finding.subject.id: (one.state, one.first_on) for one in told} == evening, (seed, day, past)
    assert met == {"new", "still", "resolved", "waived", "not_checked", "baseline"}
