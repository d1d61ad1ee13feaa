"""The same company on Data Center, and the enterprise of the fixtures: behind its proxy, with its own authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER
from syncbot.sandbox.datacenter.shown import keys
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from syncbot.sandbox.world import JiraIssue, JiraProject
from tests.company import Company
from tests.network import proxy, secure

HOST = "jira.example.corp"
PEOPLE = """\ufeffName;E-Mail;Region;Time zone;Weekly hours;Cost centre;dc
Bo Lindqvist;bo@payments.example;GB-ENG;Europe/London;37,5;4711;bo
Cy O.;;;;40;4712;cy
"""
ENTERPRISE = Path(__file__).parents[1] / "fixtures" / "companies" / "enterprise" / "config.toml"


def on_data_center(sandbox: Sandbox) -> str:
    """The sandbox's config with its Jira read as Data Center: another address, no user, Ada by her key there."""
    jira = sandbox.world.jira
    ada = next(one.id for one in jira.users.values() if one.name == "Ada Park")
    text = config_text(sandbox).replace(f'"{sandbox.jira_url}"', f'"{sandbox.dc_url}"')
    return text.replace(f'user   = "{JIRA_USER}"\n', "").replace(f'"{ada}"', f'"{keys(jira)[ada]}"')


def reports(sandbox: Sandbox) -> list[JiraIssue]:
    return [one for one in sandbox.world.jira.issues.values() if "syncbot-report" in one.labels]


def test_a_clean_company_is_clean_and_mutations_find_what_they_find_on_cloud(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    company = Company(sandbox, store_url, tmp_path, text=on_data_center(sandbox))
    clean = company.run(apply=None)
    assert clean.found == set()
    assert all(not one.failed for one in clean.pulled)
    sandbox.apply(*MUTATIONS)
    there = company.later(minutes=20).run(apply=None).found
    (tmp_path / "cloud").mkdir()
    cloud = Company(sandbox, f"sqlite:///{tmp_path / 'cloud.db'}", tmp_path / "cloud").later(minutes=20)
    assert there == cloud.run(apply=None).found
    assert there


def test_no_change_no_write_and_one_change_one_write(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    sandbox.apply("owner-leaves", "epic-closed-early")
    company = Company(sandbox, store_url, tmp_path, text=on_data_center(sandbox))
    assert {one.result for one in company.run(apply=True).outcomes} == {"created"}
    (report,) = reports(sandbox)
    assert isinstance(report.description, str)
    assert report.description.startswith("*")
    for hours in (1, 24):
        sandbox.clear()
        company.later(hours=hours).run(apply=True)
        assert sandbox.writes() == []
    sandbox.undo("epic-closed-early")
    sandbox.clear()
    company.later(hours=1).run(apply=True)
    assert {one.tool: 1 for one in sandbox.writes()}["dc"] == 1
    assert len(reports(sandbox)) == 1


def test_a_new_store_adopts_the_report(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.apply("owner-leaves")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        url = f"sqlite:///{tmp_path / name}.db"
        Company(sandbox, url, tmp_path / name, text=on_data_center(sandbox)).run(apply=True)
    assert len(reports(sandbox)) == 1


@pytest.fixture
def enterprise(sandbox: Sandbox, store_url: str, tmp_path: Path) -> Iterator[Company]:
    """The enterprise's own config, its address, authority and proxy on this machine; projects as it has them."""
    jira = sandbox.world.jira
    like = next(iter(jira.projects.values()))
    for number, key in ((20_001, "PMO"), (20_002, "ITSM"), (20_003, "ITSMOPS")):
        jira.projects[str(number)] = JiraProject(
            str(number), key, f"{key} office", like.lead, like.types, like.statuses
        )
    asked: list[str] = []
    with ExitStack() as stack:
        secured = stack.enter_context(secure(tmp_path, HOST, int(sandbox.url.rpartition(":")[2])))
        address = stack.enter_context(proxy({HOST: secured}, asked))
        text = ENTERPRISE.read_text(encoding="utf-8")
        for said, here in {
            f"https://{HOST}": f"https://{HOST}/dc",
            "/run/secrets/jira": "jira-token",
            "/etc/ssl/corp.pem": "ca.pem",
            "http://proxy.example.corp:3128": address,
        }.items():
            assert said in text
            text = text.replace(said, here)
        (tmp_path / "jira-token").write_text(JIRA_TOKEN + "\n", encoding="utf-8")
        (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
        company = Company(sandbox, store_url, tmp_path, text=text, env={**ENVIRONMENT, "SYNCBOT_STORE": store_url})
        yield company
    assert set(asked) == {f"CONNECT {HOST}:443"}


def test_the_enterprise_gets_a_report_for_each_team_through_its_proxy(enterprise: Company) -> None:
    sandbox = enterprise.sandbox
    sandbox.clear()
    assert [str(one) for one in enterprise.run().planned] == [
        "dc, PMO office: create “Alignment report: Payments”; not now: only planned",
        "dc, PMO office: create “Alignment report: Risk”; not now: only planned",
    ]
    assert sandbox.writes() == []
    first = enterprise.run(apply=True)
    assert [one.failed for one in first.pulled] == [{}]
    assert {one.tool for one in sandbox.requests} == {"dc"}
    assert not [one.url for one in sandbox.requests if "ITSM" in one.url or "20002" in one.url]
    assert {one.result for one in first.outcomes} == {"created"}
    written = {one.summary: one for one in reports(sandbox)}
    assert written.keys() == {"Alignment report: Payments", "Alignment report: Risk"}
    assert all(one.key.startswith("PMO-") for one in written.values())
    for hours in (1, 24):
        sandbox.clear()
        again = enterprise.later(hours=hours).run(apply=True)
        assert sandbox.writes() == []
        assert again.found == first.found


def test_its_people_come_from_a_file_its_teams_from_a_field_and_its_rules_go_by_project(enterprise: Company) -> None:
    sandbox = enterprise.sandbox
    sandbox.apply("work-abandoned", "sprint-work-unassigned")
    by_project = ("work-without-feature", "work-without-assignee")
    everywhere = "\n[rules.work-without-feature]\nenabled = false\n"
    enterprise.text = enterprise.text.replace(*by_project) + everywhere
    enterprise.configure().run(apply=True)
    bodies = {one.summary.rpartition(" ")[2]: str(one.description) for one in reports(sandbox)}
    (in_pay,) = (ref for _, ref in MUTATIONS["sprint-work-unassigned"].refs(sandbox.world) if ref.startswith("PAY-"))
    assert in_pay in bodies["Payments"]
    assert "RISK-" not in bodies["Risk"], "the rule is on in PAY alone"
    enterprise.configure(("assignee]\nenabled = false", "assignee]\nenabled = true")).later(hours=1).run(apply=True)
    assert any("RISK-" in str(one.description) for one in reports(sandbox) if one.summary.endswith("Risk"))
    people = "select t.name, p.name, p.weekly_minutes from team_people m join teams t on t.id = m.team_id"
    found = enterprise.ask(f"{people} join people p on p.id = m.person_id where p.name in ('Bo Lindqvist', 'Cy O.')")
    assert found == {("Payments", "Bo Lindqvist", 2250), ("Risk", "Cy O.", 2400)}
    assert enterprise.ask("select count(*) from teams") == {(2,)}
