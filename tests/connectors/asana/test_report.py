"""The report task: one request to make and one to change it, found again, never written twice or against a person."""

from __future__ import annotations

import pytest

from syncbot.connector import Target, Write
from syncbot.errors import Missing, Unknown
from syncbot.sandbox.server import NOW

MARKER = "syncbot:v1:0123456789abcdef"


def body(*lines: str) -> dict:
    listed = "".join(f'<li><a href="https://trello.com/c/1?a=1&amp;b=2">{line}</a></li>' for line in lines)
    return {"name": "Alignment report", "html_notes": f"<body><h2>Ada</h2><ul>{listed}</ul><hr/>Complete me.</body>"}


class Desk:
    """A project with a section for reports, and a writer of one report in it."""

    def __init__(self, site) -> None:
        self.site = site
        self.project = site.project("Launch", "To do", "Reports")
        self.connector = site.connector()

    def target(self, section: str | None = "Reports") -> Target:
        return Target(self.site.scope(self.project), "Alignment report", section=section)

    def write(self, content: dict, remote_id: str | None = None, *before: dict, section: str | None = "Reports"):
        mine = frozenset({self.site.bot.gid})
        return self.connector.apply(Write(self.target(section), MARKER, content, remote_id, mine, before=before))

    def find(self):
        return self.connector.find(self.target(), MARKER, frozenset({self.site.bot.gid}))

    @property
    def task(self):
        (found,) = [task for task in self.site.state.tasks.values() if MARKER in task.html_notes]
        return found

    def writes(self) -> list[str]:
        return [f"{one.method} {one.path.partition('/api/1.0')[2]}" for one in self.site.sandbox.writes()]


@pytest.fixture
def desk(site):
    return Desk(site)


def test_a_report_is_made_with_marker_and_section_in_one_request(desk):
    written = desk.write(body("one"))
    assert (written.outcome, written.requests) == ("created", 1)
    assert desk.writes() == ["POST /tasks"]
    assert desk.task.name == "Alignment report"
    assert desk.site.state.sections[desk.task.places[desk.project.gid]].name == "Reports"
    assert written.url.startswith(desk.site.sandbox.asana_url)
    assert desk.task.html_notes.endswith(f"\n{MARKER}</body>")


def test_a_report_without_a_section_is_in_the_project(desk):
    desk.write(body(), section=None)
    assert desk.project.gid in desk.task.places


def test_a_section_that_is_not_there_is_named_with_those_that_are(desk):
    with pytest.raises(Missing, match='no section "Berichte"; it has "To do", "Reports"'):
        desk.write(body(), section="Berichte")
    assert desk.writes() == []


def test_the_same_again_writes_nothing_and_a_change_is_one_request(desk):
    made = desk.write(body("one &amp; only", "two"))
    same = desk.write(body("one &amp; only", "two"), made.remote_id)
    assert (same.outcome, same.requests) == ("unchanged", 0)
    changed = desk.write(body("one"), made.remote_id)
    assert (changed.outcome, changed.requests) == ("updated", 1)
    assert desk.writes() == ["POST /tasks", "PUT /tasks/{gid}"]


def test_what_asana_adds_to_its_own_links_is_no_change(desk):
    link = f"{desk.site.sandbox.asana_url}/0/1/1200000000000042"
    content = {"name": "R", "html_notes": f'<body><a href="{link}">it</a></body>'}
    made = desk.write(content)
    assert "data-asana-gid" in desk.task.html_notes
    assert desk.write(content, made.remote_id).outcome == "unchanged"


def test_the_title_stays_as_people_gave_it(desk):
    made = desk.write(body("one"))
    desk.task.name = "Our report"
    desk.write(body("two"), made.remote_id)
    assert desk.task.name == "Our report"


def said(headline: str) -> dict:
    """A report below this headline."""
    return body("one") | {"html_notes": body("one")["html_notes"].replace("<h2>", f"<strong>{headline}</strong><h2>")}


OLD, SENT, NEW = said("2 findings: 2 errors."), said("3 findings: 3 errors."), said("1 finding.")


