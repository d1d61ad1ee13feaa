import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from syncbot.model import Assignee, Item, Mapped, Place, Record, Scope, Sprint, Tie, Unmapped, Word
from syncbot.store import Store, containers, items, records, scopes
from syncbot.store import rows as rows_
from syncbot.store.inputs import touches
from syncbot.store.records import Part
from tests.store.helpers import AT, PAY, RISK, as_task, connect, everything, item, record, rows, run, save


@pytest.fixture(autouse=True)
def _connected(store: Store):
    with store.writing() as db:
        connect(db)


def test_an_item_is_stored_with_all_that_it_says(store: Store):
    full = item(
        record(7, title="  Cut\n FAILED  payments ", changed="2026-11-21T23:59:59.000Z"),
        owner="bo",
        section="Doing",
        team=Word("10400", "Payments"),
        status="done",
        word="Shipped",
        is_flagged=True,
        is_restricted=True,
        is_archived=True,
        committed=False,
        priority=2,
        function="legal",
        requires=("security", "legal"),
        points=0.5,
        minutes=90,
        left_minutes=30,
        spent_minutes=60,
        start_on="1970-01-01",
        due_on="1970-01-31",
        created_on="1969-12-31",
        started_on="1970-01-03",
        done_on="2026-11-21",
        description_words=0,
        has_reason=False,
    )
    assert save(store, [record(7)], lambda _: Mapped("7", full)).new == 1
    with store.reading() as db:
        row = db.execute(text("select * from item")).mappings().one()
        owner = db.scalar(text("select id from account where connection = 'delivery' and remote_id = 'bo'"))
        home = scopes.ids(db, "delivery")[PAY.remote_id]
    told = msgspec.structs.asdict(full)
    for name in ("owner", "team", "requires", "home_scope", "changed", "created_on", "started_on", "done_on"):
        del told[name]
    told |= {
        "owner_account_id": owner,
        "team_ref": "10400",
        "team_word": "Payments",
        "title_key": "cut failed payments",
        "requires": "legal,security",
        "is_open": False,
        "home_scope_id": home,
        "start_day": 0,
        "due_day": 30,
        "created_day": -1,
        "started_day": 2,
        "done_day": 20778,
        "changed_day": 20778,
        "seen": "here",
    }
    assert {name: row[name] for name in told} == told


def test_what_hangs_on_an_item_is_stored_with_it(store: Store):
    def apply(record: Record) -> Mapped:
        return Mapped(
            record.remote_id,
            item(record),
            assignees=(Assignee("ada", "assignee", 0.5), Assignee("bo", "assignee", 0.5)),
            places=(Place(RISK.remote_id, Word("s1", "Doing"), 2.5), Place(PAY.remote_id), Place("elsewhere")),
            sprints=("12",),
            past_sprints=("11", "12"),
            ties=(Tie("https://trello.com/c/AbCd1234", "url", "url"), Tie("8", "id", "native", "blocks", inward=True)),
            unmapped=(Unmapped("status", "Parked", PAY.remote_id, "PAY-7"),),
        )

    moved = record(7, places=(Place(RISK.remote_id),))
    save(store, [moved], apply)
    for _ in range(2):
        assert rows(store, "select remote_id, share from assignees join accounts on id = account_id order by 1") == [
            ("ada", 0.5),
            ("bo", 0.5),
        ]
        places = "select key, section, position, is_home from memberships join scope on id = scope_id order by key"
        assert rows(store, places) == [("PAY", None, None, False), ("RISK", "Doing", 2.5, True)]
        assert rows(
            store, "select s.remote_id, is_current from item_sprint join sprint s on s.id = sprint_id order by 1"
        ) == [
            ("11", False),
            ("12", True),
        ]
        assert rows(store, "select target, form, origin, meaning, inward from reference order by 1") == [
            ("8", "id", "native", "blocks", True),
            ("https://trello.com/c/AbCd1234", "url", "url", None, False),
        ]
        assert rows(store, "select facet, word, example from unmapped") == [("status", "Parked", "PAY-7")]
        # And it is replaced, not added to, when the record changes.
        save(store, [msgspec.structs.replace(moved, title="Other")], apply)


def test_an_unchanged_record_is_neither_mapped_nor_written(store: Store):
    page = [record(number) for number in range(1, 50)]
    assert save(store, page, cursor="a") == records.Saved(new=49)
    before = everything(store)
    assert save(store, page, lambda record: pytest.fail(record.ref), cursor="a") == records.Saved(same=49)
    assert everything(store) == before


