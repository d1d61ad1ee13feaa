"""What syncbot says of real boards and projects, each a small company of its own, at the time of its data.

Each finding was read as the product manager or the delivery lead of that board would read it; the counts keep what was
left after that. ``pytest -rP tests/pipeline/test_real_companies.py`` prints every sentence.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

from syncbot.model import STANDING
from tests.real.companies import RealCompany, companies, counted, told
from tests.shared import shared

SAYS = {
    "alyei": {"overdue": 7, "word-not-mapped": 2},
    "humberto-zayas": {"word-not-mapped": 3},
    "alyei 2017-12-12": {"overdue": 3, "word-not-mapped": 1},
    "alyei 2018-01-15": {"overdue": 6, "word-not-mapped": 2},
    "alyei 2018-02-20": {"overdue": 5, "word-not-mapped": 2},
    "devlake Board c6bb": {"word-not-mapped": 3},
    "devlake Board 16fd": {"word-not-mapped": 1},
    "devlake Board 8f4b": {"overdue": 1, "word-not-mapped": 4},
    "devlake Board af56": {"feature-without-owner": 9, "word-not-mapped": 1},
    "cloud EE 2020-06-13": {"sprint-work-without-estimate": 13},
    "cloud EE 2020-06-16": {"sprint-work-without-estimate": 8},
    "cloud EE 2020-06-20": {"sprint-work-without-estimate": 3},
    "testdata SP": {"sprint-not-closed": 1},
    "webhooks KT": {"sprint-not-closed": 1},
    "webhooks PRJX": {"sprint-not-closed": 1},
    "masked": {"overdue": 5, "word-not-mapped": 15},
    "alyei and cloud EE": {"overdue": 7, "sprint-work-without-estimate": 8, "word-not-mapped": 2},
}
"""By company, the rules that speak and how often; of the companies that are not named here, none does."""

TELLING = 24
"""Titles of this length are nobody's by chance."""


@pytest.fixture(scope="module")
def every() -> list[RealCompany]:
    shared("payloads")
    return list(companies())


def test_each_real_company_hears_what_somebody_has_read(every: list[RealCompany], tmp_path: Path) -> None:
    said = {}
    for number, company in enumerate(every):
        folder = tmp_path / str(number)
        folder.mkdir()
        verdict = company.verdict(folder)
        sys.stdout.write("\n".join([f"{company.name}, {company.now.date()}", *told(verdict), "", ""]))
        said[company.name] = counted(verdict)

    assert {name: counts for name, counts in said.items() if counts} == SAYS
    assert len(said) >= 25


@pytest.mark.parametrize(
    "name", ["alyei 2018-01-15", "devlake Board c6bb", "cloud EE 2020-06-16", "alyei and cloud EE"]
)
def test_a_mapping_that_was_discovered_says_the_same(every: list[RealCompany], tmp_path: Path, name: str) -> None:
    company = next(one for one in every if one.name == name)
    assert counted(company.verdict(tmp_path, discovered=True)) == SAYS[name]


@pytest.mark.parametrize("name", ["alyei", "cloud EE 2020-06-16", "masked", "alyei and cloud EE"])
def test_what_was_not_read_for_a_week_accuses_nobody(every: list[RealCompany], tmp_path: Path, name: str) -> None:
    company = next(one for one in every if one.name == name)
    verdict = company.verdict(tmp_path, unread=dt.timedelta(days=7))
    standing = {one.finding.rule for one in verdict.stated if one.state in STANDING}
    assert standing == {"source-stale"}


def test_nothing_of_these_companies_is_kept_in_the_project(every: list[RealCompany]) -> None:
    titles = {
        record.title
        for company in every
        for replay in company.parts.values()
        for record in replay.decode(frozenset())
        if len(record.title) >= TELLING
    }
    root = Path(__file__).parents[2]
    parts = ("syncbot", "connectors", "mappings", "tests", "bench", "docs")
    files = [file for part in parts for file in (root / part).rglob("*") if file.suffix not in {"", ".pyc", ".png"}]
    kept = b"\n".join(file.read_bytes() for file in [*files, *root.glob("*.md")] if file.is_file())
    assert len(titles) > 100
    assert [title for title in titles if title.encode() in kept] == []
