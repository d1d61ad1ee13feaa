import msgspec
import pytest
from sqlalchemy import text

from syncbot.model import CannotTell, Checked, Evidence, Finding, FindingState, Person, Place, Stated, Subject, Waiver
from syncbot.store import Store, findings, scopes
from tests.store.helpers import PAY, RISK, connect, record, rows, save

RULE = "feature-without-owner"
MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"


@pytest.fixture(autouse=True)
def _connected(store: Store):
    with store.writing() as db:
        connect(db)


def finding(number: int, **values: object) -> Finding:
    subject = Subject(
        "feature",
        number,
        "delivery",
        PAY.remote_id,
        f"{number}",
        f"PAY-{number}",
        f"Settle payout {number}",
        f"https://example.atlassian.net/browse/PAY-{number}",
    )
    evidence = (Evidence("Nobody owns {title}."),)
    plain = Finding(RULE, f"f{number}", "error", "product", subject, evidence, Person(5, "Ada"))
    return msgspec.structs.replace(plain, **values)


def check(store: Store, day: str, *found: Finding | CannotTell, waivers: tuple[Waiver, ...] = ()) -> list[Stated]:
    answer = Checked(
        RULE,
        tuple(each for each in found if isinstance(each, Finding)),
        tuple(each for each in found if isinstance(each, CannotTell)),
    )
    with store.writing() as db:
        return findings.reconcile(db, [answer], waivers, today=day)


def states(stated: list[Stated]) -> dict[str, FindingState]:
    return {each.finding.fingerprint: each.state for each in stated}


def begin_edition(store: Store, today: str) -> None:
    with store.writing() as db:
        findings.begin_edition(db, today)


def events(store: Store) -> list[tuple[str, str]]:
    return [tuple(row) for row in rows(store, "select fingerprint, event from finding_event order by id")]


def test_a_finding_is_new_for_one_edition_and_then_still_there(store: Store):
    assert check(store, MONDAY, finding(1)) == [Stated(finding(1), "new", MONDAY, MONDAY)]
    assert check(store, TUESDAY, finding(1)) == [Stated(finding(1), "new", MONDAY, TUESDAY)]
    begin_edition(store, TUESDAY)
    assert check(store, WEDNESDAY, finding(1)) == [Stated(finding(1), "still", MONDAY, WEDNESDAY)]
    assert events(store) == [("f1", "open")]
    assert rows(store, "select rule, subject, side, person_id, severity, state, last_day, edition from findings") == [
        (RULE, 1, "product", 5, "error", "still", 20782, 2)
    ]


def test_what_is_gone_is_resolved_for_the_rest_of_the_edition(store: Store):
    check(store, MONDAY, finding(1), finding(2))
    expected = Stated(finding(2), "resolved", MONDAY, MONDAY)
    assert check(store, TUESDAY, finding(1))[1:] == [expected]
    assert check(store, WEDNESDAY, finding(1))[1:] == [expected]
    begin_edition(store, WEDNESDAY)
    assert states(check(store, WEDNESDAY, finding(1))) == {"f1": "still"}
    assert events(store) == [("f1", "open"), ("f2", "open"), ("f2", "resolved")]


def test_what_comes_back_in_the_same_edition_goes_on(store: Store):
    check(store, MONDAY, finding(1))
    begin_edition(store, MONDAY)
    check(store, TUESDAY)
    assert check(store, WEDNESDAY, finding(1)) == [Stated(finding(1), "still", MONDAY, WEDNESDAY)]
    assert events(store)[-2:] == [("f1", "resolved"), ("f1", "open")]


def test_what_comes_back_in_a_later_edition_is_new(store: Store):
    check(store, MONDAY, finding(1))
    check(store, MONDAY)
    begin_edition(store, TUESDAY)
    assert check(store, WEDNESDAY, finding(1)) == [Stated(finding(1), "new", WEDNESDAY, WEDNESDAY)]


@pytest.mark.parametrize(
    ("gap", "state"),
    [
        (CannotTell(RULE, "delivery/PAY", "read last on Friday", 1), "not_checked"),
        (CannotTell(RULE, "delivery/RISK", "read last on Friday", 1), "resolved"),
        (CannotTell(RULE, None, "the rule failed", 1), "not_checked"),
        (CannotTell(RULE, "delivery/PAY", "no dates", 1, ("f1",)), "not_checked"),
        (CannotTell(RULE, "delivery/PAY", "no dates", 1, ("f2",)), "resolved"),
    ],
)
def test_a_finding_is_resolved_only_if_its_rule_could_tell(store: Store, gap: CannotTell, state: FindingState):
    check(store, MONDAY, finding(1))
    assert check(store, TUESDAY, gap) == [Stated(finding(1), state, MONDAY, MONDAY)]
    checked_day = 20781 if state == "resolved" else 20780
    assert rows(store, "select checked_day from findings") == [(checked_day,)]