def test_only_the_changed_record_is_mapped(store: Store):
    save(store, [record(1), record(2)])
    mapped = []

    def apply(record: Record) -> Mapped:
        mapped.append(record.ref)
        return as_task(record)

    assert save(store, [record(1), record(2, title="Other")], apply) == records.Saved(changed=1, same=1)
    assert mapped == ["PAY-2"]
    assert rows(store, "select ref, title from items order by ref") == [
        ("PAY-1", "Settle payout 1"),
        ("PAY-2", "Other"),
    ]


def test_ids_last_and_facts_stay_when_a_record_changes(store: Store):
    save(store, [record(1), record(2)])
    with store.writing() as db:
        db.execute(text("update item set owner_id = 5, is_committed = true, parent_id = 1, goal_id = 9"))
    before = rows(store, "select remote_id, id from item")
    save(store, [record(2, title="Other")])
    assert rows(store, "select remote_id, id from item") == before
    facts = "select owner_id, is_committed, parent_id, goal_id from item where ref = 'PAY-2'"
    assert rows(store, facts) == [(5, True, 1, 9)]


def test_an_ignored_record_leaves_no_item_and_can_come_back(store: Store):
    save(store, [record(1), record(2)])
    before = rows(store, "select ref, id from items")
    save(store, [record(2, labels=(Word("t", "template"),))], lambda record: Mapped(record.remote_id, None))
    assert rows(store, "select ref from items") == [("PAY-1",)]
    assert rows(store, "select count(*) from assignee") == [(1,)]
    save(store, [record(2)])
    assert rows(store, "select ref, id from items") == before


def test_a_record_told_twice_in_a_page_is_stored_once_and_the_later_one_holds(store: Store):
    assert save(store, [record(1, title="First"), record(1, title="Second")]).new == 1
    assert rows(store, "select title from items") == [("Second",)]


def test_two_connections_may_use_the_same_ids(store: Store):
    with store.writing() as db:
        connect(db, PAY, connection="other")
        for name in ("delivery", "other"):
            mapped = Mapped("1", item(record(1), connection=name))
            records.save(db, name, [Part(PAY.remote_id, [record(1)])], lambda _, mapped=mapped: mapped, at=AT)
    assert rows(store, "select connection, remote_id from items order by 1") == [("delivery", "1"), ("other", "1")]
    assert len(set(rows(store, "select id from items"))) == 2


