"""The sandbox for people: its board, issues and cards as their tools would show them, at the tools' own addresses.

Everything in the world may be hostile text: all of it is escaped, and the pages allow no script.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import islice

from markdown_it import MarkdownIt

from syncbot.sandbox import asana_pages
from syncbot.sandbox.datacenter import wiki
from syncbot.sandbox.html import MOST, anchor, facts, marks, said, time, whole
from syncbot.sandbox.jira import adf
from syncbot.sandbox.world import JiraIssue, TrelloBoard, TrelloCard, World

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
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
            f"<h2>Jira · {said(project.name)} ({project.key}), {len(issues)} issues</h2>{_table(world, issues)}"
        )
    parts.append(asana_pages.home(world))
    return whole("The sandbox", "".join(parts))


def project(world: World, key: str) -> str | None:
    """A Jira project: its issues."""
    found = next((one for one in world.jira.projects.values() if one.key == key), None)
    if found is None:
        return None
    issues = [one for one in world.jira.issues.values() if one.project == found.id]
    return whole(found.name, f"<h1>{said(found.name)}</h1>{_table(world, issues)}")


def _text(issue: JiraIssue) -> str:
    text = issue.description
    return wiki.html(text) if isinstance(text, str) else adf.html(text)


def board(world: World, link: str) -> str | None:
    """A Trello board: its lists side by side."""
    found = world.trello.board(link)
    return whole(found.name, _board(world, found)) if found else None


def issue(world: World, key: str) -> str | None:
    """A Jira issue, as Jira shows it; a project's key shows the project."""
    state = world.jira
    found = state.issue(key)
    if found is None:
        return project(world, key)
    below = [one for one in state.issues.values() if one.parent == found.id]
    parent = state.issues.get(found.parent or "")
    table = {
        "Status": _status(world, found),
        "Assignee": _person(world, found.assignee),
        "Reporter": _person(world, found.reporter),
        "Parent": _issue_link(parent) if parent else "",
        "Labels": marks(found.labels),
        "Sprint": marks(state.sprints[one].name for one in found.sprints),
        "Fix versions": marks(state.versions[one].name for one in found.versions),
        "Due date": escape(found.due or ""),
        "Security level": escape(state.levels[found.security].name) if found.security else "",
        **{state.fields[name].name: anchor(str(value), str(value)) for name, value in found.fields.items()},
        "Created": time(found.created),
        "Updated": time(found.updated),
    }
    comments = "".join(
        f"<article><b>{_person(world, one.author)}</b> {time(one.created)}{adf.html(one.body)}</article>"
        for one in found.comments
    )
    children = f"<h2>Child issues</h2>{_table(world, below)}" if below else ""
    kind = escape(state.types[found.type].name)
    return whole(
        f"{found.key} {found.summary}",
        f"<p class=crumb>{kind} · {escape(found.key)}</p><h1 dir=auto>{said(found.summary)}</h1>"
        f"<div class=split><div class=text>{_text(found) or '<p class=crumb>No description</p>'}"
        f"{children}{'<h2>Comments</h2>' + comments if comments else ''}</div>{facts(table)}</div>",
    )


