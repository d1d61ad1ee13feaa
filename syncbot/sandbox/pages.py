"""The sandbox for people: its board, issues and cards as their tools would show them, at the tools' own addresses.

Everything in the world may be hostile text: all of it is escaped, and the pages allow no script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from importlib.resources import files
from itertools import islice

from markdown_it import MarkdownIt

from syncbot.sandbox.datacenter import wiki
from syncbot.sandbox.jira import adf
from syncbot.sandbox.world import JiraIssue, TrelloBoard, TrelloCard, World

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
_MOST = 300  # entries of one table; a big world does not fit a page
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough", "table"]).disable("image")
)


def home(world: World) -> str:
    """What there is to look at."""
    state = world.jira
    parts = [_board(world, board) for board in world.trello.boards.values() if not board.closed]
    for project in state.projects.values():
        issues = [one for one in state.issues.values() if one.project == project.id]
        parts.append(
            f"<h2>Jira · {_said(project.name)} ({project.key}), {len(issues)} issues</h2>{_table(world, issues)}"
        )
    return _page("The sandbox", "".join(parts))


def project(world: World, key: str) -> str | None:
    """A Jira project: its issues."""
    found = next((one for one in world.jira.projects.values() if one.key == key), None)
    if found is None:
        return None
    issues = [one for one in world.jira.issues.values() if one.project == found.id]
    return _page(found.name, f"<h1>{_said(found.name)}</h1>{_table(world, issues)}")


def _text(issue: JiraIssue) -> str:
    said = issue.description
    return wiki.html(said) if isinstance(said, str) else adf.html(said)


def board(world: World, link: str) -> str | None:
    """A Trello board: its lists side by side."""
    found = world.trello.board(link)
    return _page(found.name, _board(world, found)) if found else None


def issue(world: World, key: str) -> str | None:
    """A Jira issue, as Jira shows it; a project's key shows the project."""
    state = world.jira
    found = state.issue(key)
    if found is None:
        return project(world, key)
    below = [one for one in state.issues.values() if one.parent == found.id]
    parent = state.issues.get(found.parent or "")
    facts = {
        "Status": _status(world, found),
        "Assignee": _person(world, found.assignee),
        "Reporter": _person(world, found.reporter),
        "Parent": _issue_link(parent) if parent else "",
        "Labels": _marks(found.labels),
        "Sprint": _marks(state.sprints[one].name for one in found.sprints),
        "Fix versions": _marks(state.versions[one].name for one in found.versions),
        "Due date": escape(found.due or ""),
        "Security level": escape(state.levels[found.security].name) if found.security else "",
        **{state.fields[name].name: _anchor(str(value), str(value)) for name, value in found.fields.items()},
        "Created": _time(found.created),
        "Updated": _time(found.updated),
    }
    comments = "".join(
        f"<article><b>{_person(world, one.author)}</b> {_time(one.created)}{adf.html(one.body)}</article>"
        for one in found.comments
    )
    children = f"<h2>Child issues</h2>{_table(world, below)}" if below else ""
    kind = escape(state.types[found.type].name)
    return _page(
        f"{found.key} {found.summary}",
        f"<p class=crumb>{kind} · {escape(found.key)}</p><h1 dir=auto>{_said(found.summary)}</h1>"
        f"<div class=split><div class=text>{_text(found) or '<p class=crumb>No description</p>'}"
        f"{children}{'<h2>Comments</h2>' + comments if comments else ''}</div>{_facts(facts)}</div>",
    )


def card(world: World, link: str) -> str | None:
    """A Trello card, as Trello shows it: description, checklists, attachments."""
    state = world.trello
    found = state.card(link)
    if found is None:
        return None
    lists = sorted((one for one in state.checklists.values() if one.card == found.id), key=lambda one: one.pos)
    facts = {
        "Board": _said(state.boards[found.board].name),
        "List": _said(state.lists[found.list_id].name),
        "Members": _marks(state.members[one].name for one in found.members),
        "Labels": _marks(state.labels[one].name for one in found.labels),
        "Due date": _time(found.due) + (" ✔" if found.complete else ""),
        "Last activity": _time(found.active),
    }
    checklists = ""
    for one in lists:
        done = sum(item.state == "complete" for item in one.items)
        rows = "".join(
            f"<li>{'☑' if item.state == 'complete' else '☐'} {_inline(item.name)}</li>"
            for item in sorted(one.items, key=lambda item: item.pos)
        )
        checklists += (
            f"<h2 dir=auto>{_said(one.name)} <small>{done}/{len(one.items)}</small></h2><ul class=checks>{rows}</ul>"
        )
    attached = "".join(f"<li>{_anchor(one.url, one.name)}</li>" for one in found.attachments)
    notice = "<p class=notice>This card is archived.</p>" if found.closed else ""
    return _page(
        found.name,
        f"{notice}<h1 dir=auto>{_said(found.name)}</h1>"
        f"<div class=split><div class=text>{_MARKDOWN.render(found.desc)}{checklists}"
        f"{'<h2>Attachments</h2><ul>' + attached + '</ul>' if attached else ''}</div>{_facts(facts)}</div>",
    )


