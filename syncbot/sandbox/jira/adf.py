"""The Atlassian Document Format: what Jira accepts as rich text, as plain text, and as the page that people see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

LIMIT = 32_767  # characters of the stored document, as Java counts them: an emoji is two

_INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"})
_LISTS = frozenset({"bulletList", "orderedList"})
_LEAVES = frozenset({"paragraph", "codeBlock", *_LISTS})
_BLOCKS = _LEAVES | {"heading", "blockquote", "rule", "panel", "table", "expand", "taskList", "blockCard"}
_INSIDE: dict[str, frozenset[str]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "heading": _INLINE,
    "codeBlock": frozenset({"text"}),
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": _LEAVES,
    "blockquote": _LEAVES,
    "panel": _LEAVES | {"heading", "rule"},
    "expand": _BLOCKS - {"expand"},
    "taskList": frozenset({"taskItem", "taskList"}),
    "taskItem": _INLINE,
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableHeader", "tableCell"}),
    "tableHeader": _BLOCKS - {"table", "expand"},
    "tableCell": _BLOCKS - {"table", "expand"},
}
_MARKS = {"strong": "strong", "em": "em", "code": "code", "strike": "s", "underline": "u"}
_OTHER_MARKS = frozenset({"link", "subsup", "textColor", "backgroundColor"})
_TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "codeBlock": "pre",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
    "taskList": "ul",
    "taskItem": "li",
    "panel": "aside",
}
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_SCHEMES = ("http://", "https://", "mailto:", "/", "#")


def problem(document: Any) -> str | None:
    """Why Jira would refuse this document, or None. Wrong structure, empty text and too much of it are refused."""
    if not isinstance(document, dict) or document.get("type") != "doc" or document.get("version") != 1:
        return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    if any(_faults(document)):
        return "INVALID_INPUT"
    stored = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if len(stored.encode("utf-16-le")) // 2 > LIMIT:
        return f"The entered text is too long. It exceeds the allowed limit of {LIMIT:,} characters."
    return None


def _faults(node: dict[str, Any]) -> Iterator[str]:
    kind = node["type"]
    children = node.get("content", [])
    if not isinstance(children, list) or (children and kind not in _INSIDE):
        yield kind
        return
    if not children and kind in {*_LISTS, "listItem", "table", "tableRow"}:
        yield kind  # these are nothing without content
    for child in children:
        if not isinstance(child, dict) or child.get("type") not in _INSIDE[kind]:
            yield kind
        elif child["type"] == "text":
            if (
                not isinstance(child.get("text"), str)
                or not child["text"]
                or any(map(_bad_mark, child.get("marks", [])))
            ):
                yield "text"
        elif child["type"] == "heading" and child.get("attrs", {}).get("level") not in range(1, 7):
            yield "heading"
        else:
            yield from _faults(child)


def _bad_mark(mark: Any) -> bool:
    if not isinstance(mark, dict) or mark.get("type") not in _OTHER_MARKS | set(_MARKS):
        return True
    return mark["type"] == "link" and not isinstance(mark.get("attrs", {}).get("href"), str)


def document(*paragraphs: str) -> dict[str, Any]:
    """A document of plain paragraphs."""
    content = [
        {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []} for text in paragraphs
    ]
    return {"type": "doc", "version": 1, "content": content}


def plain(node: dict[str, Any] | str | None) -> str:
    """The text of a document, a line for each block; wiki markup as it is."""
    if not node or isinstance(node, str):
        return str(node or "")
    if node["type"] == "text":
        return str(node["text"])
    inside = "".join(map(plain, node.get("content", [])))
    return inside if node["type"] in _INLINE else inside + "\n"


def html(node: dict[str, Any] | None) -> str:
    """A document as Jira would show it, escaped."""
    if not node:
        return ""
    kind, attrs = node["type"], node.get("attrs", {})
    if kind == "text":
        return _marked(node)
    if kind in _INLINE or kind in {"rule", "blockCard"}:
        return _single(kind, attrs)
    inside = "".join(map(html, node.get("content", [])))
    if kind == "heading":
        return f"<h{attrs['level']}>{inside}</h{attrs['level']}>"
    if kind == "expand":
        return f"<details><summary>{escape(str(attrs.get('title', '')))}</summary>{inside}</details>"
    tag = _TAGS.get(kind)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _single(kind: str, attrs: dict[str, Any]) -> str:
    if kind in {"hardBreak", "rule"}:
        return {"hardBreak": "<br>", "rule": "<hr>"}[kind]
    if kind in {"inlineCard", "blockCard"}:
        return _anchor(str(attrs.get("url", "")), escape(str(attrs.get("url", ""))))
    colour = escape(str(attrs.get("color", "")), quote=True)
    return f"<span class='{kind} {colour}'>{escape(str(attrs.get('text') or attrs.get('shortName') or ''))}</span>"


def _marked(node: dict[str, Any]) -> str:
    shown = escape(node["text"])
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            shown = _anchor(mark["attrs"]["href"], shown)
        elif mark["type"] == "textColor" and _COLOUR.fullmatch(str(mark.get("attrs", {}).get("color"))):
            shown = f"<span style='color:{mark['attrs']['color']}'>{shown}</span>"
        elif tag := _MARKS.get(mark["type"]):
            shown = f"<{tag}>{shown}</{tag}>"
    return shown


def _anchor(url: str, shown: str) -> str:
    return f'<a href="{escape(url)}">{shown}</a>' if url.startswith(_SCHEMES) else shown
