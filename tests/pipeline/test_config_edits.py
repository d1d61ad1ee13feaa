"""What the admin edits between two runs: it holds from the next run on, and nothing old stays behind."""

from __future__ import annotations

from pathlib import Path

from syncbot.sandbox.server import Sandbox
from tests.company import Company


def test_the_team_of_a_scope_is_its_team_without_naming_the_scope_again(
    sandbox: Sandbox, store_url: str, tmp_path: Path
) -> None:
    sandbox.apply("work-abandoned")
    company = Company(sandbox, store_url, tmp_path, edit=('boards  = ["delivery/RISK"]\n', ""))
    (stated,) = company.run(apply=None).verdict.stated
    assert stated.finding.person is not None
    assert stated.finding.person.name == "Cy Okafor"
