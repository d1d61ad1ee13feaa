import os
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from syncbot.errors import StoreError, UserError
from syncbot.store import Store, engine, migrate, views
from syncbot.store.schema import REVISION, metadata, whole
from syncbot.store.views import VIEWS
from tests.store.helpers import run
from tests.stores import Server


def test_a_new_store_has_the_tables_of_the_schema(store: Store):
    with store.writing() as db:
        assert compare_metadata(MigrationContext.configure(db), whole()) == []


def test_migrations_lead_to_the_tables_of_the_schema(store: Store):
    with store.writing() as db:
        views.drop(db)
        db.execute(text("drop table alembic_version"))
        metadata.drop_all(db)
        migrate.upgrade(db, None)
        views.create(db)
        assert migrate.revision(db) == REVISION
        assert compare_metadata(MigrationContext.configure(db), whole()) == []


def test_migrations_and_the_script_for_new_stores_say_just_what_the_schema_says(tmp_path: Path):
    made, migrated = create_engine("sqlite://"), create_engine("sqlite://")
    whole().create_all(made)
    with migrated.begin() as db:
        migrate.upgrade(db, None)
    with Store.open(f"sqlite:///{tmp_path / 'syncbot.db'}") as store, store.reading() as db:
        new = _tables(db)
    with made.connect() as schema, migrated.connect() as upgraded:
        assert new == _tables(upgraded)
        del new["alembic_version"]
        assert new == _tables(schema)
    made.dispose()
    migrated.dispose()


def _tables(db: Connection) -> dict[str, str]:
    query = text("select name, sql from sqlite_master where type in ('table', 'index') and sql is not null")
    return {name: " ".join(sql.split()) for name, sql in db.execute(query)}


def test_the_newest_revision_is_the_one_that_opens_at_once():
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_new_store_and_one_that_is_up_to_date_open_without_alembic(tmp_path: Path, store_url: str):
    for url in (f"sqlite:///{tmp_path / 'new.db'}", store_url):
        program = f"import sys; from syncbot.store import Store; Store.open({url!r}); print('alembic' in sys.modules)"
        assert run(program).stdout == "False\n"


def test_sqlite_does_not_wait_for_the_other_engine_to_be_loaded(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    program = f"import sys; from syncbot.store import Store; Store.open({url!r}); print(*sys.modules)"
    assert not [name for name in run(program).stdout.split() if name.startswith("sqlalchemy.dialects.postgresql")]


def test_every_view_can_be_read(store: Store):
    with store.reading() as db:
        assert [view for view in VIEWS if db.execute(text(f"select * from {view}")).all()] == []


ITEMS = """id connection remote_id ref url kind side title title_key status word is_open is_committed is_flagged
    priority owner_id team_id function requires points minutes left_minutes spent_minutes start_on start_day due_on
    due_day created_day changed_day started_day done_day description_words has_reason parent_id group_id feature_id
    goal_id home_scope_id seen"""
CONTRACT = {
    "items": ITEMS,
    "features": """id group_id title url ref connection side status word is_open is_committed is_waiting priority
        owner_id lead_id goal_id due_on due_day done_day work_open work_doing work_done effort_minutes effort_points
        scope_id""",
    "tasks": ITEMS,
    "milestones": f"{ITEMS} released",
    "goals": f"{ITEMS} share state",
    "memberships": "item_id scope_id section position is_home",
    "assignees": "item_id person_id account_id role share",
    "people": "id name active is_bot weekly_minutes region timezone roles",
    "accounts": "id connection remote_id name email_key active person_id matched_by",
    "teams": "id name lead_id",
    "team_people": "team_id person_id share",
    "team_boards": "team_id board",
    "links": "from_id to_id type origin",
    "unmapped_words": "item_id facet word",
    "link_suggestions": "from_id to_id type score",
    "sprints": "id name board state team_id start_on start_day end_on end_day closed_day goal scope_id",
    "item_sprints": "item_id sprint_id is_current added_day removed_day",
    "changes": "item_id field old new at day account_id connection ref",
    "snapshots": "id of of_id event taken_day rebuilt start_on due_on",
    "snapshot_items": "snapshot_id item_id points minutes status due_on",
    "metrics": "id feature_id name target direction",
    "readings": "metric_id day value provisional",
    "scopes": "id connection remote_id name side team_id",
    "connections": "name tool read_day complete",
    "trust": "scope_id kind field mapped filled_percent fresh complete reason",
    "needs": "scope_id rule field kind filled_percent enough",
    "twins": "feature_id twin_id connection scope_id status word is_open owner_id due_on due_day done_day",
    "lost_twins": "item_id twin_id fate",
    "effort": "item_id points minutes unknown",
    "sprint_load": """sprint_id unit planned estimated unestimated off_roadmap off_percent capacity capacity_from
        percent unknown""",
    "person_weeks": "person_id week_on week_day planned_minutes capacity_minutes capacity_from sources unknown",
    "feature_people": "feature_id person_id doing open free",
    "feature_sprints": "feature_id sprint_id open",
    "feature_functions": "feature_id function work anywhere",
    "dependencies": "item_id root_id next_id depth cycle_id",
    "flow": "item_id cycle_days age_days moved_back slips carried",
    "forecast": "milestone_id chance p50_day p85_day p95_day",
    "scope_usual": "scope_id p85_days",
    "calendar": "region day on_date workday",
    "findings": "rule fingerprint subject side person_id severity state first_day last_day checked_day edition",
}


def test_rules_find_just_these_columns(store: Store):
    with store.reading() as db:
        look = inspect(db)
        found = {name: {column["name"] for column in look.get_columns(name)} for name in CONTRACT}
    assert found == {name: set(columns.split()) for name, columns in CONTRACT.items()}
    assert VIEWS.keys() <= CONTRACT.keys()


def test_text_sorts_by_code_point(store: Store):
    with store.writing() as db:
        for key in ("b", "Z", "ä", "a"):
            db.execute(text("insert into team (key, name) values (:key, '')"), {"key": key})
        assert db.scalars(text("select key from team order by key")).all() == ["Z", "a", "b", "ä"]


def test_reading_cannot_write(store: Store):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), store.reading() as db:
        db.execute(text("insert into team (key, name) values ('x', 'x')"))