def test_a_page_and_its_cursor_are_stored_together_or_not_at_all(store: Store):
    def cut_off() -> None:
        with store.writing() as db:
            records.save(db, "delivery", [Part(PAY.remote_id, [record(1)], "after 1")], as_task, at=AT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    with store.reading() as db:
        assert scopes.cursors(db, "delivery") == {PAY.remote_id: None, RISK.remote_id: None}
    assert rows(store, "select * from record") == []
    save(store, [record(1)], cursor="after 1")
    with store.reading() as db:
        assert scopes.cursors(db, "delivery") == {PAY.remote_id: "after 1", RISK.remote_id: None}


def test_a_killed_pull_leaves_whole_pages(store: Store, store_url: str):
    program = f"""
import os
from syncbot.store import Store
from tests.store.helpers import *
store = Store.open({store_url!r})
save(store, [record(1)], cursor="after 1")
with store.writing() as db:
    records.save(db, "delivery", [records.Part("10000", [record(2)], "after 2")], as_task, at=AT)
    os.kill(os.getpid(), 9)
"""
    assert run(program).returncode == -9
    assert rows(store, "select ref from items") == [("PAY-1",)]
    with store.reading() as db:
        assert scopes.cursors(db, "delivery")[PAY.remote_id] == "after 1"


def broken(record: Record) -> Mapped:
    if record.remote_id == "2":
        raise LookupError("no such word")
    if record.remote_id == "3":
        return Mapped("3", item(record, due_on="next week"))
    if record.remote_id == "6":
        return Mapped("6", item(record, minutes=10**30))
    if record.remote_id == "7":
        return Mapped("7", item(record, points=float("nan")))
    if record.remote_id == "8":
        raise LookupError("no \0 such \ud800 word")
    return as_task(record)


def test_one_bad_record_is_put_aside_and_the_others_go_on(store: Store):
    page = [record(number, title="lone \ud800 surrogate" if number == 4 else "fine") for number in range(1, 9)]
    assert save(store, page, broken, cursor="c") == records.Saved(new=2, quarantined=6)
    assert rows(store, "select ref from items order by ref") == [("PAY-1",), ("PAY-5",)]
    reasons = dict(rows(store, "select remote_id, reason from quarantine"))
    assert {remote_id: reason.split(":")[0] for remote_id, reason in reasons.items()} == {
        "2": "LookupError",
        "3": "ValueError",
        "4": "UnicodeEncodeError",
        "6": "ValueError",
        "7": "ValueError",
        "8": "LookupError",
    }
    assert save(store, [record(2), record(4)]).new == 2
    assert rows(store, "select remote_id from quarantine order by 1") == [("3",), ("6",), ("7",), ("8",)]


def test_a_scope_that_is_not_known_is_our_own_fault(store: Store):
    with pytest.raises(KeyError):
        save(store, [record(1)], scope=Scope("nowhere", "NO", "Nowhere"))


def test_what_stays_put_aside_is_so_since_it_first_was_and_touches_nothing(store: Store):
    later = "2026-12-01T08:00:00.000Z"
    save(store, [record(2), record(3)], broken)
    with store.writing() as db:
        (one, other) = records.put_aside(db)
        before = touches(db)
        records.save(db, "delivery", [Part(PAY.remote_id, [record(2)])], broken, at=later)
        assert touches(db) == before
        assert records.put_aside(db) == [one, other]
        records.save(db, "delivery", [Part(PAY.remote_id, [record(2)])], as_task, at=later)
        assert touches(db) != before
        assert records.put_aside(db) == [one if one.example == "3" else other]
    assert (one.count, one.since) == (1, AT)
    assert rows(store, "select at from quarantine") == [(AT,)]


def test_a_bad_change_keeps_what_was_known(store: Store):
    save(store, [record(2)])
    assert save(store, [record(2, title="Other")], broken).quarantined == 1
    assert rows(store, "select title from items") == [("Settle payout 2",)]


TITLES = [
    "\0nul",
    "💸 عاجل \u202eevil\u202c",
    "<b>&amp;</b>",
    "'; drop table item; --",
    "x" * 16_000,
    "line\nbreak\r\n\t",
    "",
]


@pytest.mark.parametrize("title", TITLES, ids=["nul", "rtl", "markup", "sql", "long", "newlines", "empty"])
def test_any_title_is_stored(store: Store, title: str):
    assert save(store, [record(1, title=title)]).new == 1
    assert rows(store, "select title from items") == [(title.replace("\0", ""),)]
    with store.reading() as db:
        assert [found.title for found in records.records(db, "delivery")] == [title]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 10_000))
