"""Addresses that lead to nothing that is stored, though what they mean may be: an issue that moved has another key.

A move that we saw is remembered with the read. Of one before the first read, or within it, only the tool knows: it is
asked what such a key names now, once a week.
"""

from __future__ import annotations

import datetime as dt

from syncbot.errors import ToolError
from syncbot.facts.links import locate
from syncbot.guard import guarded
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.moments import instant, is_older
from syncbot.store import Store, items, memory

AGAIN = dt.timedelta(days=7)
"""How long an answer counts."""

FAILED = dt.timedelta(hours=1)
"""How soon a tool is asked again that did not answer; no run fails by that, for the links just stay unread."""

MOST = 300
"""How many are asked for in a run: Jira's Cloud needs three requests for them, and some for those that did move."""


def find_strays(ready: Ready, store: Store, now: dt.datetime) -> None:
    """Ask the tool about addresses on its host that the last check could not follow, and keep what it says."""
    with store.reading() as db:
        spot = locate(items.an_address(db, ready.name))
        strays = items.strays(db, spot[0]) if spot else []
        kept = memory.get_state(db, ready.name, "strays", dict[str, str])
    before = {key: at for key, at in kept[0].items() if key in {*strays}} if kept else {}
    asked = [key for key in strays if key not in before or is_older(before[key], now, AGAIN)][:MOST]
    if not asked:
        return
    try:
        with guarded(ready.name):
            found = ready.feed.connector.renamed(asked)
    except ToolError:
        found, at = {}, instant(now - AGAIN + FAILED)
    else:
        at = instant(now)
    with store.writing() as db:
        items.keep_keys(db, ready.name, found)
        memory.put_state(db, ready.name, "strays", before | dict.fromkeys(asked, at), at=instant(now))
