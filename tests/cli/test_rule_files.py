"""An admin's own rules with mistakes in them: each is named with file and line, and the other rules run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Desk

PAGE = """\
--
-- ## Why it matters
-- It does.
--
-- ## What to do
-- This.

"""


def header(*, about: str = "item", message: str = "{title} is odd.", more: str = "") -> str:
    return f"""\
-- title    = "Something is odd"
-- severity = "info"
-- side     = "both"
-- about    = "{about}"
-- complete = "own"
-- message  = "{message}"
{more}{PAGE}"""


FILES = {
    "fine": header() + "select i.id as subject\nfrom items i\nwhere i.ref = 'PAY-1'",
    "no-header": "select i.id as subject\nfrom items i",
    "wrong-severity": header().replace('"info"', '"fatal"') + "select i.id as subject\nfrom items i",
    "unknown-view": header() + "select i.id as subject\nfrom itms i",
    "unknown-column": header() + "select i.id as subject\nfrom items i\nwhere i.is_open\n    and i.ownr is null",
    "no-placeholder": header(message="{title} has {points} points.") + "select i.id as subject\nfrom items i",
}


@pytest.fixture
def own(desk: Desk) -> Path:
    """The folder of an admin's rules, which the config names."""
    folder = desk.folder / "own"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    desk.edit("[syncbot]", '[syncbot]\nrule_folders = ["own"]')
    return folder


MISTAKES = (
    ("no-header.sql:1", 'needs "title" (text).'),
    ("wrong-severity.sql:2", "severity: must be one of info, warning, error."),
    ("unknown-view.sql:15", 'itms is not a view that rules read. Did you mean "items"?'),
    ("unknown-column.sql:17", "ownr"),
    ("no-placeholder.sql:13", "the message's {points} is not there."),
)


@pytest.mark.usefixtures("own")
def test_rules_check_names_each_mistake_with_file_and_line(desk: Desk) -> None:
    said = desk.run("rules", "check")
    assert said.code == 2
    _names_all(said.err)


@pytest.mark.usefixtures("own")
def test_the_other_rules_run_and_the_broken_ones_cannot_tell(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    assert desk.run("pull").code == 2
    said = desk.run("check")
    assert said.code == 2
    _names_all(said.err)
    assert "is odd" in said.out
    assert "Nobody owns" in said.out
    assert "“No header”: its file has a mistake" in said.out


def test_what_a_broken_rule_found_before_is_not_checked_but_not_resolved(desk: Desk, own: Path) -> None:
    for name in FILES.keys() - {"fine"}:
        (own / f"{name}.sql").unlink()
    desk.run("pull")
    assert "1 new" in desk.run("check").out
    (own / "fine.sql").write_text(FILES["fine"].replace("i.ref", "i.reff"), encoding="utf-8")
    said = desk.run("check")
    assert "not checked" in said.out
    assert "resolved" not in said.out


def _names_all(told: str) -> None:
    for place, wrong in MISTAKES:
        assert any(place in line and wrong in line for line in told.splitlines()), told
    assert "fine.sql" not in told
