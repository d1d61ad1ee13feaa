"""The report as one HTML file that people open, mail or print: nothing in it is fetched, and nothing in it runs.

It has the same findings in the same order as every other report, and pictures beside them. Words of strangers reach the
page only through the template's escapes, set apart from the words around them.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from syncbot.report import words
from syncbot.report.document import Document, cut
from syncbot.report.html import charts
from syncbot.report.pictures import Pictures

LINES = 120
"""How many lines a page lists before it says how many more there are, and where."""

SHORTCUTS = 12
"""How many people are listed at the top."""

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
_PAGES = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(document: Document, pictures: Pictures, *, lines: int | None = LINES) -> str:
    """The page; ``lines`` None: however many findings there are."""
    whole = sum(len(group.lines) for group in document.groups)
    shown = document if lines is None or whole <= lines else cut(document, lines)
    return _PAGES.get_template("page.html").render(
        document=shown,
        pictures=pictures,
        drawings=_drawings(pictures),
        has_pictures=bool(pictures.sprints or pictures.people or pictures.pairs or pictures.knots),
        rules=shown.rules,
        is_all_new=shown.is_all_new,
        is_short=shown is not document or any(group.left_out for group in shown.groups),
        shortcuts=SHORTCUTS,
        style=_STYLE,
        style_hash=b64encode(sha256(_STYLE.encode()).digest()).decode(),
        words=words,
        markdown=_markdown,
        absent=charts.ABSENT,
    )


def _drawings(pictures: Pictures) -> dict[str, str]:
    drawn = {}
    if pictures.sprints:
        drawn["sprints"] = charts.load(pictures.sprints)
    if pictures.people:
        drawn["people"] = charts.weeks(pictures.people, pictures.weeks_on)
    if pictures.pairs:
        drawn["stages"] = charts.stages(pictures.pairs)
    return drawn


def _markdown(text: str) -> str:
    """Markdown of a rule's page as HTML; it may not bring HTML or pictures of its own."""
    page: str = MarkdownIt("commonmark", {"html": False}).disable("image").render(text)
    return page
