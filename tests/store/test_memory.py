import msgspec

from syncbot.model import Account, Container, Field, Mapped, Record, Scope, Term, Vocabulary
from syncbot.store import Store, containers, memory
from tests.store.helpers import AT, PAY, RISK, connect, item, record, rows, save

VOCABULARY = Vocabulary((Field("customfield_10016", "Story Points", "number"),), (Term("status", "3", "Doing"),))


def test_a_kept_value_comes_back_as_it_was(store: Store):
    with store.writing() as db:
        assert memory.get_state(db, "delivery", "vocabulary", Vocabulary) is None
        memory.put_state(db, "delivery", "vocabulary", VOCABULARY, at="2026-11-01T06:00:00.000Z")
        memory.put_state(db, "delivery", "vocabulary", VOCABULARY, at=AT)
        memory.put_state(db, "roadmap", "vocabulary", Vocabulary(), at=AT)
        assert memory.get_state(db, "delivery", "vocabulary", Vocabulary) == (VOCABULARY, AT)


def test_a_value_of_another_version_is_as_good_as_none(store: Store):
    with store.writing() as db:
        memory.put_state(db, "delivery", "vocabulary", {"fields": "all"}, at=AT)
        assert memory.get_state(db, "delivery", "vocabulary", Vocabulary) is None


def test_names_are_kept_by_connection_facet_and_scope(store: Store):
    kept = {("field", "", "story points"): "customfield_10016", ("list", PAY.remote_id, "doing"): "l1"}
    with store.writing() as db:
        memory.keep_names(db, "delivery", kept)
        memory.keep_names(db, "delivery", {("list", PAY.remote_id, "doing"): "l2"})
        memory.keep_names(db, "roadmap", {("list", "b1", "doing"): "l9"})
        assert memory.kept_names(db, "delivery") == kept | {("list", PAY.remote_id, "doing"): "l2"}


def test_accounts_keep_their_ids_and_only_the_form_of_an_email_that_compares(store: Store):
    with store.writing() as db:
        containers.save_accounts(db, "delivery", [Account("a1", "Ada", " Ada@Example.com ", active=True, handle="ada")])
        before = db.exec_driver_sql("select id from account").scalar_one()
        containers.save_accounts(db, "delivery", [Account("a1", "Ada Park", "ada@example.com"), Account("b", "Bo")])
        assert containers.known_accounts(db, "delivery") == {"a1", "b"}
    assert rows(store, "select id, name, email_key, active from accounts where remote_id = 'a1'") == [
        (before, "Ada Park", "ada@example.com", None)
    ]


def test_a_version_that_was_deleted_is_gone_from_its_scope_only(store: Store):
    def version(number: int, scope: Scope) -> Container:
        return Container(f"v{number}", scope.remote_id, "version", f"{number}.0", due_on="2026-12-01")

    with store.writing() as db:
        connect(db)
        containers.save_containers(db, "delivery", PAY.remote_id, [version(1, PAY), version(2, PAY)])
        containers.save_containers(db, "delivery", RISK.remote_id, [version(3, RISK)])
        containers.save_containers(db, "delivery", PAY.remote_id, [version(2, PAY)])
    assert rows(store, "select remote_id, name, closed, due_on from container order by 1") == [
        ("v2", "2.0", False, "2026-12-01"),
        ("v3", "3.0", False, "2026-12-01"),
    ]


def test_a_milestone_has_the_dates_and_the_end_of_its_version_whichever_comes_first(store: Store):
    first = Container("v1", PAY.remote_id, "version", "1.0", start_on="1970-01-02", due_on="1970-01-03")
    other = Container("v9", RISK.remote_id, "version", "1.0", due_on="2026-12-01")

    def apply(record: Record) -> Mapped:
        made = item(record, remote_id="version:1.0", kind="milestone", title="1.0", word="1.0", derived_from="version")
        return Mapped(record.remote_id, item(record), derived=(made,))

    told = "select status, is_open, released, start_on, start_day, due_on, due_day, done_day from milestones"
    with store.writing() as db:
        connect(db)
        containers.save_containers(db, "delivery", PAY.remote_id, [first])
        containers.save_containers(db, "delivery", RISK.remote_id, [other])
    save(store, [record(1)], apply)
    assert rows(store, told) == [("planned", True, False, "1970-01-02", 1, "1970-01-03", 2, None)]
    released = msgspec.structs.replace(first, closed=True, done_on="1970-01-05")
    with store.writing() as db:
        containers.save_containers(db, "delivery", PAY.remote_id, [released])
    assert rows(store, told) == [("done", False, True, "1970-01-02", 1, "1970-01-03", 2, 4)]
