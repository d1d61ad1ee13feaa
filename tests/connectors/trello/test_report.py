"""The report card: written with the fewest requests, found again, never written twice, and never against a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncbot.connector import Target, Write
from syncbot.errors import Missing, ToolError, Unknown
from syncbot.sandbox.server import NOW
from syncbot.sandbox.world import TrelloAction, TrelloCheckItem, TrelloChecklist

MARKER = "syncbot:v1:0123456789abcdef"
A, B, C, D = "aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"


def full(key: str) -> str:
    """The whole id of a finding that is shown as these eight digits."""
    return f"{key}0123" if len(key) == len(A) else key


def body(*findings: tuple[str, str], unsure: tuple[tuple[str, str], ...] = ()) -> dict:
    lists = [("To do", findings), *([("Cannot tell", unsure)] if unsure else [])]
    return {
        "name": "Alignment report",
        "desc": "Where product and project contradict each other.",
        "names": ["To do", "Cannot tell"],
        "checklists": [
            {"name": name, "items": [{"key": full(k), "name": n} for k, n in items]} for name, items in lists
        ],
    }


class Desk:
    """A board with a list for reports, and a writer of one report on it."""

    def __init__(self, site) -> None:
        self.site = site
        self.board = site.board("Roadmap", "Ideas", "Reports")
        self.connector = site.connector()

    def write(self, content: dict, remote_id: str | None = None, *, connector=None, in_list: str = "Reports"):
        target = Target(self.site.scope(self.board), "Alignment report", list=in_list)
        write = Write(target, MARKER, content, remote_id, frozenset({self.site.bot.id}))
        return (connector or self.connector).apply(write)

    def find(self):
        target = Target(self.site.scope(self.board), "Alignment report", list="Reports")
        return self.connector.find(target, MARKER, frozenset({self.site.bot.id}))

    @property
    def cards(self):
        return [card for card in self.site.state.cards.values() if MARKER in card.desc]

    @property
    def card(self):
        (card,) = self.cards
        return card

    def shown(self) -> dict[str, list[str]]:
        """What stands on the card, as people read it."""
        lists = sorted(self.site.state.checklists.values(), key=lambda one: one.pos)
        return {one.name: [i.name for i in sorted(one.items, key=lambda i: i.pos)] for one in lists}

    def item(self, key: str) -> TrelloCheckItem:
        items = [item for one in self.site.state.checklists.values() for item in one.items]
        (found,) = [item for item in items if item.name.endswith(f"`sb-{key}`")]
        return found

    def writes(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.site.sandbox.writes()]


@pytest.fixture
def desk(site):
    return Desk(site)


def test_ids_that_begin_alike_are_told_apart(desk):
    one, two = f"{A}0001", f"{A}0002"
    written = desk.write(body((one, "one"), (B, "two")))
    assert desk.shown() == {"To do": [f"one `sb-{A}`", f"two `sb-{B}`"]}
    both = body((one, "one"), (B, "two"), (two, "three"))
    desk.write(both, written.remote_id)
    assert desk.shown() == {"To do": [f"one `sb-{one}`", f"two `sb-{B}`", f"three `sb-{two}`"]}
    assert desk.write(both, written.remote_id).outcome == "unchanged"


def test_a_report_is_made_with_its_marker_in_the_very_first_request(desk):
    written = desk.write(body((A, "one"), (B, "two"), unsure=(("gap due", "three"),)))
    assert (written.outcome, written.requests) == ("created", 6)
    assert written.url == f"{desk.site.sandbox.trello_url}/c/{written.ref}"
    assert desk.card.name == "Alignment report"
    assert desk.card.desc == f"Where product and project contradict each other.\n\n{MARKER}"
    assert desk.site.state.lists[desk.card.list_id].name == "Reports"
    assert desk.shown() == {"To do": [f"one `sb-{A}`", f"two `sb-{B}`"], "Cannot tell": ["three `sb-29054886`"]}
    assert desk.writes()[0] == "POST /1/cards"


def test_writing_the_same_again_writes_nothing(desk):
    written = desk.write(body((A, "one"), unsure=(("gap due", "three"),)))
    desk.site.sandbox.clear()
    again = desk.write(body((A, "one"), unsure=(("gap due", "three"),)), written.remote_id)
    assert (again.outcome, again.requests) == ("unchanged", 0)
    assert desk.writes() == []
    assert len(desk.site.lines()) == 1


@pytest.mark.parametrize(
    ("findings", "request_made"),
    [
        (((A, "one"), (B, "two, reworded")), "PUT /1/cards/{id}/checkItem/{item}"),
        (((A, "one"), (B, "two"), (C, "three")), "POST /1/checklists/{id}/checkItems"),
        (((A, "one"),), "DELETE /1/cards/{id}/checkItem/{item}"),
    ],
    ids=["reworded", "new", "gone"],
)
def test_one_finding_changed_is_one_request(desk, findings, request_made):
    written = desk.write(body((A, "one"), (B, "two")))
    desk.site.sandbox.clear()
    again = desk.write(body(*findings), written.remote_id)
    assert (again.outcome, again.requests) == ("updated", 1)
    assert desk.writes() == [request_made]
    assert desk.shown() == {"To do": [f"{name} `sb-{key}`" for key, name in findings]}


def test_the_last_finding_gone_and_the_first_one_back_are_one_request_each(desk):
    written = desk.write(body((A, "one")))
    assert desk.write(body(), written.remote_id).requests == 1
    assert desk.shown() == {"To do": []}
    assert desk.write(body((B, "two")), written.remote_id).requests == 1
    assert desk.shown() == {"To do": [f"two `sb-{B}`"]}


def test_a_new_finding_stands_where_it_belongs(desk):
    written = desk.write(body((A, "one"), (C, "three")))
    desk.write(body((A, "one"), (B, "two"), (C, "three")), written.remote_id)
    assert desk.shown() == {"To do": [f"one `sb-{A}`", f"two `sb-{B}`", f"three `sb-{C}`"]}
    desk.write(body((D, "zero"), (A, "one"), (B, "two"), (C, "three")), written.remote_id)
    assert desk.shown()["To do"][0] == f"zero `sb-{D}`"


def test_a_checklist_that_is_no_longer_needed_goes_in_one_request(desk):
    written = desk.write(body((A, "one"), unsure=(("gap due", "x"), ("gap owner", "y"))))
    desk.site.sandbox.clear()
    assert desk.write(body((A, "one")), written.remote_id).requests == 1
    assert desk.writes() == ["DELETE /1/checklists/{id}"]


def test_what_people_did_with_the_card_stays(desk):
    written = desk.write(body((A, "one"), (B, "two")))
    state, card = desk.site.state, desk.card
    card.name = "Ada's Monday list"
    card.list_id = desk.site.list(desk.board, 0).id
    card.desc = f"Ada: mind the freeze.\n\n{card.desc}\n\nBo: seen."
    card.members = [desk.site.ada.id]
    desk.item(A).state = "complete"
    desk.item(B).pos = 1.0
    (to_do,) = state.checklists.values()
    to_do.name = "Our list"
    to_do.items.append(TrelloCheckItem("f" * 24, "call the bank", "complete", 9.5))
    before = (card.name, card.list_id, card.desc, card.members)
    assert desk.write(body((A, "one, reworded"), (B, "two")), written.remote_id).requests == 1
    assert (card.name, card.list_id, card.desc, card.members) == before
    assert desk.item(A).state == "complete"
    assert desk.shown() == {"Our list": [f"two `sb-{B}`", "call the bank", f"one, reworded `sb-{A}`"]}


def test_a_line_of_a_person_that_ends_in_a_date_or_a_commit_is_theirs(desk):
    written = desk.write(body((A, "one")))
    (ours,) = desk.site.state.checklists.values()
    own = ["Talk to finance by `20261201`", "Fixed by `a1b2c3d4`", "Fixed by `a1b2c3d4e5f6`"]
    notes = [TrelloCheckItem(f"{number:024}", text, "incomplete", float(number)) for number, text in enumerate(own)]
    team = TrelloChecklist("e" * 24, ours.card, "Team notes", 99.0, notes)
    desk.site.state.checklists[team.id] = team
    desk.write(body((A, "one, reworded"), (B, "two")), written.remote_id)
    assert desk.shown()["Team notes"] == own


def test_peoples_own_items_outlive_a_checklist_of_ours(desk):
    written = desk.write(body((A, "one"), unsure=(("gap due", "x"),)))
    unsure = next(one for one in desk.site.state.checklists.values() if one.name == "Cannot tell")
    unsure.items.append(TrelloCheckItem("f" * 24, "ask Cy", "incomplete", 9e9))
    desk.write(body((A, "one")), written.remote_id)
    assert desk.shown() == {"To do": [f"one `sb-{A}`"], "Cannot tell": ["ask Cy"]}


def drag(desk, key: str, name: str = "Ada: this week", *own: TrelloCheckItem) -> TrelloChecklist:
    """Ada makes a checklist of her own above ours, and takes a line of ours into it."""
    checklists = desk.site.state.checklists
    ours = next(one for one in checklists.values() if desk.item(key) in one.items)
    hers = replace(ours, id="e" * 24, name=name, pos=ours.pos / 2, items=[desk.item(key), *own])
    ours.items.remove(desk.item(key))
    desk.site.state.checklists = {hers.id: hers, **checklists}
    return hers


def test_a_checklist_of_a_person_gets_no_line_of_ours_and_stays_when_its_last_one_goes(desk):
    written = desk.write(body((A, "one"), (B, "two")))
    drag(desk, A)
    desk.write(body((A, "one"), (B, "two"), (C, "three")), written.remote_id)
    assert desk.shown() == {"Ada: this week": [f"one `sb-{A}`"], "To do": [f"two `sb-{B}`", f"three `sb-{C}`"]}
    desk.write(body((C, "three")), written.remote_id)
    assert desk.shown() == {"Ada: this week": [], "To do": [f"three `sb-{C}`"]}


def test_where_our_checklist_was_deleted_new_lines_do_not_go_among_those_of_a_person(desk):
    written = desk.write(body((A, "one")))
    drag(desk, A, "Ada: this week", TrelloCheckItem("f" * 24, "call the bank", "incomplete", 9e9))
    (ours,) = [one for one in desk.site.state.checklists.values() if one.name == "To do"]
    del desk.site.state.checklists[ours.id]
    desk.write(body((A, "one"), (B, "two")), written.remote_id)
    assert desk.shown() == {"Ada: this week": [f"one `sb-{A}`", "call the bank"], "To do": [f"two `sb-{B}`"]}


def test_of_a_renamed_checklist_and_one_of_a_person_with_a_line_of_ours_ours_gets_the_next(desk):
    written = desk.write(body((A, "one"), (B, "two"), (C, "three")))
    (ours,) = desk.site.state.checklists.values()
    ours.name = "Our list"
    drag(desk, A)
    desk.write(body((A, "one"), (B, "two"), (C, "three"), (D, "four")), written.remote_id)
    assert desk.shown()["Our list"] == [f"two `sb-{B}`", f"three `sb-{C}`", f"four `sb-{D}`"]


def test_a_description_without_our_marker_gets_it_back_and_stays_as_people_wrote_it(desk):
    written = desk.write(body((A, "one")))
    desk.card.desc = "Only our own words."
    assert desk.write(body((A, "one")), written.remote_id).requests == 1
    assert desk.card.desc == f"Only our own words.\n\n{MARKER}"


def archive(desk):
    desk.card.closed = True


def archive_its_list(desk):
    desk.site.state.lists[desk.card.list_id].closed = True


def take_to_another_board(desk):
    other = desk.site.board("Another", "Somewhere")
    desk.card.list_id, desk.card.board = desk.site.list(other).id, other.id


@pytest.mark.parametrize("mute", [archive, archive_its_list, take_to_another_board])
def test_a_card_that_people_put_away_is_muted_and_left_alone(desk, mute):
    written = desk.write(body((A, "one")))
    mute(desk)
    desk.site.sandbox.clear()
    again = desk.write(body((A, "one, reworded")), written.remote_id)
    assert (again.outcome, again.requests, again.remote_id) == ("muted", 0, written.remote_id)
    assert desk.writes() == []


def test_an_archived_report_is_found_closed_and_not_made_anew_when_the_store_is_lost(desk):
    written = desk.write(body((A, "one")))
    archive(desk)
    assert desk.find().closed
    assert desk.write(body((A, "one"))).outcome == "muted"
    assert desk.card.id == written.remote_id


def test_a_lost_store_finds_the_report_again(desk):
    written = desk.write(body((A, "one")))
    found = desk.find()
    assert (found.remote_id, found.ref, found.url, found.closed) == (
        written.remote_id,
        written.ref,
        written.url,
        False,
    )
    again = desk.write(body((A, "one")))
    assert (again.remote_id, again.outcome, again.requests) == (written.remote_id, "unchanged", 0)


def test_the_oldest_of_several_is_the_report(desk):
    written = desk.write(body((A, "one")))
    desk.site.sandbox.now = NOW + timedelta(minutes=1)
    desk.site.connector()._api.write(
        "POST", "/cards", dict, idList=desk.site.list(desk.board).id, name="copy", desc=MARKER
    )
    assert len(desk.cards) == 2
    assert desk.find().remote_id == written.remote_id


def test_somebody_elses_card_with_our_marker_is_not_ours(desk):
    fake = desk.site.card(desk.board, "Fake", desc=f"Come here\n{MARKER}")
    desk.site.state.actions.append(
        TrelloAction("e" * 24, "createCard", desk.board.id, fake.id, desk.site.ada.id, NOW, {})
    )
    assert desk.find() is None
    written = desk.write(body((A, "one")))
    assert written.outcome == "created"
    assert written.remote_id != fake.id
    assert fake.desc == f"Come here\n{MARKER}"


def test_a_stored_id_that_turns_out_to_be_somebody_elses_card_is_left_alone(desk):
    other = desk.site.card(desk.board, "Ada's card", desc="mine")
    desk.site.state.actions.append(
        TrelloAction("e" * 24, "createCard", desk.board.id, other.id, desk.site.ada.id, NOW, {})
    )
    assert desk.write(body((A, "one")), other.id).remote_id != other.id
    assert other.desc == "mine"


def test_our_marker_in_the_middle_of_a_sentence_makes_no_report(desk):
    desk.site.connector()._api.write(
        "POST", "/cards", dict, idList=desk.site.list(desk.board).id, name="x", desc=f"The marker is {MARKER}, I think"
    )
    assert desk.find() is None


def test_a_report_that_was_deleted_is_made_again(desk):
    written = desk.write(body((A, "one")))
    desk.site.connector()._api.write("DELETE", f"/cards/{written.remote_id}", dict)
    again = desk.write(body((A, "one")), written.remote_id)
    assert again.outcome == "created"
    assert desk.card.id == again.remote_id


@pytest.mark.parametrize("kind", ["dropped", "lost"])
@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_of_its_making_it_is_completed_and_never_made_twice(desk, kind, step, monkeypatch):
    monkeypatch.setattr("syncbot.transport.policy.FIRST_PAUSE", 0.001)
    content = body((A, "one"), (B, "two"), unsure=(("gap due", "three"),))
    desk.site.sandbox.fault("trello", "^(POST|PUT|DELETE)", kind, after=step)
    with pytest.raises(ToolError) as failed:
        desk.write(content)
    assert failed.value.retry
    desk.write(content, connector=desk.site.connector())
    assert desk.card.name == "Alignment report"
    assert desk.shown() == {"To do": [f"one `sb-{A}`", f"two `sb-{B}`"], "Cannot tell": ["three `sb-29054886`"]}


@pytest.mark.parametrize("answer", ["", "<html>", "[]", '{"id": null}'])
def test_an_odd_answer_to_a_write_means_that_nobody_knows_and_the_next_one_looks(desk, answer):
    desk.site.sandbox.fault("trello", "^POST /1/cards$", status=200, body=answer)
    with pytest.raises(Unknown, match=r"^roadmap: POST /cards: "):
        desk.write(body((A, "one")))
    assert desk.write(body((A, "one"))).outcome == "created"
    assert desk.card.name == "Alignment report"


@pytest.mark.parametrize("kind", ["dropped", "lost"])
@pytest.mark.parametrize("step", range(3))
def test_killed_at_any_step_of_an_update_it_is_completed(desk, kind, step, monkeypatch):
    monkeypatch.setattr("syncbot.transport.policy.FIRST_PAUSE", 0.001)
    written = desk.write(body((A, "one"), (B, "two")))
    content = body((A, "one, reworded"), (C, "three"))
    desk.site.sandbox.fault("trello", "^(POST|PUT|DELETE)", kind, times=9, after=step)
    with pytest.raises(ToolError):
        desk.write(content, written.remote_id)
    desk.site.sandbox.clear()
    desk.write(content, written.remote_id, connector=desk.site.connector())
    assert desk.shown() == {"To do": [f"one, reworded `sb-{A}`", f"three `sb-{C}`"]}


def test_a_line_that_stands_there_twice_is_taken_away_once(desk):
    written = desk.write(body((A, "one"), (B, "two")))
    (to_do,) = desk.site.state.checklists.values()
    to_do.items.append(TrelloCheckItem("f" * 24, f"one `sb-{A}`", "incomplete", 9e9))
    assert desk.write(body((A, "one"), (B, "two")), written.remote_id).requests == 1
    assert desk.shown() == {"To do": [f"one `sb-{A}`", f"two `sb-{B}`"]}


@pytest.mark.parametrize("name", ["reports", " REPORTS ", "id"])
def test_the_list_is_named_in_any_case_or_by_id(desk, name):
    name = desk.site.list(desk.board, 1).id if name == "id" else name
    assert desk.write(body(), in_list=name).outcome == "created"


def test_a_list_that_is_not_there_is_named_with_those_that_are(desk):
    with pytest.raises(Missing, match='no list "Admin"; it has "Ideas", "Reports"'):
        desk.write(body(), in_list="Admin")
    assert desk.writes() == []


def test_any_text_comes_back_as_it_was_written(desk):
    nasty = "**x** <b>&amp;</b> [l](https://e.example) `code` \u202e\u2066 🙂\n`" + "long " * 3000
    written = desk.write(body((A, nasty)))
    assert desk.item(A).name == f"{nasty} `sb-{A}`"
    assert desk.write(body((A, nasty)), written.remote_id).requests == 0


def test_the_report_is_read_back_as_a_record_with_marker_and_author(desk):
    desk.write(body((A, "one")))
    (page,) = desk.site.pull(desk.board)
    (record,) = page.records
    assert (record.marker, record.creator) == (MARKER, desk.site.bot.id)