@pytest.mark.parametrize(
    ("above", "edits", "below"),
    [
        ("", (), ""),
        ("my <em>note</em>\n<ul><li>and a list</li></ul>\n", (), "\nmore\n<ul><li>of it</li></ul>"),
        ("my note\n", (("2 findings", "Some 2 findings"),), "\nmore"),
        ("my note\n", (("2 findings", "3 findings"), ("2 errors", "3 errors")), ""),
        ("my note\n", (("<strong>2 findings: 2 errors.</strong>", ""),), "\nmore"),
        ("my note\n", (("Complete me.", "Please complete me."), (f"\n{MARKER}", "")), ""),
        ("my note\n", (("<ul>", "<ul>\n<li>a line of mine</li>"), ("2 findings: 2 errors.", "Well then")), ""),
    ],
)
def test_what_people_write_above_and_below_stays(desk, above, edits, below):
    made = desk.write(OLD)
    notes = desk.task.html_notes.removeprefix("<body>").removesuffix("</body>")
    for one, other in edits:
        assert one in notes
        notes = notes.replace(one, other)
    desk.site.state.tasks[made.remote_id].html_notes = f"<body>{above}{notes}{below}</body>"
    assert desk.write(NEW, made.remote_id, SENT, OLD).outcome == "updated"
    ours = NEW["html_notes"].removeprefix("<body>").removesuffix("</body>").replace("<hr/>", "<hr />")
    if "Well then" in str(edits):  # a headline that is like none of ours may be a person's
        above += "<strong>Well then</strong>"
    assert desk.task.html_notes == f"<body>{above}{ours}\n{MARKER}{below}</body>"


def test_where_somebody_replaced_all_of_our_words_by_their_own_ours_stand_below_these(desk):
    made = desk.write(OLD)
    task = desk.site.state.tasks[made.remote_id]
    task.html_notes = "<body>Please discuss it <em>here</em></body>"
    assert desk.write(NEW, made.remote_id, OLD).outcome == "updated"
    ours = NEW["html_notes"].removeprefix("<body>").removesuffix("</body>").replace("<hr/>", "<hr />")
    assert task.html_notes == f"<body>Please discuss it <em>here</em>\n{ours}\n{MARKER}</body>"
    assert desk.write(NEW, made.remote_id, NEW).outcome == "unchanged"


def test_a_report_is_found_by_its_marker_where_the_store_is_lost(desk):
    made = desk.write(body("one"))
    found = desk.find()
    assert (found.remote_id, found.closed) == (made.remote_id, False)
    again = desk.write(body("one"))
    assert (again.remote_id, again.outcome) == (made.remote_id, "unchanged")
    assert desk.writes() == ["POST /tasks"]


def test_a_task_of_somebody_else_with_our_marker_is_not_ours(desk):
    desk.site.task(desk.project, html_notes=f"<body>copied\n{MARKER}</body>")
    assert desk.find() is None
    other = next(iter(desk.site.state.tasks))
    assert desk.write(body("one"), other).outcome == "created"
    assert desk.site.state.tasks[other].html_notes == f"<body>copied\n{MARKER}</body>"


def test_a_completed_report_is_muted_and_so_is_one_that_was_taken_elsewhere(desk):
    made = desk.write(body("one"))
    desk.task.completed = NOW
    assert desk.write(body("two"), made.remote_id).outcome == "muted"
    assert desk.find().closed
    desk.task.completed = None
    elsewhere = desk.site.project("Elsewhere")
    desk.site.state.unplace(desk.task, desk.project.gid)
    desk.site.state.place(desk.task, desk.site.state.sections[elsewhere.sections[0]])
    assert desk.write(body("two"), made.remote_id).outcome == "muted"
    assert desk.writes() == ["POST /tasks"]


def test_a_deleted_report_is_made_again(desk):
    made = desk.write(body("one"))
    task = desk.site.state.tasks.pop(made.remote_id)
    desk.site.state.sections[task.places[desk.project.gid]].tasks.remove(task.gid)
    assert desk.write(body("one"), made.remote_id).outcome == "created"


def test_a_lost_answer_to_a_create_is_unknown_and_is_found_by_looking(desk):
    desk.site.sandbox.fault("asana", "POST .*/tasks", "lost")
    with pytest.raises(Unknown):
        desk.write(body("one"))
    assert desk.write(body("one")).outcome == "unchanged"
    assert len(desk.writes()) == 1


def test_a_cut_answer_to_a_create_is_not_sent_twice(desk):
    desk.site.sandbox.fault("asana", "POST .*/tasks", "cut")
    with pytest.raises(Unknown):
        desk.write(body("one"))
    assert desk.find() is not None
    assert len(desk.writes()) == 1


def test_our_report_is_known_as_ours_when_it_is_read(desk):
    made = desk.write(body("one"))
    (record,) = [one for page in desk.site.pull(desk.project) for one in page.records]
    assert (record.remote_id, record.marker, record.creator) == (made.remote_id, MARKER, desk.site.bot.gid)


def test_obstacles_name_what_to_do(desk):
    assert desk.connector.obstacles(desk.target()) == ()
    assert "has no section" in desk.connector.obstacles(desk.target("Nope"))[0]
    desk.project.archived = True
    assert "is archived" in desk.connector.obstacles(desk.target())[0]
