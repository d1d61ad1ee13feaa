"""Data Center's search: by places in a live result, with a total, a page never larger than the admin allows."""

from __future__ import annotations

from typing import Any

import msgspec

from syncbot.sandbox.datacenter.shown import Translator, changelog
from syncbot.sandbox.http import Call
from syncbot.sandbox.jira.search import field_names, find, refuse
from syncbot.sandbox.jira.show import Shown

MOST = 100  # jira.search.views.default.max of this site; a new one has 1,000


class _Search(msgspec.Struct, rename="camel"):
    jql: str = ""
    start_at: int = 0
    max_results: int = 50
    fields: tuple[str, ...] = ("*navigable",)
    expand: tuple[str, ...] = ()
    validate_query: bool = True


def search_get(call: Call) -> dict[str, Any]:
    """GET search."""
    fields = tuple(call.query.get("fields", "*navigable").split(","))
    return _search(
        call,
        _Search(
            call.query.get("jql", ""),
            call.whole("startAt", 0),
            call.whole("maxResults", 50),
            fields,
            tuple(call.query.get("expand", "").split(",")),
        ),
    )


def search_post(call: Call) -> dict[str, Any]:
    """POST search: the same in a body."""
    try:
        return _search(call, msgspec.convert(call.body, _Search))
    except msgspec.ValidationError as error:
        raise refuse(f"Can not deserialize instance of SearchRequestBean: {error}") from None


def _search(call: Call, asked: _Search) -> dict[str, Any]:
    if asked.start_at < 0:
        raise refuse("The value of startAt must not be negative.")
    world = call.world
    ids = world.search(call.user, asked.jql, lambda: _ids(call, asked), anew=asked.start_at == 0)
    size = min(asked.max_results, MOST)
    page = [world.jira.issues[id_] for id_ in ids[asked.start_at : asked.start_at + size]]
    names = field_names(world.jira, (name for name in asked.fields if name not in {"id", "key"}))
    issues = Shown(call).issues(page, names)
    if "changelog" in asked.expand:
        for shown, issue in zip(issues, page, strict=True):
            shown["changelog"] = changelog(call, issue)
    return {
        "expand": "names,schema",
        "startAt": asked.start_at,
        "maxResults": size,
        "total": len(ids),
        "issues": Translator(call)(issues),
    }


def _ids(call: Call, asked: _Search) -> list[str]:
    there = find(call, _bounded(asked.jql), strict=asked.validate_query)
    return [one.id for one in there if one.id not in call.world.unindexed]


def _bounded(jql: str) -> str:
    """A query that the Cloud would take too: here a search may be for everything."""
    return f"project is not EMPTY {jql}" if not jql.strip() or jql.lower().split()[:2] == ["order", "by"] else jql
