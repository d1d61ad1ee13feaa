"""Links to the tool's own list of what one line of a report counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from syncbot.model import Subject
from syncbot.report import words

KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")

LONGEST = 1_000
"""Characters of such a link, about a hundred issues: a report has room for thirty thousand, links included."""


def jira_filter(subjects: Sequence[Subject]) -> str | None:
    """Jira's issue navigator with just these issues of one site; None if they are no issues, or too many for a URL."""
    site = subjects[0].url.partition("/browse/")[0]
    keys = sorted({subject.ref for subject in subjects}, key=lambda key: (len(key), key))
    if not all(map(KEY.fullmatch, keys)):
        return None
    jql = f"key in ({','.join(keys)})"
    url = f"{site}/issues/?jql={quote(jql, safe='(),')}"
    return words.link(url) if len(url) <= LONGEST else None