def test_what_was_not_checked_goes_on_when_it_is_found_again(store: Store):
    gap = CannotTell(RULE, "delivery/PAY", "read last on Friday", 1)
    check(store, MONDAY, finding(1))
    check(store, TUESDAY, gap)
    assert check(store, WEDNESDAY, finding(1)) == [Stated(finding(1), "new", MONDAY, WEDNESDAY)]
    assert events(store) == [("f1", "open"), ("f1", "not_checked"), ("f1", "open")]


def test_what_is_resolved_stays_so_while_its_rule_cannot_tell(store: Store):
    check(store, MONDAY, finding(1))
    check(store, MONDAY)
    gap = CannotTell(RULE, None, "the rule failed", 1)
    assert states(check(store, TUESDAY, gap)) == {"f1": "resolved"}


def test_a_rule_that_did_not_run_says_nothing(store: Store):
    check(store, MONDAY, finding(1))
    with store.writing() as db:
        assert findings.reconcile(db, [Checked("status-drift")], [], today=TUESDAY) == []
    assert states(check(store, TUESDAY, finding(1))) == {"f1": "new"}


@pytest.mark.parametrize(
    ("seen", "fate", "state"),
    [
        ("missing", "deleted", None),
        ("gone", "deleted", "resolved"),
        ("gone", "hidden", None),
        ("gone", "moved", None),
        ("gone", "gone", None),
        ("gone", "", None),
    ],
)
@pytest.mark.parametrize("who", ["subject", "other"])
def test_only_what_is_known_to_be_deleted_is_resolved_by_being_away(
    store: Store, who: str, seen: str, fate: str, state: FindingState | None
):
    save(store, [record(1), record(2)])
    other = msgspec.structs.replace(finding(2).subject, view="item")
    check(store, MONDAY, finding(1, evidence=(Evidence("{title} waits for {other}.", other=other),)))
    away = {"seen": seen, "fate": fate, "id": "1" if who == "subject" else "2"}
    with store.writing() as db:
        db.execute(text("update item set seen = :seen where remote_id = :id"), away)
        db.execute(text("update record set seen = :seen, fate = :fate where remote_id = :id"), away)
    blind = CannotTell(RULE, "delivery/PAY", "one census missed it", 1, ("f1",))
    gaps = [blind] if (who, seen) == ("other", "missing") else []
    expected = {"f1": "not_checked"} if gaps else {"f1": state} if state else {}
    assert states(check(store, TUESDAY, *gaps)) == expected


def test_an_admin_is_told_that_a_twin_they_lost_is_no_longer_named(store: Store):
    save(store, [record(1), record(2)])
    other = msgspec.structs.replace(finding(2).subject, view="item")
    lost = finding(1, side="admin", evidence=(Evidence("{other} is gone.", other=other),))
    with store.writing() as db:
        db.execute(text("update item set seen = 'gone' where remote_id = '2'"))
    check(store, MONDAY, lost)
    assert states(check(store, TUESDAY)) == {"f1": "resolved"}


def test_a_rule_that_is_not_asked_where_the_subject_is_by_now_says_nothing(store: Store):
    asked = frozenset({("delivery", RISK.remote_id)})
    with store.writing() as db:
        findings.reconcile(db, [Checked(RULE, (finding(1),))], [], today=MONDAY)
        assert findings.reconcile(db, [Checked(RULE, asked=asked)], [], today=TUESDAY) == []
    save(store, [record(1, places=(Place(RISK.remote_id),))])
    with store.writing() as db:
        (told,) = findings.reconcile(db, [Checked(RULE, asked=asked)], [], today=WEDNESDAY)
    assert told.state == "resolved"


def test_a_rule_that_is_blind_where_the_subject_is_resolves_nothing(store: Store):
    check(store, MONDAY, finding(1))
    with store.writing() as db:
        (told,) = findings.reconcile(
            db, [Checked(RULE, blind=frozenset({("delivery", PAY.remote_id)}))], [], today=TUESDAY
        )
    assert told.state == "not_checked"


