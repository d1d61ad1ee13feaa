"""One rule is one ``.sql`` file: a TOML header in its leading comment, its page, then the query.

The header and the page are comment lines, so the file is SQL as it stands; the page begins at the first ``## `` line.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from syncbot.errors import ConfigErrors, Mistake
from syncbot.model import SEVERITIES, Acts, Scalar, Severity, Struct
from syncbot.toml import Table, parse

About = Literal["item", "feature", "task", "goal", "milestone", "sprint", "person", "scope"]
Complete = Literal["none", "own", "linked", "other_side", "all"]
Unit = Literal["default", "days_ago", "days_ahead"]

HEADINGS = ("Why it matters", "What to do")
SLOT = re.compile(r"\{([^{}]*)\}")
"""A placeholder of a message."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_PARAM = re.compile(r"[a-z][a-z0-9_]*")
_EPOCH = date(1970, 1, 1).toordinal()


class Param(Struct, frozen=True):
    """A threshold that the config may set. ``days_ago`` and ``days_ahead`` arrive in the query as a day number."""

    name: str
    value: Scalar
    unit: Unit = "default"
    help: str = ""

    def bound(self, value: Scalar, today: date) -> Scalar:
        """What the query gets for a configured value."""
        if self.unit == "default":
            return value
        days = int(value)
        return today.toordinal() - _EPOCH + (days if self.unit == "days_ahead" else -days)


class Rule(Struct, frozen=True):
    """A rule as its file says it. ``sections``: its page by heading; ``line``: where the query begins in the file."""

    id: str
    topic: str
    file: Path
    title: str
    severity: Severity
    side: Acts
    about: About
    message: str
    sql: str
    line: int
    mapped: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    complete: Complete = "own"
    key: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    sections: dict[str, str] = {}


def read(file: Path) -> tuple[Rule | None, list[Mistake]]:
    """The rule of a file, or None with all that is wrong in its header and page."""
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return None, [Mistake(file, 0, "", f"cannot read it: {reason}.")]
    end = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    comment = [line[2:].removeprefix(" ").rstrip() for line in lines[:end]]
    begin = next((at for at, line in enumerate(comment) if line.startswith("## ")), end)
    try:
        header = parse("\n".join(comment[:begin]), file)
    except ConfigErrors as errors:
        return None, errors.mistakes
    rule = _rule(header, file, lines, end, _sections(comment[begin:]))
    mistakes = header.finish()
    return (None if mistakes else rule), mistakes


def _rule(header: Table, file: Path, lines: list[str], end: int, page: dict[str, str]) -> Rule:
    if not _NAME.fullmatch(file.stem):
        header.mistake((), f'the file\'s name "{file.stem}" must be lower-case words joined by "-".')
    for heading in HEADINGS:
        if not page.get(heading):
            header.mistake((), f'its page needs a section "## {heading}".')
    for heading in page.keys() - set(HEADINGS):
        header.mistake((), f'its page has an unknown section "## {heading}".', f"Known: {', '.join(HEADINGS)}.")
    sql = "\n".join(lines[end:])
    if not sql.strip():
        header.mistake((), "there is no query after the comment.")
    return Rule(
        id=file.stem,
        topic=file.parent.name,
        file=file,
        title=header.text("title", "", need=True),
        severity=header.choice("severity", SEVERITIES, "info", need=True),
        side=header.choice("side", get_args(Acts), "both", need=True),
        about=header.choice("about", get_args(About), "item", need=True),
        mapped=header.texts("mapped"),
        filled=header.texts("filled"),
        used=header.texts("used"),
        complete=header.choice("complete", get_args(Complete), "own"),
        key=header.texts("key"),
        message=header.text("message", "", need=True),
        params=tuple(_params(header.table("params"))),
        sections=page,
        sql=sql,
        line=end + 1,
    )


def _params(table: Table) -> list[Param]:
    params = []
    for name in table.data:
        if not _PARAM.fullmatch(name) or name in {"today", "enabled", "severity", "in"}:
            table.mistake(name, "cannot be the name of a parameter.")
        inner = table.table(name)
        given = [unit for unit in get_args(Unit) if unit in inner.data]
        if len(given) != 1:
            table.mistake(name, "needs one of default, days_ago, days_ahead.")
            inner.known.update(get_args(Unit))
            continue
        unit: Unit = given[0]
        value = inner.get(unit)
        if not isinstance(value, int if unit != "default" else str | int) or isinstance(value, bool):
            inner.mistake(unit, "must be a whole number." if unit != "default" else "must be a whole number or text.")
        params.append(Param(name, value, unit, inner.text("help", "", need=True)))
    return params


def _sections(page: list[str]) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    for line in page:
        if line.startswith("## "):
            lines = sections.setdefault(line[3:].strip(), [])
        else:
            lines.append(line)
    return {heading: "\n".join(text).strip() for heading, text in sections.items()}
