"""The company's launches under syncbot: what of its Asana is read, and what it hangs together with."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from syncbot import mapping
from syncbot.store import Store
from tests.company import Company


@pytest.fixture
def read(sandbox, tmp_path):
    """What a query says of the store after one run."""
    url = f"sqlite:///{tmp_path / 'syncbot.db'}"
    assert Company(sandbox, url, tmp_path).run().found == set()

    def rows(query: str) -> set[tuple[object, ...]]:
        with Store.open(url) as store, store.reading() as db:
            return {tuple(row) for row in db.execute(sa.text(query))}

    return rows


def test_current_launches_are_read_and_nothing_else(read, sandbox):
    state = sandbox.world.asana
    expected = set()
    for task in state.tasks.values():
        top = state.tasks[task.parent] if task.parent else task
        if any(name.startswith("Launch") and not archived for name, archived in _homes(state, top)):
            expected.add((task.name,))
    assert read("select title from items where connection = 'marketing'") == expected
    secret = read("select title from items where title like '%Raise%' or title like '%typeface%'")
    assert secret == set()
    assert not any(one.is_write and one.tool == "asana" for one in sandbox.requests)


def _homes(state, task):
    return [(state.projects[gid].name, state.projects[gid].archived) for gid in task.places]


def test_steps_of_a_launch_belong_to_the_feature_that_it_launches(read):
    owners = read(
        "select distinct f.title from items i join features f on f.id = i.feature_id"
        " where i.connection = 'marketing' and i.kind = 'task'"
    )
    assert owners == {("Apple Pay & Google Pay 💳",), ("Risk score on every payment",)}


def test_the_milestone_waits_for_the_steps(read):
    ends = read(
        "select a.kind, b.kind from links l join items a on a.id = l.from_id join items b on b.id = l.to_id"
        " where l.type = 'blocks' and a.connection = 'marketing'"
    )
    assert ends == {("task", "milestone")}


def test_people_are_the_same_in_all_tools(read):
    names = read(
        "select distinct p.name from items i join people p on p.id = i.owner_id where i.connection = 'marketing'"
    )
    assert names == {("Ada Park",), ("Fay O'Neill",), ("Gus Ångström",)}


def test_what_the_launches_do_is_for_the_goal_that_their_portfolio_supports(sandbox, tmp_path):
    with_goals = ('scopes = ["Launch *"]', 'scopes = ["Goals of *", "Launch *"]')
    url = f"sqlite:///{tmp_path / 'syncbot.db'}"
    company = Company(sandbox, url, tmp_path, edit=with_goals)
    company.run()
    with Store.open(url) as store, store.reading() as db:
        (goal,) = db.exec_driver_sql(
            "select i.id, i.status, p.name from items i join people p on p.id = i.owner_id"
            " where i.kind = 'goal' and i.title = 'Be known in the Nordics'"
        ).all()
        below = "select distinct i.kind from links l join items i on i.id = l.from_id where l.to_id = ? and l.type = ?"
        kinds = db.exec_driver_sql(below, (goal.id, "child_of")).all()
        subtasks = "select count(*) from items where title = 'Script' and goal_id = ?"
        count = db.exec_driver_sql(subtasks, (goal.id,)).scalar_one()
    assert (goal.status, goal.name) == ("doing", "Fay O'Neill")
    assert [row.kind for row in kinds] == ["milestone"], "the steps are for their features first"
    assert count == 0


def test_projects_are_milestones_and_portfolios_goals_where_the_mapping_says_so(sandbox, tmp_path):
    preset = mapping.preset("asana").read_text(encoding="utf-8")
    for before, after in (
        ('type = ["Portfolio", "Project"]', 'type = "Nothing"'),
        ('type = "Goal" }', 'type = ["Goal", "Portfolio"] }'),
        ('{ type = "Milestone" }', '{ type = ["Milestone", "Project"] }'),
    ):
        assert before in preset
        preset = preset.replace(before, after)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "asana.toml").write_text(preset, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'syncbot.db'}"
    Company(sandbox, url, tmp_path, edit=('scopes = ["Launch *"]', 'scopes = ["Goals of *", "Launch *"]')).run()
    with Store.open(url) as store, store.reading() as db:
        made = db.exec_driver_sql(
            "select title, kind from items where connection = 'marketing' and kind <> 'task'"
        ).all()
        launch = "select count(*) from links l join items i on i.id = l.from_id join items o on o.id = l.to_id"
        with_launch = f"{launch} where l.type = 'relates' and 'Launch wallets 💳' in (i.title, o.title)"
        count = db.exec_driver_sql(with_launch).scalar_one()
        below = f"{launch} where l.type = 'child_of' and i.kind = 'milestone' and o.title = 'Launches'"
        projects = db.exec_driver_sql(below).scalar_one()
    kinds = {tuple(row) for row in made}
    assert {("Launches", "goal"), ("Be known in the Nordics", "goal"), ("Launch risk score", "milestone")} <= kinds
    assert count >= 5, "what is in the launch is delivered with it"
    assert projects >= 2
