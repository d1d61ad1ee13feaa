from syncbot.model import Scope, Source
from syncbot.store import Store, scopes
from tests.store.helpers import PAY, RISK, connect, everything, record, rows, save


def test_scopes_keep_their_ids_and_cursors_while_their_names_change(store: Store):
    with store.writing() as db:
        connect(db)
        scopes.keep_cursor(db, "delivery", PAY.remote_id, "c1")
        before = scopes.ids(db, "delivery")
        connect(db, Scope(PAY.remote_id, "PAY", "Payments and payouts"), RISK)
        assert scopes.ids(db, "delivery") == before
        assert scopes.cursors(db, "delivery") == {PAY.remote_id: "c1", RISK.remote_id: None}
    assert rows(store, "select name from scopes order by name") == [("Payments and payouts",), ("Risk",)]


def test_the_same_scopes_again_change_nothing(store: Store):
    with store.writing() as db:
        connect(db)
    before = everything(store)
    with store.writing() as db:
        connect(db)
    assert everything(store) == before


def test_a_scope_that_is_left_out_takes_its_items_along_until_it_is_back(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(1)], cursor="c1")
    with store.writing() as db:
        connect(db, RISK)
        assert scopes.cursors(db, "delivery") == {RISK.remote_id: None}
    assert rows(store, "select ref, seen from items") == [("PAY-1", "gone")]
    assert rows(store, "select ref from tasks") == []
    assert rows(store, "select name from scopes") == [("Risk",)]
    with store.writing() as db:
        connect(db)
        assert scopes.cursors(db, "delivery")[PAY.remote_id] is None
    assert save(store, [record(1)]).changed == 1
    assert rows(store, "select ref from tasks") == [("PAY-1",)]


def test_a_connection_that_left_the_config_is_read_no_more(store: Store):
    with store.writing() as db:
        connect(db)
        connect(db, PAY, connection="other")
    save(store, [record(1)])
    with store.writing() as db:
        scopes.keep_connections(db, {"other"})
    assert rows(store, "select name from connections") == [("other",)]
    assert rows(store, "select connection from scopes") == [("other",)]
    assert rows(store, "select seen from items") == [("gone",)]
    with store.reading() as db:
        assert [source.connection for source in scopes.sources(db, "2026-11-23T06:00:00.000Z")] == ["other"]


def test_a_source_breaks_its_promise_a_day_after_its_last_complete_read(store: Store):
    with store.writing() as db:
        connect(db)
        scopes.finish_read(db, "delivery", PAY.remote_id, at="2026-11-22T06:00:00.000Z", complete=True)
        scopes.finish_read(
            db, "delivery", PAY.remote_id, at="2026-11-22T09:00:00.000Z", complete=False, error="no answer"
        )
        pay, risk = scopes.sources(db, "2026-11-23T06:00:00.000Z")
        later, _ = scopes.sources(db, "2026-11-23T06:00:01.000Z")
    assert pay == Source(
        connection="delivery",
        tool="jira",
        scope=PAY.remote_id,
        name="Payments",
        read_at="2026-11-22T06:00:00.000Z",
        error="no answer",
        key="PAY",
        url=PAY.url,
    )
    assert later.promise_broken
    assert (risk.read_at, risk.promise_broken) == (None, True)


def test_what_was_read_by_a_clock_that_was_ahead_is_not_fresh(store: Store):
    with store.writing() as db:
        connect(db)
        scopes.finish_read(db, "delivery", PAY.remote_id, at="2027-11-22T06:00:00.000Z", complete=True)
        assert scopes.sources(db, "2026-11-23T06:00:00.000Z")[0].promise_broken


def test_a_good_read_forgets_the_error_of_the_last(store: Store):
    with store.writing() as db:
        connect(db, PAY)
        scopes.finish_read(db, "delivery", PAY.remote_id, at="2026-11-22T06:00:00.000Z", complete=False, error="no")
        scopes.finish_read(db, "delivery", PAY.remote_id, at="2026-11-22T07:00:00.000Z", complete=True)
        (source,) = scopes.sources(db, "2026-11-22T08:00:00.000Z")
    assert (source.error, source.promise_broken) == (None, False)


def test_a_connection_is_as_old_as_its_oldest_scope(store: Store):
    with store.writing() as db:
        connect(db)
        scopes.finish_read(db, "delivery", PAY.remote_id, at="1970-01-04T06:00:00.000Z", complete=True)
        scopes.finish_read(db, "delivery", RISK.remote_id, at="1970-01-03T06:00:00.000Z", complete=True)
    assert rows(store, "select name, tool, read_day, complete from connections") == [("delivery", "jira", 2, False)]


def test_a_connection_whose_tool_never_answered_is_there_and_not_complete(store: Store):
    with store.writing() as db:
        scopes.configure(db, "roadmap", "trello", side="product", promise_minutes=60)
    assert rows(store, "select name, tool, read_day, complete from connections") == [("roadmap", "trello", None, False)]
    with store.writing() as db:
        connect(db, PAY, connection="roadmap")
    assert rows(store, "select side from connection") == [("product",)]


def test_cursors_can_be_forgotten(store: Store):
    with store.writing() as db:
        connect(db)
        scopes.keep_cursor(db, "delivery", PAY.remote_id, "c1")
        scopes.keep_cursor(db, "delivery", PAY.remote_id, None)
        assert scopes.cursors(db, "delivery")[PAY.remote_id] == "c1"
        scopes.reset_cursors(db, "delivery")
        assert set(scopes.cursors(db, "delivery").values()) == {None}