def test_reading_sees_one_unmoving_picture(store: Store):
    with store.reading() as reader:
        assert reader.scalar(text("select count(*) from team")) == 0
        with store.writing() as db:
            db.execute(text("insert into team (key, name) values ('x', 'x')"))
        assert reader.scalar(text("select count(*) from team")) == 0


def test_a_transaction_that_fails_leaves_nothing(store: Store):
    def write() -> None:
        with store.writing() as db:
            db.execute(text("insert into team (key, name) values ('x', 'x')"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    with store.reading() as db:
        assert db.scalar(text("select count(*) from team")) == 0


def test_a_store_of_a_newer_version_is_left_alone(store_url: str):
    with Store.open(store_url) as store, store.writing() as db:
        db.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(UserError, match=r"made by a newer syncbot \(revision 9999\)"):
        Store.open(store_url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at by one " * 100)
    with pytest.raises(UserError, match=r"notes\.txt cannot be opened: file is not a database"):
        Store.open(f"sqlite:///{tmp_path / 'notes.txt'}")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"nowhere/syncbot\.db cannot be opened: unable to open"):
        Store.open(f"sqlite:///{tmp_path / 'nowhere' / 'syncbot.db'}")


def test_a_path_may_hold_any_character(tmp_path: Path):
    folder = tmp_path / "50% of #1? é"
    folder.mkdir()
    Store.open(f"sqlite:///{folder / 'syncbot.db'}".replace("%", "%25").replace("?", "%3F")).close()
    assert [path.name for path in folder.iterdir()] == ["syncbot.db"]


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(UserError, match=r"postgresql://bot:\*\*\*@127\.0\.0\.1:1/work cannot be opened") as raised:
        Store.open("postgresql://bot:hunter2@127.0.0.1:1/work")
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_store_that_is_kept_busy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0)

    def write(store: Store) -> None:
        with store.writing():
            pytest.fail("two writers at once")

    url = f"sqlite:///{tmp_path / 'syncbot.db'}"
    refused = pytest.raises(UserError, match=r"syncbot\.db failed: database is locked")
    with Store.open(url) as first, Store.open(url) as second, first.writing(), refused:
        write(second)


def test_a_server_that_goes_away_is_named(postgresql: Server):
    def lose(store: Store) -> None:
        with store.writing() as db:
            db.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    postgresql.empty()
    with Store.open(postgresql.url) as store, pytest.raises(UserError, match=r"the store postgresql://.* failed: "):
        lose(store)


def test_a_server_that_went_away_and_was_asked_again_is_named(postgresql: Server):
    def go_on(store: Store) -> None:
        with store.reading() as db:
            with suppress(DBAPIError), db.begin_nested():
                db.execute(text("select pg_terminate_backend(pg_backend_pid())"))
            db.begin_nested()

    postgresql.empty()
    with Store.open(postgresql.url) as store, pytest.raises(StoreError, match=r"failed: the connection was lost"):
        go_on(store)


def test_a_mistake_in_our_own_sql_is_our_own_fault(store: Store):
    with pytest.raises(DBAPIError, match="nowhere"), store.reading() as db:
        db.execute(text("select * from nowhere"))


@pytest.mark.parametrize("url", ["", "syncbot.db", "mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:"])
def test_a_url_of_something_else_is_refused_without_repeating_it(url: str):
    with pytest.raises(UserError, match=r"write sqlite:///syncbot\.db") as raised:
        Store.open(url)
    assert "hunter2" not in str(raised.value)


def test_a_lock_is_held_by_one_at_a_time_and_others_still_write(store_url: str):
    with Store.open(store_url) as first, Store.open(store_url) as second:
        with first.lock("pull"):
            with pytest.raises(UserError, match="another syncbot holds the lock 'pull'"), second.lock("pull"):
                pass
            with second.lock("../pull my/board"), second.writing() as db:
                db.execute(text("insert into team (key, name) values ('x', 'x')"))
        with second.lock("pull"):
            pass


def test_a_lock_is_one_whatever_way_leads_to_the_store(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'syncbot.db'}") as store:
        linked = tmp_path / "linked.db"
        linked.symlink_to(tmp_path / "syncbot.db")
        with Store.open(f"sqlite:///{linked}") as other, store.lock("outbox"):
            assert other.is_locked("outbox")


def test_a_lock_is_waited_for_as_long_as_one_has_patience(store_url: str):
    with Store.open(store_url) as first, Store.open(store_url) as second, ExitStack() as held:
        held.enter_context(first.lock("pull"))
        assert second.is_locked("pull")
        ending = threading.Timer(0.3, held.close)
        ending.start()
        with second.lock("pull", patience=60):
            assert first.is_locked("pull")
        ending.join()
        assert not second.is_locked("pull")


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of threads, which the child does without
def test_a_lock_that_another_user_made_is_said_to_be_so():
    shared = Path(tempfile.mkdtemp(prefix="syncbot-"))  # above tmp_path nobody else may look
    shared.chmod(0o777)
    try:
        with Store.open(f"sqlite:///{shared / 'syncbot.db'}") as store, store.lock("run"):
            for file in shared.iterdir():
                file.chmod(0o444 if file.name.endswith(".lock") else 0o666)
            child = os.fork()
            if not child:
                os._exit(_ask_as_nobody(store))
            _, status = os.waitpid(child, 0)
    finally:
        shutil.rmtree(shared)
    assert os.waitstatus_to_exitcode(status) == 0


def _ask_as_nobody(store: Store) -> int:
    if os.getuid() == 0:
        os.setuid(65534)
    try:
        with store.lock("run"):
            return 1
    except StoreError as error:
        return 0 if "syncbot.db.run.lock cannot be written" in str(error) else 2


def test_whoever_held_a_lock_in_a_server_that_forgot_it_knows(postgresql: Server):
    with Store.open(postgresql.url) as store, Store.open(postgresql.url) as other:
        with store.lock("daemon") as is_held:
            assert is_held()
            with other.writing() as db:
                others = "datname = current_database() and pid <> pg_backend_pid()"
                db.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"))
            assert not is_held()
            assert not is_held()
        with other.lock("daemon") as is_held:
            assert is_held()


def test_whoever_held_a_lock_whose_file_is_gone_knows(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'syncbot.db'}") as store, store.lock("daemon") as is_held:
        assert is_held()
        (tmp_path / "syncbot.db.daemon.lock").unlink()
        assert not is_held()
        with store.lock("daemon") as is_held_by_another:
            assert is_held_by_another()
            assert not is_held()


def test_a_server_that_takes_nobody_in_any_more_is_the_stores_failure(postgresql: Server):
    def use(store: Store) -> None:
        with store.reading() as db:
            db.execute(text("select 1"))

    postgresql.empty()
    with Store.open(postgresql.url) as store, postgresql.closed():
        with pytest.raises(StoreError, match="not currently accepting connections"):
            use(store)
        with pytest.raises(StoreError, match="not currently accepting connections"), store.lock("pull"):
            pass


def test_a_lock_goes_with_its_process(store_url: str):
    program = f"""
import os
from syncbot.store import Store
with Store.open({store_url!r}).lock("pull"):
    os.kill(os.getpid(), 9)
"""
    assert run(program).returncode == -9
    with Store.open(store_url) as store:
        for _ in range(200):  # a server may need a moment to see that its client is dead
            try:
                with store.lock("pull"):
                    return
            except UserError:
                time.sleep(0.05)
    pytest.fail("the lock outlived its process")
