"""Links to the tool's own list of what one line of a report counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from syncbot.model import Subject
from syncbot.report import words

KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")


def jira_filter(subjects: Sequence[Subject]) -> str | None:
    """Jira's issue navigator with just these issues; None if they are not issues, or too many for a URL."""
    sites = {subject.url.partition("/browse/")[0] for subject in subjects}
    keys = sorted({subject.ref for subject in subjects}, key=lambda key: (len(key), key))
    if len(sites) != 1 or not all(map(KEY.fullmatch, keys)):
        return None
    jql = f"key in ({','.join(keys)})"
    return words.link(f"{sites.pop()}/issues/?jql={quote(jql, safe='(),')}")
