import msgspec

from syncbot import rules
from syncbot.rules import Catalogue, Param
from tests.rules import cases
from tests.worlds import DAY, TODAY, Item, World

CATALOGUE = rules.load()
PLAIN = msgspec.structs.replace(CATALOGUE.rules["source-stale"], id="plain", about="item", message="{title}")
PLACE = f"source-stale.sql, line {PLAIN.line}"
WORLD = World(items=(Item("PAY-1", owner="ada"), Item("PAY-2", status="done")))


def check(store, rule, settings=(), **options):
    with cases.filled(store, WORLD) as db:
        return next(rules.check(db, Catalogue({rule.id: rule}), settings, today=TODAY, **options))


def test_a_fingerprint_is_a_format_that_never_changes():
    assert rules.fingerprint("feature-without-owner", "roadmap", "abc") == "41e917bb6def"
    assert rules.fingerprint("a", "b", "c", ["2026-W48"]) != rules.fingerprint("a", "b", "c")


def test_rows_of_one_subject_are_one_finding_with_several_pieces_of_evidence(store):
    rule = msgspec.structs.replace(
        PLAIN, sql="select i.id as subject, j.ref, 1.5 as n, i.is_open from items i join items j on i.is_open"
    )
    (finding,) = check(store, rule).findings

    assert [piece.facts for piece in finding.evidence] == [
        {"ref": "PAY-1", "n": 1.5, "is_open": 1},
        {"ref": "PAY-2", "n": 1.5, "is_open": 1},
    ]


def test_a_key_makes_them_findings_of_their_own(store):
    rule = msgspec.structs.replace(PLAIN, sql="select i.id as subject, j.ref from items i join items j on i.is_open")
    findings = check(store, msgspec.structs.replace(rule, key=("ref",))).findings

    assert len({finding.fingerprint for finding in findings}) == 2


def test_no_value_can_pose_as_a_placeholder(store):
    rule = msgspec.structs.replace(
        PLAIN, sql="select i.id as subject, '{title}' as x from items i", message="{x} {title}"
    )

    assert {piece.message for one in check(store, rule).findings for piece in one.evidence} == {"(title) {title}"}


def test_days_arrive_as_a_day_number_and_are_shown_as_days(store):
    rule = msgspec.structs.replace(
        PLAIN,
        sql="select i.id as subject, :since as since from items i where i.is_open and :since > 0",
        message="for {since} or {days}",
        params=(Param("since", 5, "days_ago"), Param("days", 3)),
    )
    (finding,) = check(store, rule).findings

    assert finding.evidence[0].message == f"for {DAY - 5} or 3"


def test_a_rule_that_fails_says_so_and_leaves_the_others_alone(store):
    broken = msgspec.structs.replace(PLAIN, id="broken", sql="select id as subject from nowhere")
    fine = msgspec.structs.replace(PLAIN, id="fine", sql="select id as subject from items")
    with cases.filled(store, WORLD) as db:
        first, second = rules.check(db, Catalogue({"broken": broken, "fine": fine}), today=TODAY)

    assert first.cannot_tell[0].reason.startswith(f"its query fails ({PLACE}): ")
    assert len(second.findings) == 2


def test_a_query_that_takes_too_long_is_ended(store):
    many = " cross join ".join(f"calendar c{number}" for number in range(4))
    rule = msgspec.structs.replace(PLAIN, sql=f"select count(*) as subject from {many}")

    assert check(store, rule, seconds=0.05).cannot_tell[0].reason == f"its query takes too long ({PLACE})"


def test_the_page_of_a_rule_says_what_it_needs_and_how_to_set_it():
    page = rules.page(CATALOGUE.rules["sprint-over-capacity"], "A sprint of 12 points.")

    for text in (
        "# sprint-over-capacity",
        "## Why it matters",
        "## What to do",
        "tolerance_percent = 10",
        "A sprint of 12",
    ):
        assert text in page
