"""Asana's rich text: XML with few tags. What it refuses, what it says as plain text, how it looks to people."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from xml.etree import ElementTree as ET

from syncbot.sandbox.asana.access import refusal

_INLINE = {"strong", "em", "u", "s", "code", "a"}
_LISTS = {"ol", "ul", "li"}
COMMENT = frozenset({"body", *_INLINE, *_LISTS, "pre", "blockquote"})
NOTES = COMMENT | {"h1", "h2", "hr", "img"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "style"}}
_BLOCKS = {"li", "h1", "h2", "pre", "blockquote", "hr"}
_INVALID = "xml_parsing_error: XML is invalid"
_LONGEST = 65_535  # characters; Asana documents none, this is what people ran into
_GID = re.compile(r"/0/\d+/(\d+)")


def parse(text: object, allowed: frozenset[str]) -> str:
    """The text as Asana keeps it; refused with 400 unless it is XML in a body, of the allowed tags only."""
    if not isinstance(text, str) or len(text) > _LONGEST or "<!" in text or "<?" in text:
        raise refusal(400, _INVALID)
    try:
        root = _read(text)
    except ET.ParseError:
        raise refusal(400, _INVALID) from None
    _check(root, allowed, inside=None)
    for link in root.iter("a"):
        _point(link)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace("<body />", "<body></body>")


def wrap(text: str) -> str:
    """Plain text as rich text."""
    return f"<body>{escape(text, quote=False)}</body>"


def plain(text: str) -> str:
    """Rich text as plain text: list items and headings on lines of their own."""
    if text.find("<", 6) == len(text) - 7:  # nothing but a body: by far the most of them
        return _unescape(text[6:-7])
    return _plain(_read(text)).strip("\n")


def page(text: str, name_of: Callable[[str], str]) -> str:
    """Rich text as HTML, for people; ``name_of`` gives the name of a task that an empty link points to."""
    return _html(_read(text), name_of)


def _read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - without a document type, which `parse` refuses, XML can do no harm


def _check(node: ET.Element, allowed: frozenset[str], inside: str | None) -> None:
    wanted = {"body"} if inside is None else {"li"} if inside in {"ol", "ul"} else allowed - {"body", "li"}
    if node.tag not in wanted:
        raise refusal(400, _INVALID)
    known = _ATTRIBUTES.get(node.tag, set())
    if any(name not in known and not name.startswith("data-asana-") for name in node.attrib):
        raise refusal(400, _INVALID)
    if node.tag in {"ol", "ul"} and (node.text or "").strip():
        raise refusal(400, _INVALID)
    for child in node:
        _check(child, allowed, node.tag)


def _point(link: ET.Element) -> None:
    """A link to one of Asana's own pages is marked as such when it is read back."""
    if found := _GID.search(link.get("href", "")):
        link.set("data-asana-gid", found[1])
        link.set("data-asana-accessible", "true")
        link.set("data-asana-type", "task")
        link.set("data-asana-dynamic", "false")


def _plain(node: ET.Element) -> str:
    inner = (node.text or "") + "".join(_plain(child) + (child.tail or "") for child in node)
    return f"{inner}\n" if node.tag in _BLOCKS else inner


def _html(node: ET.Element, name_of: Callable[[str], str]) -> str:
    inner = _said(node.text) + "".join(_html(child, name_of) + _said(child.tail) for child in node)
    if node.tag == "body":
        return f"<div class=rich>{inner}</div>"
    if node.tag == "hr":
        return "<hr>"
    if node.tag == "img":
        return f"<p class=crumb>[{escape(node.get('alt', 'picture'))}]</p>"
    if node.tag == "a":
        url = node.get("href", "")
        said = inner or _said(name_of(node.get("data-asana-gid", "")))
        return f"<a href='{escape(url)}'>{said}</a>" if url.startswith(("http://", "https://")) else said
    return f"<{node.tag}>{inner}</{node.tag}>"


def _said(text: str | None) -> str:
    return escape(text).replace("\n", "<br>") if text else ""


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
