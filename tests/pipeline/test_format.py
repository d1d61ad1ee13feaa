"""Settings of config and mapping through the whole pipeline, on both engines: what they say holds in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot import mapping
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraIssue, TrelloCard, TrelloField, TrelloLabel
from tests.company import Company

RISK = '[connections.delivery.scope."RISK"]\n'
IN_RISK, IN_PAY = "work-abandoned", "sprint-work-unassigned"
RETRY, TELL = "Retry failed cards on the best day", "Tell the merchant before the retry"


@pytest.fixture
def company(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Company:
    return Company(sandbox, store_url, tmp_path)


def refs(sandbox: Sandbox, name: str) -> set[tuple[str, str]]:
    return MUTATIONS[name].refs(sandbox.world)


def issue(sandbox: Sandbox, title: str) -> JiraIssue:
    return next(one for one in sandbox.world.jira.issues.values() if one.summary == title)


def card(sandbox: Sandbox, title: str) -> TrelloCard:
    return next(one for one in sandbox.world.trello.cards.values() if one.name == title)


def own_mapping(folder: Path, tool: str, name: str, *edits: tuple[str, str], more: str = "") -> None:
    """A mapping of the admin: the preset, edited."""
    text = mapping.preset(tool).read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / f"{name}.toml").write_text(text + more, encoding="utf-8")


def test_a_rule_is_switched_and_weighed_for_each_scope(company: Company) -> None:
    sandbox, teams = company.sandbox, "[teams.payments]"
    sandbox.apply(IN_RISK, IN_PAY)
    at_risk, at_pay = refs(sandbox, IN_RISK), refs(sandbox, IN_PAY)
    rule = "rules.work-without-assignee"
    off = f'[{rule}]\nenabled = false\n[{rule}.in."delivery/R*"]\nenabled = true\n'
    assert company.configure((teams, off + teams)).run(apply=None).found == at_risk
    mild = f'[{rule}.in."delivery/PAY"]\nseverity = "info"\n'
    run = company.later(minutes=5).configure((teams, mild + teams)).run(apply=None)
    assert run.found == at_risk | at_pay
    severities = {one.finding.subject.ref: one.finding.severity for one in run.verdict.stated}
    assert severities == {ref: "info" for _, ref in at_pay} | {ref: severities[ref] for _, ref in at_risk}
    assert "info" not in {severities[ref] for _, ref in at_risk}


def test_a_scope_has_its_own_side_mapping_and_since(company: Company, tmp_path: Path) -> None:
    own_mapping(
        tmp_path,
        "jira",
        "risk",
        ("feature   = {", 'task      = { type = "Sub-task" }\n#'),
        ("task      = {} ", "feature   = {} "),
    )
    company.configure((RISK, f'{RISK}side = "product"\nmapping = "risk"\nsince = 2026-01-01\n')).run(apply=None)
    told = company.ask("select distinct i.side, i.kind from items i where i.ref like 'RISK-%' and i.kind <> 'goal'")
    assert told == {("product", "feature")}
    elsewhere = company.ask("select distinct i.side, i.kind from items i where i.ref like 'PAY-%'")
    assert {("project", "task"), ("project", "feature")} <= elsewhere
    company.configure((RISK, f"{RISK}since = 2030-01-01\n")).later(hours=1).run(apply=None)
    assert company.ask("select ref from items where ref like 'RISK-%' and seen = 'here'") == set()
    assert company.ask("select ref from items where ref like 'PAY-%' and seen = 'here'")


def test_what_is_left_out_is_not_even_asked_for(company: Company) -> None:
    sandbox = company.sandbox
    text = company.text
    start, end = text.index(RISK), text.index("[connections.marketing]")
    company.text = text[:start] + text[end:]
    company.configure(('scopes = ["PAY", "RISK"]', 'scopes = ["*", "!R*"]'), ('"delivery/RISK"', '"delivery/PAY"'))
    company.run(apply=None)
    assert company.ask("select s.name from scopes s where s.connection = 'delivery'") == {("Payments",)}
    asked = [one.url for one in sandbox.requests if one.tool == "jira" and "/search" in one.url]
    assert asked
    assert not [url for url in asked if "10001" in url]


def test_several_assignees_share_the_work(company: Company, tmp_path: Path) -> None:
    """Jira has one assignee and a field of more people; a Trello card has members, none of them the owner."""
    sandbox, field = company.sandbox, "customfield_10050"
    jira, users = sandbox.world.jira, {one.name: one.id for one in sandbox.world.jira.users.values()}
    like = jira.fields["customfield_10021"]
    schema = {"type": "array", "items": "user", "custom": "multiuserpicker", "customId": 10050}
    jira.fields[field] = type(like)(field, "Developers", schema, custom=True)
    told = issue(sandbox, TELL)
    told.assignee, told.fields[field] = users["Bo Lindqvist"], [{"accountId": users["Cy Okafor"], "displayName": "Cy"}]
    several = card(sandbox, RETRY)
    several.members = [one.id for one in sandbox.world.trello.members.values() if one.username in {"fay", "gus"}]
    own_mapping(
        tmp_path, "jira", "jira", ('owner         = "assignee"', 'owner = "assignee"\nassignees = "Developers"')
    )
    run = company.configure().run(apply=None)
    shares = """select p.name, a.role, a.share from assignees a join people p on p.id = a.person_id
        join items i on i.id = a.item_id"""
    assert company.ask(f"{shares} where i.title = '{TELL}'") == {
        ("Bo Lindqvist", "owner", 0.5),
        ("Cy Okafor", "assignee", 0.5),
    }
    assert company.ask(f"{shares} where i.title = '{RETRY}' and i.connection = 'roadmap'") == {
        ("Fay O'Neill", "assignee", 0.5),
        ("Gus Ångström", "assignee", 0.5),
    }
    assert run.found == set(), "several members are not nobody"


def test_hours_count_against_hours_and_points_against_points(company: Company) -> None:
    sandbox = company.sandbox
    for one in sandbox.world.jira.issues.values():
        if 4 in one.sprints:
            one.estimate_seconds = 4 * 3600
    company.configure(("capacity = { points = 40 }", "capacity = { points = 40, hours = 9.5 }"))
    run = company.run(apply=None)
    loads = company.ask("""
        select l.unit, l.capacity, l.capacity_from
        from sprint_load l join sprints s on s.id = l.sprint_id where s.state = 'active'""")
    assert loads == {("points", 40, "config"), ("minutes", 570, "config")}
    assert run.found == {("sprint-over-capacity", "PAY Sprint 22")}
    (stated,) = run.verdict.stated
    assert "24 h planned, and 9.5 h to give" in stated.finding.evidence[0].message


def test_goals_come_from_labels_and_lists_and_milestones_from_versions_types_and_labels(
    company: Company, tmp_path: Path
) -> None:
    sandbox = company.sandbox
    trello, jira = sandbox.world.trello, sandbox.world.jira
    board = next(iter(trello.boards.values()))
    label = trello.labels["1" * 24] = TrelloLabel("1" * 24, board.id, "Milestone: Summer", "red")
    card(sandbox, RETRY).labels.append(label.id)
    ideas = next(one for one in trello.lists.values() if one.name == "Ideas")
    ideas.name = "Goal list: Someday"
    own_mapping(
        tmp_path,
        "trello",
        "trello",
        ('goal      = { label = "Goal:*" }', 'goal = [{ label = "Goal:*" }, { list = "Goal list: *" }]'),
        ('planned = { list = ["To do"', 'planned = { list = ["Goal list: *", "To do"'),
    )
    company.configure().run(apply=None)
    goals = {title for (title,) in company.ask("select title from goals")}
    assert {"Cut failed payments", "Win the Nordics", "Trust by default", "Someday"} <= goals
    of_feature = "select g.title from features f join goals g on g.id = f.goal_id where f.title = "
    assert company.ask(f"{of_feature} '{RETRY}'") == {("Cut failed payments",)}
    version = next(one for one in jira.versions.values() if one.name == "2026.12")
    milestones = company.ask("select connection, title, due_on, released from milestones")
    assert {("roadmap", "Summer", None, False), ("delivery", "2026.12", version.release, False)} <= {
        (connection, title, due, bool(released)) for connection, title, due, released in milestones
    }
    assert ("delivery", "2026.10", True) in {(one, title, bool(done)) for one, title, _, done in milestones}
    assert {one for one, *_ in milestones} == {"roadmap", "delivery", "marketing"}, "Asana has milestones of its own"


def test_people_of_a_directory_are_who_can_act_and_how_much(company: Company, tmp_path: Path) -> None:
    """The people of the config, moved to a file as a spreadsheet writes it."""
    sandbox = company.sandbox
    text = company.text
    start, end = text.index("[people.bo]"), text.index("[teams.payments]")
    company.text = text[:start] + '[directory]\npeople = "people.csv"\n\n' + text[end:]
    rows = ["Name;E-Mail;Weekly hours;Region;Cost centre"]
    names = {"bo": "Bo Lindqvist", "dee": "Dee Marsh", "eli": "Eli Sato", "cy": "Cy Okafor", "hal": "Hal Nowak"}
    rows += [f"{name};{key}@payments.example;37,5;GB-ENG;47{len(key)}" for key, name in names.items()]
    (tmp_path / "people.csv").write_bytes(("\ufeff" + "\r\n".join(rows) + "\r\n").encode())
    mails = {f'"{key}"': f'"{key}@payments.example"' for key in names}
    sandbox.apply(IN_RISK)
    (stated,) = company.configure(*mails.items()).run(apply=None).verdict.stated
    assert stated.finding.person is not None
    assert stated.finding.person.name == "Cy Okafor"
    hours = company.ask("select name, weekly_minutes, region from people where name in ('Dee Marsh', 'Hal Nowak')")
    assert hours == {("Dee Marsh", 2250, "GB-ENG"), ("Hal Nowak", 2250, "GB-ENG")}


def test_a_team_field_of_trello_and_asana_is_read_too(company: Company) -> None:
    sandbox = company.sandbox
    board = next(iter(sandbox.world.trello.boards.values()))
    sandbox.world.trello.fields["2" * 24] = TrelloField("2" * 24, board.id, "Squad", "text")
    card(sandbox, RETRY).values["2" * 24] = {"value": {"text": "Growth"}}
    field = next(one for one in sandbox.world.asana.fields.values() if one.name == "Priority")
    teams = '[{ connection = "roadmap", field = "Squad" }, { connection = "marketing", field = "Priority" }]'
    company.configure(("[teams.payments]", f"[directory]\nteams = {teams}\n\n[teams.payments]")).run(apply=None)
    named = "select {} from items i join teams t on t.id = i.team_id where i.connection = '{}'"
    assert company.ask(named.format("i.title, t.name", "roadmap")) == {(RETRY, "Growth")}
    found = company.ask(named.format("t.name", "marketing"))
    assert found
    assert {name for (name,) in found} <= {one.name for one in field.options}
