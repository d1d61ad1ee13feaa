"""One item that could not be mapped is put aside, and read again by itself an hour later, or at once when told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from syncbot.report.document import Gap
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store
from tests.company import Company

ASIDE = "select remote_id from quarantine"


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    """A company one of whose issues, and one that was deleted since, stand as a mapping that failed left them."""
    made = Company(sandbox, store_url, tmp_path)
    made.run(apply=None)
    at = made.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with Store.open(store_url) as store, store.writing() as db:
        db.execute(text("update item set title = 'Old' where ref = 'PAY-2'"))
        for query in (
            f"""insert into quarantine (connection, remote_id, scope, reason, at, since)
                select r.connection, r.remote_id, s.remote_id, 'poisoned', '{at}', '{at}'
                from record r join scope s on s.id = r.home_scope_id join item i on i.id = r.id
                where i.ref = 'PAY-2'""",
            f"insert into quarantine values ('delivery', '99999', '10000', 'poisoned', '{at}', '{at}')",
        ):
            db.execute(text(query))
    return made


def _title(company: Company) -> str:
    ((title,),) = company.ask("select title from items where ref = 'PAY-2'")
    return str(title)


def test_it_waits_for_an_hour_and_nothing_else_does(company: Company) -> None:
    asked = len(company.sandbox.requests)
    run = company.later(minutes=14).run(apply=None)
    assert not any(one.failed for one in run.pulled)
    assert len(company.ask(ASIDE)) == 2
    assert not [one for one in company.sandbox.requests[asked:] if "bulkfetch" in one.url]


def test_after_an_hour_it_is_read_by_itself_and_what_is_gone_is_forgotten(company: Company) -> None:
    company.later(minutes=61).run(apply=None)
    assert company.ask(ASIDE) == set()
    assert _title(company) != "Old"


def test_the_admin_is_told_what_it_is_since_when_why_and_what_to_do(company: Company) -> None:
    verdict = company.later(minutes=1).run(apply=None).verdict
    (first,) = verdict.document(None).gaps
    assert (first.places, first.count) == (("PAY",), 2)
    assert "2 items could not be read since 23 Nov 2026: “Old” and 1 more (poisoned);" in first.reason
    assert first.reason.endswith("syncbot pull --retry")
    assert company.later(minutes=1).run(apply=None, retry=True).verdict.document(None).gaps == ()


def test_of_those_that_few_may_see_none_is_the_example(company: Company) -> None:
    with Store.open(company.store_url) as store, store.writing() as db:
        db.execute(text("update item set is_restricted = true where ref = 'PAY-2'"))
    told = ["2 items could not be read since 23 Nov 2026: 99999 and 1 more (poisoned)"]
    assert [gap.reason.partition(";")[0] for gap in _gaps(company)] == told
    with Store.open(company.store_url) as store, store.writing() as db:
        db.execute(text("delete from quarantine where remote_id = '99999'"))
    assert [gap.reason.partition(";")[0] for gap in _gaps(company)] == [
        "1 item could not be read since 23 Nov 2026 (poisoned)"
    ]


def _gaps(company: Company) -> tuple[Gap, ...]:
    return company.later(minutes=1).run(apply=None).verdict.document(None).gaps


def test_after_the_clock_was_set_back_it_does_not_wait_for_the_time_that_it_was(company: Company) -> None:
    company.later(days=-3).run(apply=None)
    assert company.ask(ASIDE) == set()


def test_it_is_read_at_once_when_told_to(company: Company) -> None:
    run = company.later(minutes=1).run(apply=None, retry=True)
    assert company.ask(ASIDE) == set()
    assert _title(company) != "Old"
    assert run.pulled[1].changed == 1


def test_a_tool_that_does_not_answer_keeps_it_aside(company: Company) -> None:
    company.sandbox.fault("jira", "bulkfetch", times=None)
    run = company.later(minutes=61).run(apply=None)
    assert run.pulled[1].failed.keys() == {""}
    assert len(company.ask(ASIDE)) == 2


def _map_again(company: Company) -> Company:
    return company.configure(('side   = "project"', 'side = "product"')).later(minutes=14)


def test_when_the_mapping_changes_it_is_read_at_once(company: Company) -> None:
    run = _map_again(company).run(apply=None)
    assert run.pulled[1].remapped
    assert company.ask(ASIDE) == set()


def test_applying_the_mapping_again_to_what_is_stored_does_not_forget_what_is_not(company: Company) -> None:
    company.sandbox.fault("jira", "bulkfetch", times=None)
    run = _map_again(company).run(apply=None)
    assert run.pulled[1].remapped
    assert len(company.ask(ASIDE)) == 2
