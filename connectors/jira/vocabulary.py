"""What the admin's words can mean on a Jira site: its fields, with how they are filled, and its words by facet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from connectors.jira.answers import FieldDetails, LinkTypes, Type
from connectors.jira.client import Client
from connectors.jira.records import CATEGORIES, LABEL, value
from connectors.jira.search import newest
from connectors.jira.site import SPRINT, URL, all_fields
from connectors.jira.wire import Named
from syncbot.model import Facet, Field, FieldType, Scope, Term, Vocabulary, described

SAMPLED = 100  # issues, the last changed ones, from which fill rates and samples are taken
SAMPLED_SCOPES = 100

_TYPES: dict[str, FieldType] = {
    "string": "text",
    "number": "number",
    "boolean": "bool",
    "date": "date",
    "datetime": "instant",
    "user": "person",
    **dict.fromkeys(
        (
            "option",
            "option-with-child",
            "priority",
            "resolution",
            "issuetype",
            "status",
            "project",
            "version",
            "securitylevel",
            "component",
            "team",
        ),
        "option",
    ),
}
_OF_THE_SITE: tuple[Facet, ...] = ("priority", "resolution")
_LISTS: dict[FieldType, FieldType] = {"person": "people", "option": "options", "text": "options"}


def describe(client: Client, scopes: Sequence[Scope]) -> Vocabulary:
    """Fields and words of these projects, in one request a project and a handful more, all of them at once."""
    ask = client.pool.submit
    told, asked = ask(all_fields, client), ask(_sample, client, scopes)
    site = {facet: ask(client.get, facet, list[Named]) for facet in _OF_THE_SITE}
    links = ask(client.get, "issueLinkType", LinkTypes)
    words = list(client.each(lambda scope: client.get(f"project/{scope.remote_id}/statuses", list[Type]), scopes))
    fields, sample = told.result(), asked.result()
    kept = {scope.remote_id for scope in scopes}
    return Vocabulary(
        fields=tuple(_field(one, sample) for one in fields if not (home := _home(one)) or home in kept),
        terms=tuple(
            dict.fromkeys(
                chain(
                    *(_terms(scope.remote_id, types) for scope, types in zip(scopes, words, strict=True)),
                    *(_named(facet, named.result()) for facet, named in site.items()),
                    _named("link", links.result().issue_link_types),
                )
            )
        ),
    )


def _terms(scope: str, types: Sequence[Type]) -> Iterator[Term]:
    for kind in types:
        yield Term("type", kind.id, kind.name, scope)
        for status in kind.statuses:
            category = CATEGORIES.get(status.status_category.key) if status.status_category else None
            yield Term("status", status.id, status.name, scope, category)


def _named(facet: Facet, words: Sequence[Named]) -> Iterator[Term]:
    return (Term(facet, word.id, word.name) for word in words)


def _home(details: FieldDetails) -> str:
    return details.scope.project.id if details.scope and details.scope.project else ""


def _sample(client: Client, scopes: Sequence[Scope]) -> list[dict[str, Any]]:
    """All fields of some issues that were changed last; none that stands under a security level."""
    if not scopes:
        return []
    projects = ", ".join(scope.remote_id for scope in scopes[:SAMPLED_SCOPES])
    found = newest(client, f"project in ({projects}) order by updated desc", SAMPLED)
    return [one for one in found if not one.get("security") and LABEL not in (one.get("labels") or ())]


def _field(details: FieldDetails, sample: Sequence[dict[str, Any]]) -> Field:
    home = _home(details)
    # A field that no sampled issue even has says nothing of how it is filled: it belongs to other projects or types.
    held = [one[details.id] for one in sample if details.id in one]
    return described(
        details.id,
        details.name or details.id,
        type_of(details),
        [value(said) for said in held],
        custom=details.custom,
        scopes=(home,) if home else (),
        shown=details.id not in _PRIVATE,
    )


# Long text, which is not ours to show.
_PRIVATE = frozenset({"description", "environment", "comment"})


def type_of(details: FieldDetails) -> FieldType:
    """The type of a field, from Jira's own schema of it and never from its name."""
    schema = details.schema
    if schema is None:
        return "other"
    if schema.custom in {SPRINT, URL}:
        return "sprint" if schema.custom == SPRINT else "url"
    if schema.type == "array":
        return _LISTS.get(_TYPES.get(schema.items, "other"), "other")
    return _TYPES.get(schema.type, "other")