def card(world: World, link: str) -> str | None:
    """A Trello card, as Trello shows it: description, checklists, attachments."""
    state = world.trello
    found = state.card(link)
    if found is None:
        return None
    lists = sorted((one for one in state.checklists.values() if one.card == found.id), key=lambda one: one.pos)
    table = {
        "Board": said(state.boards[found.board].name),
        "List": said(state.lists[found.list_id].name),
        "Members": marks(state.members[one].name for one in found.members),
        "Labels": marks(state.labels[one].name for one in found.labels),
        "Due date": time(found.due) + (" ✔" if found.complete else ""),
        "Last activity": time(found.active),
    }
    checklists = ""
    for one in lists:
        done = sum(item.state == "complete" for item in one.items)
        rows = "".join(
            f"<li>{'☑' if item.state == 'complete' else '☐'} {_inline(item.name)}</li>"
            for item in sorted(one.items, key=lambda item: item.pos)
        )
        checklists += (
            f"<h2 dir=auto>{said(one.name)} <small>{done}/{len(one.items)}</small></h2><ul class=checks>{rows}</ul>"
        )
    attached = "".join(f"<li>{anchor(one.url, one.name)}</li>" for one in found.attachments)
    notice = "<p class=notice>This card is archived.</p>" if found.closed else ""
    return whole(
        found.name,
        f"{notice}<h1 dir=auto>{said(found.name)}</h1>"
        f"<div class=split><div class=text>{_MARKDOWN.render(found.desc)}{checklists}"
        f"{'<h2>Attachments</h2><ul>' + attached + '</ul>' if attached else ''}</div>{facts(table)}</div>",
    )


PAGES: dict[str, Callable[..., str | None]] = {
    "/": home,
    "/jira/browse/{key}": issue,
    "/dc/browse/{key}": issue,
    "/trello/b/{link}": board,
    "/trello/b/{link}/{name}": board,
    "/trello/c/{link}": card,
    "/trello/c/{link}/{name}": card,
    "/asana/0/{gid}": asana_pages.project,
    "/asana/0/{of}/{gid}": asana_pages.task,
}


def show(world: World, path: str, params: dict[str, str]) -> str | None:
    """The page of a path of PAGES, or None if there is nothing there."""
    params.pop("name", None)
    return PAGES[path](world, **params)


def _board(world: World, board: TrelloBoard) -> str:
    state = world.trello
    columns = []
    for one in sorted((one for one in state.lists.values() if one.board == board.id), key=lambda one: one.pos):
        inside = [card for card in state.cards.values() if card.list_id == one.id and not card.closed]
        inside.sort(key=lambda card: card.pos)
        shown = "".join(_card(world, card) for card in islice(inside, MOST))
        columns.append(f"<section><h3>{said(one.name)} <small>{len(inside)}</small></h3>{shown}</section>")
    link = f"<a href='/trello/b/{escape(board.short_link)}'>{said(board.name)}</a>"
    return f"<h2>Trello · {link}</h2><div class=board>{''.join(columns)}</div>"


def _card(world: World, card: TrelloCard) -> str:
    state = world.trello
    people = ", ".join(state.members[one].name for one in card.members)
    labels = marks(state.labels[one].name for one in card.labels)
    link = f"<a href='/trello/c/{escape(card.short_link)}'>{said(card.name[:200])}</a>"
    return f"<div class=card dir=auto>{labels}{link}<small>{said(people)}</small></div>"


def _table(world: World, issues: list[JiraIssue]) -> str:
    rows = "".join(
        f"<tr><td>{_issue_link(one)}</td><td>{escape(world.jira.types[one.type].name)}</td>"
        f"<td dir=auto>{said(one.summary)}</td><td>{_status(world, one)}</td>"
        f"<td>{_person(world, one.assignee)}</td></tr>"
        for one in islice(issues, MOST)
    )
    more = f"<p class=crumb>and {len(issues) - MOST} more</p>" if len(issues) > MOST else ""
    return f"<table>{rows}</table>{more}"


def _issue_link(issue: JiraIssue) -> str:
    return f"<a href='/jira/browse/{escape(issue.key)}'>{escape(issue.key)}</a>"


def _status(world: World, issue: JiraIssue) -> str:
    word = world.jira.statuses[issue.status]
    return f"<span class='status {word.category}'>{escape(word.name)}</span>"


def _person(world: World, account: str | None) -> str:
    return said(world.jira.users[account].name) if account else "<span class=crumb>nobody</span>"


def _inline(text: str) -> str:
    """A check item: Trello shows Markdown in it, on one line."""
    return str(_MARKDOWN.renderInline(text))
