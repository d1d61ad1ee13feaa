"""What the admin edits between two runs: it holds from the next run on, and nothing old stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from syncbot import mapping
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store
from tests.company import Company


def test_the_team_of_a_scope_is_its_team_without_naming_the_scope_again(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.apply("work-abandoned")
    company = Company(sandbox, store_url, tmp_path, edit=('boards  = ["delivery/RISK"]\n', ""))
    (stated,) = company.run(apply=None).verdict.stated
    assert stated.finding.person is not None
    assert stated.finding.person.name == "Cy Okafor"


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    sandbox.apply("work-abandoned", "owner-leaves", "sprint-overfull")
    started = Company(sandbox, store_url, tmp_path)
    started.run(apply=None)
    return started.later(hours=1)


WITHOUT_RISK = (
    ('"PAY", "RISK"', '"PAY"'),
    ('[connections.delivery.scope."RISK"]\nteam  = "risk"\nwhere = "issuetype != \'Service request\'"\n', ""),
)


def test_a_scope_that_is_taken_out_and_put_back_is_what_it_was(company: Company) -> None:
    before = company.run(apply=None).found
    items = _items(company)
    for _ in range(2):
        run = company.configure(*WITHOUT_RISK).later(hours=1).run(apply=None)
        assert not any(ref.startswith("RISK-") for _, ref in run.found)
        assert "it points to work that is not read" in {gap.reason for gap in run.verdict.cannot_tell}
        assert {rule for rule, _ in run.found} <= {rule for rule, _ in before}
    assert not any(ref.startswith("RISK-") for ref, _ in _items(company))
    back = company.configure().later(hours=1).run(apply=None)
    assert back.found == before
    assert _items(company) == items


def test_a_task_of_two_projects_stays_though_one_of_them_is_taken_out(sandbox: Sandbox, tmp_path: Path) -> None:
    out, kept = [one for one in sandbox.world.asana.projects.values() if one.name.startswith("Launch")][:2]
    tasks = sandbox.world.asana.tasks.values()
    task = next(one for one in tasks if out.gid in one.places and not one.completed and not one.parent)
    task.places[kept.gid] = next(one.places[kept.gid] for one in tasks if kept.gid in one.places)
    company = Company(sandbox, f"sqlite:///{tmp_path / 'syncbot.db'}", tmp_path)
    company.run(apply=None)
    there = f"select seen from items where remote_id = '{task.gid}'"
    assert company.ask(there) == {("here",)}
    company.configure(('scopes = ["Launch *"]', f'scopes = ["Launch *", "!{out.name}"]'))
    run = company.later(minutes=15).run(apply=None, expect_mistakes=None)
    assert company.ask(there) == {("here",)}
    assert run.resolved == set()


def test_a_filter_that_changes_lets_go_of_what_it_no_longer_lets_through(company: Company) -> None:
    before = company.run(apply=None).found
    assert any(ref.startswith("RISK-") for _, ref in before)
    company.configure(("issuetype != 'Service request'", "issuetype = Epic"))
    after = company.later(hours=1).run(apply=None)
    assert not any(ref.startswith("RISK-") for rule, ref in after.found if rule == "work-without-assignee")
    assert company.configure().later(hours=1).run(apply=None).found == before


@pytest.mark.parametrize("connection", ["roadmap", "delivery"])
def test_a_later_since_leaves_out_what_did_not_change_after_it(company: Company, connection: str) -> None:
    before, items = company.run(apply=None).found, _items(company)
    company.configure((f"[connections.{connection}]\n", f"[connections.{connection}]\nsince = 2030-01-01\n"))
    company.later(hours=1).run(apply=None)
    assert 0 < len(_items(company)) < len(items)
    assert company.configure().later(hours=1).run(apply=None).found == before
    assert _items(company) == items


def test_a_mapping_that_changes_is_applied_without_reading(company: Company, tmp_path: Path) -> None:
    assert any(rule == "feature-without-owner" for rule, _ in company.run(apply=None).found)
    (tmp_path / "mappings").mkdir()
    preset = mapping.preset("trello").read_text(encoding="utf-8")
    (tmp_path / "mappings" / "trello.toml").write_text(
        preset.replace('task      = { label = ["Task", "Bug", "Chore"] }', 'task = { list = "*" }'), encoding="utf-8"
    )
    company.configure()
    company.sandbox.clear()
    run = company.later(minutes=5).run(apply=None)
    assert not any(rule == "feature-without-owner" for rule, _ in run.found)
    assert sorted(one.tool for one in company.sandbox.requests) == ["asana", "asana", "jira", "trello"]


def test_a_field_that_is_taken_out_and_put_back_is_read_again(company: Company, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    company.text = company.text.replace("[syncbot]\n", '[syncbot]\nmappings = "mappings"\n')
    preset = mapping.preset("trello").read_text(encoding="utf-8")
    due = "select ref, due_on from items where connection = 'roadmap' and due_on is not null"
    before = company.ask(due)
    assert before
    for text_ in preset.replace('"Due date"', '"Start date"'), preset:
        (tmp_path / "mappings" / "trello.toml").write_text(text_, encoding="utf-8")
        for board in company.sandbox.world.trello.boards.values():
            board.active = company.sandbox.world.stamp()
        company.configure().later(minutes=20).run(apply=None)
    assert company.ask(due) == before


def _items(company: Company) -> set[tuple[str, str]]:
    """The items that count, by ref and kind."""
    with Store.open(company.store_url) as store, store.reading() as db:
        return {tuple(row) for row in db.execute(text("select ref, kind from items where seen = 'here'"))}


def test_a_board_that_is_called_otherwise_is_read_on_and_the_config_is_to_be_corrected(company: Company) -> None:
    before, items = company.run(apply=None).found, _items(company)
    board = next(one for one in company.sandbox.world.trello.boards.values() if one.name == "Product roadmap")
    board.name, board.active = "Roadmap 2027", company.sandbox.world.stamp()
    for _ in range(3):
        run = company.later(days=1, minutes=1).run(apply=True, expect_mistakes=True)
        assert (run.found, _items(company)) == (before, items)
    company.text = company.text.replace('"Product roadmap"', '"Roadmap 2027"')
    run = company.configure().later(days=1).run(apply=True)
    assert run.found == before
    assert company.ask("select name from scopes where connection = 'roadmap'") == {("Roadmap 2027",)}


def test_a_project_whose_key_changes_is_read_on_with_what_the_config_says_of_it(company: Company) -> None:
    before, items = company.run(apply=None).found, len(_items(company))
    jira = company.sandbox.world.jira
    project = next(one for one in jira.projects.values() if one.key == "RISK")
    project.key = "HAZ"
    for issue in jira.issues.values():
        if issue.project == project.id:
            issue.old_keys, issue.key = [issue.key], issue.key.replace("RISK", "HAZ")
    company.sandbox.world.stamp()
    for _ in range(2):
        run = company.later(days=1, minutes=1).run(apply=None, expect_mistakes=True)
        assert not any(one.failed or one.gone for one in run.pulled)
        assert {rule for rule, _ in run.found} == {rule for rule, _ in before}
        assert len(_items(company)) == items
    company.text = company.text.replace('"RISK"', '"HAZ"').replace("delivery/RISK", "delivery/HAZ")
    run = company.configure().later(days=1).run(apply=None)
    assert not any(one.gone for one in run.pulled)
    assert len(_items(company)) == items


def test_the_home_of_a_task_follows_the_order_of_the_scopes_at_once(company: Company) -> None:
    asana = company.sandbox.world.asana
    one, two = [project.gid for project in asana.projects.values() if not project.archived][:2]
    shared = next(task for task in asana.tasks.values() if {one, two} <= task.places.keys())
    query = f"""select s.remote_id, m.scope_id from record r join scope s on s.id = r.home_scope_id
        join membership m on m.item_id = r.id and m.is_home where r.remote_id = '{shared.gid}'"""

    def home(*order: str) -> str:
        written = ", ".join(f'"{gid}"' for gid in order)
        company.configure(('["Launch *"]', f"[{written}]")).later(minutes=15).run(apply=None, expect_mistakes=None)
        ((found, _),) = company.ask(query)
        return str(found)

    assert [home(one, two), home(two, one), home(one, two)] == [one, two, one]
    company.sandbox.clear()
    changed = company.later(days=1, minutes=1).run(apply=None, expect_mistakes=None).pulled[2].changed
    assert changed == 0, "a whole read finds it as it stands in the store"
