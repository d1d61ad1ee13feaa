"""People answer in their tool: a comment or a tick of those who may becomes a waiver, once, and can be taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from syncbot.model import SHORT, Waiver
from syncbot.sandbox.server import Exchange, Sandbox
from syncbot.sandbox.trello import edits
from syncbot.store import Store, answers, retention, waivers
from tests.company import Company, Run
from tests.people_who_answer import InAsana, InJira, InTrello, Voice

ANSWERS = 'answers = ["ada", "project"]\n'
FINDING = "feature-without-owner"


@pytest.fixture
def company(sandbox: Sandbox, tmp_path: Path) -> Company:
    return answering(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)


def answering(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """Whose reports take answers of Ada and of those who run projects; a card has lost its owner."""
    one = Company(sandbox, store_url, tmp_path)
    one.configure(
        ("[[reports]]\n", f"[[reports]]\n{ANSWERS}"),
        ('side       = "project"\ncovers', "covers"),
        ('covers     = ["marketing"]', 'covers     = ["marketing", "roadmap"]\nmay_show   = ["roadmap"]'),
    )
    sandbox.apply("owner-leaves")
    one.run(apply=True)
    return one


def made(company: Company) -> list[Any]:
    with Store.open(company.store_url) as store, store.reading() as db:
        return waivers.made(db)


def refused(company: Company) -> list[str]:
    with Store.open(company.store_url) as store, store.reading() as db:
        return [one.reply for one in answers.refused(db, "")]


def later(company: Company, **run: Any) -> Run:
    return company.later(minutes=15).run(apply=True, **run)


def finding(company: Company) -> tuple[str, str, str]:
    query = "select f.fingerprint, i.ref, i.url from findings f join items i on i.id = f.subject"
    ((fingerprint, ref, url),) = company.ask(f"{query} where f.rule = '{FINDING}'")
    return fingerprint, ref, url


VOICES = {"jira": InJira, "trello": InTrello, "asana": InAsana}


@pytest.mark.parametrize("tool", VOICES)
def test_a_comment_accepts_a_finding_with_who_why_and_until(
    sandbox: Sandbox, store_url: str, tmp_path: Path, tool: str
):
    company = answering(sandbox, store_url, tmp_path)
    voice: Voice = VOICES[tool](company.sandbox)
    fingerprint, ref, _ = finding(company)
    voice.say("Looks right to me")
    voice.say(f"syncbot waive {fingerprint[:8]} 3w because her successor\n starts then")
    run = later(company)
    assert (run.heeded.taken, run.heeded.refused, run.heeded.failed) == (1, 0, {})
    assert run.found == set()
    (waiver,) = made(company)
    until = (company.now.date() + dt.timedelta(weeks=3)).isoformat()
    assert (waiver.rule, waiver.subject, waiver.until) == (FINDING, fingerprint, until)
    assert (waiver.reason, waiver.by, waiver.origin) == ("her successor starts then", "Ada Park", "answer")
    assert later(company).heeded.taken == 0, "each word once"
    with Store.open(company.store_url) as store, store.writing() as db:
        waivers.remove(db, [waiver])
    assert later(company).found == {(FINDING, ref)}, "what is taken back stays so"
    company.later(days=1)
    assert later(company).heeded.taken == 0, "also when all comments are read anew"


@pytest.mark.parametrize("named", ["ref", "url"])
def test_what_it_is_about_may_be_named_by_key_or_address(company: Company, named: str):
    _, ref, url = finding(company)
    InJira(company.sandbox).say(f"syncbot snooze {ref if named == 'ref' else url} because so")
    assert later(company).found == set()


def test_a_snooze_that_names_nothing_is_of_all_that_the_report_names(company: Company):
    company.sandbox.apply("work-abandoned")
    assert len(later(company).found) == 2
    InTrello(company.sandbox).say("syncbot snooze 1w because we are frozen")
    assert later(company).found == {("work-without-assignee", ref) for _, ref in later(company).found}
    assert [one.rule for one in made(company)] == [FINDING], "the roadmap's report is for product"


def test_only_those_whom_the_report_names_are_heeded_by_key_or_by_role(company: Company):
    fingerprint, _, _ = finding(company)
    voice = InJira(company.sandbox)
    voice.say(f"syncbot waive {fingerprint} because I say so", by="dee")
    run = later(company)
    assert (run.heeded.taken, run.heeded.refused) == (0, 1)
    assert refused(company) == ["the report's `answers` does not name them"]
    assert made(company) == []
    voice.say(f"syncbot waive {fingerprint} because I say so", by="bo")
    assert later(company).heeded.taken == 1
    assert [one.by for one in made(company)] == ["Bo Lindqvist"]


def test_nothing_is_read_where_no_report_takes_answers(sandbox: Sandbox, tmp_path: Path):
    company = Company(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)
    sandbox.apply("owner-leaves")
    company.run(apply=True)
    fingerprint, _, _ = finding(company)
    InJira(sandbox).say(f"syncbot waive {fingerprint} because so")
    sandbox.clear()
    assert later(company).heeded.taken == 0
    assert not [one for one in sandbox.requests if one.path.endswith("/comment")]


def test_words_that_ask_for_too_little_are_refused_and_shown(company: Company):
    voice = InJira(company.sandbox)
    begins = finding(company)[0][0]
    voice.say(f"syncbot snooze {begins} because I forgot to say of what")
    for said in ("syncbot waive PAY-1 because it is not found", "syncbot waive", "syncbot snooze 0400-01-01 because x"):
        voice.say(said)
    assert later(company).heeded.refused == 4
    assert made(company) == []
    assert set(refused(company)) == {
        f"the report says nothing of {begins}",
        "the report says nothing of PAY-1",
        "say why: ... because ...",
        "0400-01-01 is over already",
    }


def test_a_tick_accepts_for_two_weeks_and_an_untick_takes_it_back(company: Company):
    voice = InTrello(company.sandbox)
    fingerprint, ref, _ = finding(company)
    (item,) = [id_ for id_, text in voice.items().items() if fingerprint[:SHORT] in text]
    voice.tick(item)
    voice.tick(item, state="incomplete")
    assert later(company).found == {(FINDING, ref)}, "ticked and unticked again"
    voice.tick(item)
    assert later(company).found == set()
    (waiver,) = made(company)
    assert (waiver.reason, waiver.by) == ("ticked in the report", "Ada Park")
    assert waiver.until == (company.now.date() + dt.timedelta(weeks=2)).isoformat()
    company.later(days=15)
    assert (FINDING, ref) in later(company).found, "the waiver is over"
    assert len(made(company)) == 1, "the old tick is no new one"


@pytest.mark.parametrize("lost", ["old answers", "the store"])
def test_an_old_answer_is_over_when_its_time_is_though_it_is_still_to_be_read(company: Company, lost: str):
    """The time runs from when it was said, whatever became of what we know of it."""
    fingerprint, ref, _ = finding(company)
    InJira(company.sandbox).say(f"syncbot snooze {fingerprint} 2w because so")
    InTrello(company.sandbox).tick(next(iter(InTrello(company.sandbox).items())))
    assert later(company).heeded.taken == 2
    company.later(days=92)
    assert later(company).found >= {(FINDING, ref)}
    if lost == "the store":
        company.store_url = company.store_url.replace("syncbot.db", "anew.db")
        later(company)
    with Store.open(company.store_url) as store:
        retention.prune(store, company.config.keep, now=company.now)
    run = company.later(days=1).run(apply=True)
    assert (run.heeded.taken, run.heeded.refused) == (0, 0)
    assert run.found >= {(FINDING, ref)}
    assert [one for one in made(company) if one.until > "2026-12-07"] == []


def test_an_answer_leaves_what_a_command_accepts_as_it_is(company: Company):
    fingerprint, _, _ = finding(company)
    board = Waiver(FINDING, fingerprint, "2027-11-01", "agreed by the board", "Cy", "command", "2026-11-23")
    with Store.open(company.store_url) as store, store.writing() as db:
        waivers.add(db, board)
    InTrello(company.sandbox).say(f"syncbot snooze {fingerprint[:8]} 1w because we look at it next week")
    InTrello(company.sandbox).say(f"syncbot snooze {fingerprint[:8]} 2w because it takes longer")
    assert later(company).heeded.taken == 2
    assert board in made(company)
    assert [one.reason for one in made(company) if one != board] == ["it takes longer"]
    assert FINDING not in {rule for rule, _ in company.later(weeks=3).run().found}
    with Store.open(company.store_url) as store, store.writing() as db:
        waivers.add(db, replace(board, until="2026-12-31"))
    assert [one.until for one in made(company)] == ["2026-12-31"], "a command has the last word"


def test_what_was_taken_back_does_not_return_when_old_answers_are_pruned(company: Company):
    fingerprint, ref, _ = finding(company)
    InJira(company.sandbox).say(f"syncbot waive {fingerprint} 52w because so")
    assert later(company).found == set()
    with Store.open(company.store_url) as store:
        with store.writing() as db:
            waivers.remove(db, waivers.made(db))
        company.later(days=92)
        retention.prune(store, company.config.keep, now=company.now)
    assert (FINDING, ref) in later(company).found


@pytest.mark.parametrize("named", ["id", "key"])
def test_nobody_accepts_what_the_report_that_they_answer_does_not_cover(company: Company, named: str):
    company.sandbox.apply("work-abandoned")
    query = "select f.fingerprint, i.ref from findings f join items i on i.id = f.subject"
    later(company)
    ((fingerprint, ref),) = company.ask(f"{query} where f.rule = 'work-without-assignee'")
    voice = InTrello(company.sandbox)
    voice.say(f"syncbot waive {fingerprint[:8] if named == 'id' else ref} because it is not ours")
    shown = [one for held in company.sandbox.world.trello.checklists.values() for one in held.items]
    (item,) = [one for one in shown if one.id in voice.items() and finding(company)[0][:SHORT] in one.name]
    item.name = f"Somebody else's words `sb-{fingerprint}`"
    voice.tick(item.id)
    run = later(company)
    assert (run.heeded.taken, run.heeded.refused) == (0, 1)
    assert ("work-without-assignee", ref) in run.found
    assert made(company) == []


def test_ticks_of_others_and_of_our_own_account_mean_nothing(company: Company):
    voice = InTrello(company.sandbox)
    fingerprint, ref, _ = finding(company)
    (item,) = [id_ for id_, text in voice.items().items() if fingerprint[:SHORT] in text]
    voice.tick(item, by="gus")
    voice.tick(item, by="syncbot", state="incomplete")
    voice.say(f"syncbot waive {fingerprint} because we said so ourselves", by="syncbot")
    run = later(company)
    assert (run.heeded.taken, run.heeded.refused) == (0, 1)
    assert run.found == {(FINDING, ref)}


@pytest.mark.parametrize("moment", range(4))
def test_a_tick_that_is_made_while_we_write_is_kept_and_heeded(
    sandbox: Sandbox, tmp_path: Path, moment: int, monkeypatch: pytest.MonkeyPatch
):
    """Whichever of the requests it follows that bring the card up to date."""
    company = Company(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)
    company.configure(("[[reports]]\n", f"[[reports]]\n{ANSWERS}"))
    sandbox.apply("owner-leaves")
    company.run(apply=True)
    fingerprint, ref, _ = finding(company)
    card = InTrello(sandbox).card
    ada = next(one.id for one in sandbox.world.trello.members.values() if one.username == "adapark")
    state = sandbox.world.trello
    (item,) = [one for held in state.checklists.values() for one in held.items if fingerprint[:SHORT] in one.name]
    seen: list[str] = []
    judge = Sandbox.observe

    def tick(exchange: Exchange) -> None:
        if judge is not None:
            judge(exchange)
        if exchange.tool != "trello":
            return
        seen.append(exchange.path)
        if len(seen) == moment + 1:
            item.state = "complete"
            entry = {"id": item.id, "name": item.name, "state": item.state}
            edits.record(sandbox.world, ada, "updateCheckItemStateOnCard", card, checkItem=entry)

    sandbox.apply("owner-deactivated")
    writing = later(company, meanwhile=lambda: monkeypatch.setattr(Sandbox, "observe", staticmethod(tick)))
    assert len(seen) > moment
    assert [one.result for one in writing.outcomes if one.planned.draft.connection == "roadmap"] == ["updated"]
    (now,) = [one for held in state.checklists.values() for one in held.items if fingerprint[:SHORT] in one.name]
    assert now.state == "complete"
    assert (FINDING, ref) not in later(company).found
    assert [one.reason for one in made(company)] == ["ticked in the report"]