def test_what_is_summed_over_scopes_is_not_resolved_by_one_that_left_the_config(store: Store):
    summed = finding(1, subject=Subject("person", 5, "", "", "ada", "Ada", "Ada", ""))
    check(store, MONDAY, summed, finding(2))
    with store.writing() as db:
        connect(db, PAY)
    assert states(check(store, TUESDAY)) == {"f2": "resolved"}
    assert states(check(store, WEDNESDAY)) == {"f2": "resolved"}
    assert states(check(store, WEDNESDAY, summed)) == {"f1": "new", "f2": "resolved"}
    assert states(check(store, WEDNESDAY)) == {"f1": "resolved", "f2": "resolved"}


@pytest.mark.parametrize("view", ["person", "sprint"])
def test_what_is_summed_over_scopes_is_not_resolved_while_one_of_them_is_not_read_whole(store: Store, view: str):
    summed = finding(1, subject=Subject(view, 5, "", "", "ada", "Ada", "Ada", ""))
    save(store, [record(1)])
    check(store, MONDAY, summed)
    assert states(check(store, TUESDAY)) == {"f1": "not_checked"}
    with store.writing() as db:
        for scope in (PAY, RISK):
            scopes.finish_read(db, "delivery", scope.remote_id, at=f"{TUESDAY}T08:00:00.000Z", complete=True)
    assert states(check(store, TUESDAY)) == {"f1": "resolved"}


@pytest.mark.parametrize(
    "subject", ["pay-1", "https://example.atlassian.net/browse/PAY-1", "https://example.atlassian.net/browse/", "f1"]
)
def test_a_waiver_accepts_a_finding_to_the_end_of_its_last_day(store: Store, subject: str):
    waiver = Waiver(RULE, subject, TUESDAY, "Owner joins in January")
    if subject.endswith("browse/"):  # the beginning of a URL is that of a card, whose title may follow
        waiver = msgspec.structs.replace(waiver, subject="https://example.atlassian.net/browse")
    assert check(store, TUESDAY, finding(1), waivers=(waiver,)) == [
        Stated(finding(1), "waived", TUESDAY, TUESDAY, waiver)
    ]
    assert states(check(store, WEDNESDAY, finding(1), waivers=(waiver,))) == {"f1": "new"}
    assert events(store) == [("f1", "waived"), ("f1", "open")]


@pytest.mark.parametrize(
    "waiver",
    [
        Waiver(RULE, "PAY-10", TUESDAY, "another item"),
        Waiver("status-drift", "PAY-1", TUESDAY, "another rule"),
        Waiver(RULE, "", TUESDAY, "nothing named"),
    ],
)
def test_a_waiver_of_something_else_accepts_nothing(store: Store, waiver: Waiver):
    assert states(check(store, MONDAY, finding(1), waivers=(waiver,))) == {"f1": "new"}


def test_a_waived_finding_is_resolved_like_any_other(store: Store):
    waiver = Waiver(RULE, "PAY-1", WEDNESDAY, "known")
    check(store, MONDAY, finding(1), waivers=(waiver,))
    assert states(check(store, TUESDAY, waivers=(waiver,))) == {"f1": "resolved"}


def test_a_waived_finding_that_cannot_be_told_stays_waived(store: Store):
    waiver = Waiver(RULE, "PAY-1", WEDNESDAY, "known")
    check(store, MONDAY, finding(1), waivers=(waiver,))
    gap = CannotTell(RULE, None, "the rule failed", 1)
    assert states(check(store, TUESDAY, gap, waivers=(waiver,))) == {"f1": "waived"}


def test_the_store_knows_the_waivers_of_the_config(store: Store):
    check(store, MONDAY, waivers=(Waiver(RULE, "PAY-1", MONDAY, "a"), Waiver(RULE, "PAY-2", MONDAY, "b")))
    check(store, MONDAY, waivers=(Waiver(RULE, "PAY-2", TUESDAY, "c", by="ada"),))
    assert rows(store, "select * from waiver") == [(RULE, "PAY-2", "config", TUESDAY, "c", "ada", None)]


def test_the_same_answer_on_the_same_day_writes_nothing(store: Store):
    found = [finding(number) for number in range(50)]
    first = check(store, MONDAY, *found)
    before = rows(store, "select * from finding order by 1"), events(store)
    assert check(store, MONDAY, *reversed(found)) == first[::-1]
    assert (rows(store, "select * from finding order by 1"), events(store)) == before


def test_the_latest_words_are_kept(store: Store):
    check(store, MONDAY, finding(1))
    softer = finding(1, severity="info", evidence=(Evidence("Nobody owns {title} yet."),))
    check(store, TUESDAY, softer)
    assert check(store, WEDNESDAY) == [Stated(softer, "resolved", MONDAY, TUESDAY)]
