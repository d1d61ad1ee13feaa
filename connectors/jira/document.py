"""A description as Jira holds it: compared with ours whatever Jira made of it, and with what people wrote around it.

On Cloud it is a document (ADF), whose parts are its blocks; on Data Center wiki markup, whose parts are its lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from syncbot.texts import around


def among(ours: Any, theirs: Any, before: Iterable[Any] = ()) -> Any:
    """Ours, with what people wrote above its first part and below its last one in theirs.

    ``before``: what may stand there of ours. What stands in between is ours; where nothing does, all is theirs.
    """
    parts, new = _parts(theirs), _parts(ours)
    if not parts or not new:
        return ours
    held = [_words(part) for part in parts]
    said = [[_words(part) for part in _parts(one)] for one in (*before, ours)]
    above, below = around(held, said)
    return _whole(ours, [*parts[:above], *new, *parts[len(parts) - below :]])


def _words(part: Any) -> str:
    """The words of a part, without its markup."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(map(_words, part))
    if not isinstance(part, dict):
        return ""
    attributes = part.get("attrs") or {}
    return "".join(
        map(_words, (attributes.get("title"), attributes.get("text"), part.get("text"), part.get("content")))
    )


def _parts(description: Any) -> list[Any]:
    if isinstance(description, str):
        return description.strip().splitlines()
    content = description.get("content") if isinstance(description, dict) else None
    return content if isinstance(content, list) else []


def _whole(ours: Any, parts: list[Any]) -> Any:
    return "\n".join(parts) if isinstance(ours, str) else {**ours, "content": parts}


def same(ours: Any, theirs: Any) -> bool:
    """Whether Jira holds the document that we would write.

    Jira adds attributes of its own (``localId``, a table's layout), leaves out what is empty and joins neighbouring
    texts with the same marks: both are brought into one form first, and an attribute that it added is passed over.
    Data Center holds wiki markup, whose lines it may end in another way.
    """
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.rstrip().splitlines() == theirs.rstrip().splitlines()
    return _within(_plain(ours), _plain(theirs))


def _within(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        attributes, added = ours.get("attrs", {}), theirs.get("attrs", {})
        return (
            {*ours} - {"attrs"} == {*theirs} - {"attrs"}
            and all(key in added and _within(held, added[key]) for key, held in attributes.items())
            and all(_within(held, theirs[key]) for key, held in ours.items() if key != "attrs")
        )
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_within, ours, theirs))
    return bool(ours == theirs)


def _plain(node: Any) -> Any:
    """A node without what is empty, its marks sorted, neighbouring texts of the same marks joined."""
    if isinstance(node, list):
        joined: list[Any] = []
        for part in map(_plain, node):
            if part == {"type": "text"}:
                continue
            if joined and _is_text(part) and _is_text(joined[-1]) and part.get("marks") == joined[-1].get("marks"):
                joined[-1] = {**joined[-1], "text": joined[-1]["text"] + part["text"]}
            else:
                joined.append(part)
        return joined
    if isinstance(node, dict):
        plain = {key: _plain(held) for key, held in node.items() if held not in (None, [], {}, "")}
        if "marks" in plain:
            plain["marks"].sort(key=lambda mark: str(mark.get("type")))
        return plain
    return node


def _is_text(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") == "text"
