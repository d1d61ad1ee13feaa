"""A mapping file with mistakes: all of them at once, each with its line, its key and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncbot import mapping
from syncbot.errors import ConfigErrors
from tests.mapping.helpers import load


def mistakes(folder: Path, text: str) -> list[tuple[int, str, str, str]]:
    """Line (from 1, of the text), key, message and hint of each mistake."""
    with pytest.raises(ConfigErrors) as caught:
        load(folder, text)
    assert all(mistake.file == folder / "jira.toml" for mistake in caught.value.mistakes)
    return [(it.line - 1, it.key, it.message, it.hint) for it in caught.value.mistakes]


def test_all_mistakes_come_at_once_with_their_lines(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """\
[fields]
ownr = "Assignee"
points = 3
[kind]
feture = { type = "Epic" }
task = { tpye = "Task" }
[status]
doing = { status = ["In Progress", 7] }
[statsu]
[priority]
6 = { priority = "Low" }
""",
    )
    assert found == [
        (2, "fields.ownr", "is not a known key.", 'Did you mean "owner"?'),
        (3, "fields.points", "must be a field's name, or { field = ..., unit = ... }, or { title = ... }.", ""),
        (5, "kind.feture", "is not a known key.", 'Did you mean "feature"?'),
        (6, "kind.task.tpye", "is not a known key.", 'Did you mean "type"?'),
        (8, "status.doing.status[2]", "must be text, not a whole number.", ""),
        (9, "statsu", "is not a known key.", 'Did you mean "status"?'),
        (11, "priority.6", "is not a known key.", "Known: 1, 2, 3, 4, 5."),
    ]


@pytest.mark.parametrize("first", ["", "version = 2", 'version = "1"'])
def test_a_file_of_another_version_is_not_guessed_at(tmp_path: Path, first: str) -> None:
    file = tmp_path / "jira.toml"
    file.write_text(f"{first}\n[kind]\ntask = {{}}\n", encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        mapping.load(file)
    assert [it.key for it in caught.value.mistakes] == ["version" if first else ""]
    assert "version" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('minutes = "Original estimate"', "needs a unit."),
        ('minutes = { field = "Original estimate" }', 'needs "unit" (text).'),
        ('minutes = { field = "Original estimate", unit = "weeks" }', "must be one of seconds, minutes, hours, days."),
        ('points = { field = "Points", unit = "hours" }', "is not a known key."),
        ('points = { field = "Points", title = "(#)" }', 'needs either "field" or "title".'),
        ("points = {}", 'needs either "field" or "title".'),
        ('points = { title = "points" }', 'needs one "#" where the number stands, as in "(#)".'),
        ('due_on = { title = "#" }', "can only give numbers: points or minutes."),
        ('owner = ["Assignee", ""]', "must be a field's name, or { field = ..., unit = ... }, or { title = ... }."),
    ],
)
def test_a_field_that_cannot_be_read_so_is_a_mistake(tmp_path: Path, line: str, message: str) -> None:
    assert [(at, text) for at, _, text, _ in mistakes(tmp_path, f"[fields]\n{line}\n")] == [(2, message)]


def test_a_unit_that_is_missing_is_proposed_with_the_line_to_write(tmp_path: Path) -> None:
    [(_, _, _, hint)] = mistakes(tmp_path, '[fields]\nspent_minutes = "Time Spent"\n')
    assert hint == 'Write { field = "Time Spent", unit = "seconds" } (or minutes, hours, days).'


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("[kind]\ntask = {}\ngoal = {}", "kind.goal", 'can never match: "task" above it takes everything.'),
        ('[kind]\nfeature = "Epic"', "kind.feature", "must be a table or an array of tables, not text."),
        ('[kind]\nfeature = { complete = "yes" }', "kind.feature.complete", "must be true or false, not text."),
        ('[flagged]\nall = { field = "Flagged" }', "flagged.all", "is not a known key."),
        ("[kind]\ntask.field.Team = [[]]", "kind.task.field.Team[1]", "must be text, a number, true or false."),
        ("[links]\nblocks = 3", "links.blocks", "must be text or a list of texts, not a whole number."),
        ("[derive]\ngoal = {}", "derive.goal", "needs one of label, list, section, sprint, field."),
        ('[derive]\ngoal = { label = "Goal: *", title = "x" }', "derive.goal.title", "cannot name what is derived."),
        ('[scope."PAY"]\nfoo = 1', "scope.PAY.foo", "is not a known key."),
        ('[scope."PAY".kind]\nfoo = {}', "scope.PAY.kind.foo", "is not a known key."),
        ("strict = 1", "strict", "must be true or false, not a whole number."),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, text: str, key: str, message: str) -> None:
    [found] = mistakes(tmp_path, text)
    assert (found[1], found[2]) == (key, message)


def test_a_mistake_inside_an_array_of_tables_has_its_own_line(tmp_path: Path) -> None:
    text = '[kind]\nfeature = [\n  { type = "Epic" },\n  { tipe = "Feature" },\n]\n'
    assert mistakes(tmp_path, text)[0][:2] == (4, "kind.feature[2].tipe")


def test_the_whole_format_of_the_design_reads(tmp_path: Path) -> None:
    load(
        tmp_path,
        """
[fields]
owner   = "Assignee"
points  = ["Story Points", "Story point estimate", { title = "(#)" }]
minutes = { field = "Original estimate", unit = "seconds" }
[kind]
ignore    = { label = "template" }
goal      = { type = ["Initiative", "Theme"] }
feature   = [{ type = ["Epic", "Feature"] }, { label = "feature", complete = false }]
milestone = { type = "Milestone" }
task      = {}
[status]
doing   = { status = ["In Progress", "Review"] }
dropped = { resolution = ["Won't Do", "Duplicate"] }
[priority]
1 = { field = { "Priority" = ["Highest", "Blocker"] } }
[flagged]
any = { field = "Flagged" }
[committed]
any = { title = "*!" }
[side]
product = { label = "roadmap" }
[links]
blocks = ["Blocks", "Depends on"]
twin   = ["Roadmap card"]
keys   = true
[derive]
goal      = { label = "Goal: *" }
milestone = { field = "Fix versions" }
sprint    = [{ list = "Sprint *" }, { section = "Sprint *" }]
[function]
legal = { label = ["legal", "compliance"] }
[requires]
legal = { label = "regulated" }
[scope."PAY"]
fields = { owner = "Lead" }
[scope."*".status]
ready = { status = "Next" }
""",
    )


def test_the_presets_load_and_stand_where_the_wheel_or_the_checkout_has_them() -> None:
    for tool in ("jira", "trello"):
        assert mapping.load(mapping.preset(tool)).file.name == f"{tool}.toml"
    assert not mapping.preset("no-such-tool").exists()