PAGES: dict[str, Callable[..., str | None]] = {
    "/": home,
    "/jira/browse/{key}": issue,
    "/dc/browse/{key}": issue,
    "/trello/b/{link}": board,
    "/trello/b/{link}/{name}": board,
    "/trello/c/{link}": card,
    "/trello/c/{link}/{name}": card,
}


def show(world: World, path: str, params: dict[str, str]) -> str | None:
    """The page of a path of PAGES, or None if there is nothing there."""
    params.pop("name", None)
    return PAGES[path](world, *params.values())


def _board(world: World, board: TrelloBoard) -> str:
    state = world.trello
    columns = []
    for one in sorted((one for one in state.lists.values() if one.board == board.id), key=lambda one: one.pos):
        inside = [card for card in state.cards.values() if card.list_id == one.id and not card.closed]
        inside.sort(key=lambda card: card.pos)
        shown = "".join(_card(world, card) for card in islice(inside, _MOST))
        columns.append(f"<section><h3>{_said(one.name)} <small>{len(inside)}</small></h3>{shown}</section>")
    link = f"<a href='/trello/b/{escape(board.short_link)}'>{_said(board.name)}</a>"
    return f"<h2>Trello · {link}</h2><div class=board>{''.join(columns)}</div>"


def _card(world: World, card: TrelloCard) -> str:
    state = world.trello
    people = ", ".join(state.members[one].name for one in card.members)
    labels = _marks(state.labels[one].name for one in card.labels)
    link = f"<a href='/trello/c/{escape(card.short_link)}'>{_said(card.name[:200])}</a>"
    return f"<div class=card dir=auto>{labels}{link}<small>{_said(people)}</small></div>"


def _table(world: World, issues: list[JiraIssue]) -> str:
    rows = "".join(
        f"<tr><td>{_issue_link(one)}</td><td>{escape(world.jira.types[one.type].name)}</td>"
        f"<td dir=auto>{_said(one.summary)}</td><td>{_status(world, one)}</td>"
        f"<td>{_person(world, one.assignee)}</td></tr>"
        for one in islice(issues, _MOST)
    )
    more = f"<p class=crumb>and {len(issues) - _MOST} more</p>" if len(issues) > _MOST else ""
    return f"<table>{rows}</table>{more}"


def _issue_link(issue: JiraIssue) -> str:
    return f"<a href='/jira/browse/{escape(issue.key)}'>{escape(issue.key)}</a>"


def _status(world: World, issue: JiraIssue) -> str:
    word = world.jira.statuses[issue.status]
    return f"<span class='status {word.category}'>{escape(word.name)}</span>"


def _person(world: World, account: str | None) -> str:
    return _said(world.jira.users[account].name) if account else "<span class=crumb>nobody</span>"


def _facts(facts: dict[str, str]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd dir=auto>{value}</dd>" for name, value in facts.items() if value)
    return f"<dl>{rows}</dl>"


def _marks(names: Iterable[str]) -> str:
    return "".join(f"<span class=mark>{_said(name) or '&nbsp;'}</span> " for name in names)


def _inline(text: str) -> str:
    """A check item: Trello shows Markdown in it, on one line."""
    return str(_MARKDOWN.renderInline(text))


def _anchor(url: str, text: str) -> str:
    is_web = url.startswith(("http://", "https://"))
    return f"<a href='{escape(url)}'>{_said(text)}</a>" if is_web else _said(text)


def _said(text: str) -> str:
    """People's text, escaped, and kept from turning the direction of what follows."""
    return f"<bdi>{escape(text)}</bdi>" if text else ""


def _time(at: datetime | None) -> str:
    return f"{at:%d %b %Y, %H:%M} UTC" if at else ""


def _page(title: str, body: str) -> str:
    style = files("syncbot.sandbox").joinpath("pages.css").read_text(encoding="utf-8")
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title[:200])}</title><style>{style}</style>"
        f"<header><a href='/'>The sandbox</a> A made-up company: nothing here is real.</header><main>{body}</main>"
    )
