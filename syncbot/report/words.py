"""Words of strangers made safe for one line of a report, and the few words that all renderers share.

Titles come with markup, emoji, right-to-left text, newlines and 16,000 characters. Here they become one clean line of
bounded length; what a destination's markup makes of the characters is the renderer's business.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from syncbot.model import Aside
from syncbot.report.document import About, Document, Gap, Group, Line, Stale, Text

TITLE = 90
SENTENCE = 300
PAGE = 600
REASON = 150
URL = 2000

JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
ISOLATE, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def clean(text: str, limit: int = SENTENCE) -> str:
    """One line without control or direction characters, at most ``limit`` long, its outer spaces kept as one.

    Joiners stay, since emoji and several scripts are made with them.
    """
    kept = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_shown(char))
    line = re.sub(" {2,}", " ", kept)
    if len(line) <= limit:
        return line
    end = limit - 1
    while end and (_continues(line[end]) or line[end - 1] in JOINERS):
        end -= 1
    return line[:end].rstrip() + "…"


def _is_shown(char: str) -> bool:
    return char in JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _continues(char: str) -> bool:
    """Whether the character belongs to the one before it."""
    return char in JOINERS or unicodedata.category(char).startswith("M")


def title(text: str) -> str:
    """A title as reports show it."""
    return clean(text, TITLE).strip()


def isolate(text: str) -> str:
    """The text, shut in so that its right-to-left parts cannot reorder the words around it."""
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text):
        return f"{ISOLATE}{text}{POP}"
    return text


def link(url: str) -> str | None:
    """The URL, if a report may link to it: http or https, without blanks, of a sane length."""
    if len(url) > URL or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def flat(text: Text) -> str:
    """The words alone."""
    return "".join(span.text for span in text)


def day(date: str) -> str:
    """A date as people write it: 2 Nov 2026."""
    on = dt.date.fromisoformat(date)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(said: str) -> str | None:
    """A date as people type it, 2026-11-02; None for what is none."""
    try:
        return dt.date.fromisoformat(said.strip()).isoformat()
    except ValueError:
        return None


def number(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 item", "3 items"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def called(rule: str, about: Mapping[str, About]) -> str:
    """A rule's title, "Feature has no owner"; of an unknown one the words that its id is made of."""
    return about[rule].title if rule in about else rule.replace("-", " ").capitalize()


def since(line: Line) -> str:
    """How long a line has stood, in dates."""
    if line.checked_on is not None:
        return f"not checked since {day(line.checked_on)}"
    return f"since {day(line.since_on)}"


def about(line: Line) -> str:
    """What stands beside a finding: since when, which rule says it, and the id that people call it by."""
    return " · ".join(filter(None, (since(line), line.rule, line.id)))


def who(group: Group) -> str:
    """Whom a group is for, and how much of it there is."""
    return f"{isolate(group.who)} ({group.count:,})"


def summary(document: Document) -> str:
    """How much there is to do, without a word about editions: "3 findings: 1 error, 2 warnings"."""
    counts = document.counts
    if not counts.standing:
        return "No findings in what could be checked" if document.gaps or document.stale else "No findings"
    parts = [
        number(counts.error, "error") if counts.error else "",
        number(counts.warning, "warning") if counts.warning else "",
        f"{counts.info:,} info" if counts.info else "",
    ]
    return f"{number(counts.standing, 'finding')}: {', '.join(filter(None, parts))}"


def accepted(document: Document) -> str:
    """What is counted and not listed: what people have accepted, and what was there before syncbot."""
    waived, known = document.counts.waived, document.counts.baseline
    parts = [f"{number(waived, 'finding')} accepted until a date" if waived else "", baseline(known)]
    return ", ".join(filter(None, parts))


def baseline(known: int) -> str:
    """Known debt, counted."""
    return f"{number(known, 'finding')} known from before syncbot came" if known else ""


def changes(document: Document) -> str:
    """What changed in this edition, for what is read once: "1 new, 2 resolved"."""
    counts = document.counts
    parts = [
        f"{counts.new:,} new" if counts.new else "",
        f"{counts.resolved:,} resolved" if counts.resolved else "",
        f"{counts.not_checked:,} not checked" if counts.not_checked else "",
        f"{counts.waived:,} accepted until a date" if counts.waived else "",
        f"{counts.baseline:,} known from before syncbot came" if counts.baseline else "",
    ]
    return ", ".join(filter(None, parts))


def more(count: int) -> str:
    """How many findings are not shown; they are never more severe than those of the same person that are."""
    return f"and {number(count, 'more finding')}" if count else ""


def whole(document: Document) -> str:
    """Where those are that are left out, for whoever asks."""
    left = document.all_left_out
    return (
        f"{number(left, 'finding')} left out here; whoever runs syncbot has all: syncbot report --all" if left else ""
    )


def others(count: int) -> str:
    """How many further lines there are."""
    return f"and {count:,} more" if count else ""


ADVICE = "What to do"


def advice(document: Document) -> list[tuple[str, str]]:
    """What to do about the findings of each rule, "Feature has no owner (feature-without-owner)", as words alone.

    It is the first paragraph of the rule's advice: those after it are for whoever looks after rules and config.
    """
    rules = {line.rule for group in document.groups for line in group.lines}
    return [
        (f"{one.title} ({rule})", _plain(one.what.partition("\n\n")[0]))
        for rule, one in document.rules.items()
        if rule in rules
    ]


def _plain(markdown: str) -> str:
    """A paragraph of Markdown without the marks of code and emphasis."""
    return clean(re.sub(r"[`*]", "", markdown), PAGE).strip()


GAPS = "Could not be checked"


def gap(one: Gap) -> str:
    """What could not be told, where and why: "“Sprint holds too much” in PAY: too few estimates"."""
    places = ", ".join(map(isolate, one.places))
    if not one.rule:
        return f"{places}: {one.reason}"
    where = f" in {places}" if places else ""
    return f"“{isolate(one.title)}”{where}: {isolate(one.reason)}"


def counted(one: Gap) -> str:
    """The same with how many cases it is, where it does not say so itself."""
    return f"{gap(one)} ({number(one.count, 'case')})" if one.rule else gap(one)


ASIDE = "Items that could not be read"


def aside(one: Aside, *, with_reason: bool) -> str:
    """How many items were put aside, since when, which, why, and what has them read again at once."""
    said = f"{number(one.count, 'item')} could not be read since {day(one.since[:10])}"
    if with_reason:
        called = f"“{isolate(title(one.title))}”" if one.title else clean(one.example or "")
        more = f" and {one.count - 1:,} more" if one.count > 1 else ""
        which = f": {called}{more}" if called else ""
        said = f"{said}{which} ({isolate(clean(one.reason, REASON))})"
    return f"{said}; tried again every hour, at once with: syncbot pull --retry"


def stale(one: Stale) -> str:
    """Which source is old, and since when."""
    if one.read_on is None:
        return f"{isolate(one.place)} has never been read completely"
    return f"{isolate(one.place)} was last read completely on {day(one.read_on)}: what is said of it may be old"
