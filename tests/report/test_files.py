"""The report as a file for programs and spreadsheets: JSON as its published schema says, CSV without formulas."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot.model import CannotTell
from syncbot.report import EVERYTHING, TEXT, compose
from syncbot.report.spreadsheet import COLUMNS, cell
from tests.report.found import ADA, SOURCES, TODAY, card, issue, stated

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def check(text: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))


def test_json_is_as_its_published_schema_says_with_findings_and_with_none():
    found = [
        stated("feature-without-owner", card("AbCd1234", "Instant refunds"), person=ADA, facts={"days": 3, "x": None}),
        *(stated("work-without-assignee", issue(f"PAY-{n}", f"Task {n}")) for n in range(12)),
        stated("status-drift", card("Zx98Yu76", "Old"), state="resolved"),
        stated("status-drift", card("Zx98Yu77", "Older"), state="not_checked", last="2026-11-20"),
    ]
    gaps = [CannotTell("status-drift", None, "nothing is read", 4)]
    for one in (compose(found, gaps, SOURCES, None, today=TODAY), compose([], [], [], None, today=TODAY)):
        check(TEXT["json"](one))


@pytest.mark.parametrize("broken", ["version", "groups", "counts"])
def test_the_schema_refuses_what_is_no_report(broken: str):
    body = json.loads(TEXT["json"](compose([], [], [], None, today=TODAY)))
    del body[broken]
    with pytest.raises(jsonschema.ValidationError):
        check(json.dumps(body))


def test_every_finding_is_a_row_of_the_table_with_the_id_that_the_other_files_show():
    found = [stated("feature-without-owner", card(f"c{n}", f'Card "{n}", a, b')) for n in range(30)]
    one = compose(found, [], SOURCES, None, today=TODAY, limits=EVERYTHING)
    rows = list(csv.DictReader(io.StringIO(TEXT["csv"](one), newline="")))
    assert sorted(row["id"] for row in rows) == sorted(each.finding.fingerprint[:8] for each in found)
    ids = {line["id"] for group in json.loads(TEXT["json"](one))["groups"] for line in group["findings"]}
    assert ids == {row["id"] for row in rows}
    assert all(row["id"] in TEXT["markdown"](one) for row in rows)
    assert rows[0].keys() == set(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\uff1d", "\u2212", "|", "%"])
def test_no_title_becomes_a_formula(start: str):
    one = compose(
        [stated("feature-without-owner", card("c1", f'{start}HYPERLINK("http://x")'), "{title}")],
        [],
        SOURCES,
        None,
        today=TODAY,
    )
    (row,) = csv.DictReader(io.StringIO(TEXT["csv"](one), newline=""))
    assert row["finding"].startswith("'")


@given(st.text() | st.integers() | st.none())
def test_a_cell_keeps_what_it_says(value: str | int | None):
    shown = cell(value)
    assert shown in {value, f"'{value}"}