def test_every_record_comes_out_as_it_went_in(title: str, words: int):
    before = record(1, title=title * (1 + words // 1000), fields={"points": 3.5, "people": ("ada", "bo")})
    _, plain = rows_.pack(before)
    assert rows_.unpack(rows_.squeeze(plain)) == before


def test_the_order_of_fields_is_no_change(store: Store):
    save(store, [record(1, fields={"a": 1, "b": 2})])
    assert save(store, [record(1, fields={"b": 2, "a": 1})]).same == 1


def goal(record: Record, title: str = "Cut failed payments") -> Item:
    return item(record, remote_id="label:g1", ref="", kind="goal", side="product", title=title, derived_from="label")


def under_goal(record: Record) -> Mapped:
    ties = (Tie("label:g1", "id", "native", "child_of"),)
    return Mapped(record.remote_id, item(record), ties=ties, derived=(goal(record),))


def test_a_derived_item_is_there_once_for_as_long_as_something_points_at_it(store: Store):
    save(store, [record(1), record(2)], under_goal)
    save(store, [record(3)], under_goal)
    first = rows(store, "select id, title from goals")
    assert [title for _, title in first] == ["Cut failed payments"]
    save(store, [record(4)], lambda record: msgspec.structs.replace(under_goal(record), derived=(goal(record, "New"),)))
    assert rows(store, "select id, title from goals") == [(first[0][0], "New")]
    save(store, [record(number, title="Other") for number in (1, 2, 3)])
    with store.writing() as db:
        assert items.drop_orphans(db) == 0
    save(store, [record(4, title="Other")])
    with store.writing() as db:
        assert items.drop_orphans(db) == 1
    assert rows(store, "select * from goals") == []
    assert len(rows(store, "select * from items")) == 4


def test_a_sprint_is_in_the_view_once_it_is_described(store: Store):
    save(store, [record(1, sprints=("12",))])
    assert rows(store, "select * from sprints") == []
    sprint = Sprint("12", "Sprint 12", "PAY board", "active", PAY.remote_id, "2026-11-16T09:00:00.000Z", "2026-11-30")
    with store.writing() as db:
        containers.save_sprints(db, "delivery", [sprint], [PAY.remote_id])
    assert rows(store, "select name, state, start_on, start_day, end_on, end_day from sprints") == [
        ("Sprint 12", "active", "2026-11-16", 20773, "2026-11-30", 20787)
    ]
    assert rows(store, "select count(*) from sprints s join item_sprint i on i.sprint_id = s.id") == [(1,)]


def test_a_sprint_that_was_deleted_is_no_longer_in_the_view(store: Store):
    save(store, [])
    one, other = (Sprint(name, name, "PAY board", "active", PAY.remote_id) for name in ("12", "13"))
    with store.writing() as db:
        containers.save_sprints(db, "delivery", [one, other], [PAY.remote_id])
        containers.save_sprints(db, "delivery", [one], [])
    assert rows(store, "select name from sprints order by name") == [("12",), ("13",)]
    with store.writing() as db:
        containers.save_sprints(db, "delivery", [one], [PAY.remote_id])
    assert rows(store, "select name from sprints") == [("12",)]


def test_a_derived_sprint_is_described_by_its_items(store: Store):
    sprint = Sprint("list:s1", "Sprint 1", "Board", "future", PAY.remote_id)

    def apply(record):
        return Mapped(record.remote_id, item(record), sprints=("list:s1",), derived_sprints=(sprint,))

    save(store, [record(1), record(2)], apply)
    assert rows(store, "select name, board, state from sprints") == [("Sprint 1", "Board", "future")]
    assert rows(store, "select is_derived from sprint") == [(True,)]


def test_mapping_again_needs_no_tool(store: Store):
    save(store, [record(1), record(2), record(3)], under_goal)

    def features(record):
        return Mapped(record.remote_id, item(record, kind="feature", side="product"))

    with store.writing() as db:
        assert records.remap(db, "delivery", features) == 3
    assert rows(store, "select distinct kind from items") == [("feature",)]
    assert rows(store, "select * from reference") == []


def test_mapping_again_puts_aside_what_fails_and_keeps_what_it_was(store: Store):
    save(store, [record(1), record(2)])
    with store.writing() as db:
        assert records.remap(db, "delivery", broken) == 1
    assert rows(store, "select ref from items order by ref") == [("PAY-1",), ("PAY-2",)]
    assert rows(store, "select remote_id from quarantine") == [("2",)]


def test_mapping_again_what_is_stored_does_not_let_go_of_a_later_state_that_is_put_aside(store: Store):
    save(store, [record(1), record(2)])
    save(store, [record(2, title="Later")], broken)
    with store.writing() as db:
        assert records.remap(db, "delivery", as_task) == 2
    assert rows(store, "select remote_id from quarantine") == [("2",)]


def test_records_come_back_in_batches_without_a_gap(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "_BATCH", 3)
    save(store, [record(number) for number in range(1, 9)])
    with store.reading() as db:
        assert [found.remote_id for found in records.records(db, "delivery")] == list("12345678")


def test_only_our_own_report_changes_without_a_word_and_only_if_it_was_one_before(store: Store):
    def tells(report: Record, apply: records.Map) -> bool:
        with store.reading() as db:
            before = touches(db)
        save(store, [report], apply)
        with store.reading() as db:
            return touches(db) != before

    def as_report(record: Record) -> Mapped:
        return Mapped(record.remote_id, None)

    assert tells(record(1), as_task)  # read before it bore its marker
    marked = record(1, marker="syncbot:1")
    assert tells(marked, as_report)
    assert not tells(msgspec.structs.replace(marked, title="Alignment report, 3 findings"), as_report)
    with store.writing() as db:
        db.execute(text("update record set seen = 'gone'"))
    assert tells(marked, as_report)
    assert tells(record(1, title="Taken over by a person"), as_task)


def test_a_long_record_is_kept_small_and_comes_back_as_it_was(store: Store):
    long = record(7, title="Cut failed payments " * 500)
    save(store, [long], as_task)
    with store.reading() as db:
        kept = db.scalar(text("select length(body) from record"))
        found = records.record(db, "delivery", "7")
    assert found is not None
    assert found[0] == long
    assert kept < 1_000
