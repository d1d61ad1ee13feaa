"""What people give a new name has it in the store too, though none of the work in it gets a new date."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot.sandbox.server import Sandbox
from tests.company import Company
from tests.connectors.acceptance.sites import SITES, text_of

ON_JIRA = [name for name, (_, connection) in SITES.items() if connection == "delivery"]


@pytest.mark.parametrize("site", ON_JIRA)
def test_work_of_a_project_with_a_new_key_is_called_by_it(
    sandbox: Sandbox, store_url: str, tmp_path: Path, site: str
) -> None:
    company = Company(sandbox, store_url, tmp_path, text=text_of(sandbox, site))
    company.run(apply=None)
    query = "select ref, url from items where connection = 'delivery' and kind <> 'milestone'"
    before = company.ask(query)
    state = sandbox.world.jira
    project = state.project("PAY")
    assert project
    for issue in state.issues.values():
        if issue.project == project.id:
            issue.old_keys.append(issue.key)
            issue.key = issue.key.replace("PAY-", "PMT-")
    project.key = "PMT"
    company.later(days=1, minutes=1).run(apply=None, expect_mistakes=None)
    after = {tuple(one.replace("PAY-", "PMT-") for one in row) for row in before}
    assert after != before
    assert company.ask(query) == after
    sandbox.clear()
    company.later(minutes=5).run(apply=None, expect_mistakes=None)
    assert company.ask(query) == after
    assert not [one for one in sandbox.requests if "bulkfetch" in one.path]  # read anew once


def test_a_version_with_a_new_name_stays_one_milestone(sandbox: Sandbox, store_url: str, tmp_path: Path) -> None:
    state = sandbox.world.jira
    version = next(one for one in state.versions.values() if one.name == "2026.10")
    first, *others = [one for one in state.issues.values() if one.project == version.project and not one.versions][:3]
    for issue in (first, *others):
        issue.versions = [version.id]
    company = Company(sandbox, store_url, tmp_path)
    company.run(apply=None)
    query = "select title from items where kind = 'milestone'"
    assert ("2026.10",) in company.ask(query)
    version.name = "Autumn"
    company.later(days=1, minutes=1).run(apply=None)
    first.updated = sandbox.world.stamp()
    company.later(minutes=20).run(apply=None)
    titles = company.ask(query)
    assert ("Autumn",) in titles
    assert ("2026.10",) not in titles
