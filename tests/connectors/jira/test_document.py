"""What people write around our words in a description, in both of Jira's forms."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.jira.document import among


def document(*lines: str, **more: Any) -> dict[str, Any]:
    said = [{"type": "paragraph", **more, "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "version": 1, "content": said}


def wiki(*lines: str, **_: Any) -> str:
    return "\n".join(lines)


OLD, NEW = ("2 findings", "x", "kept by syncbot"), ("1 finding", "kept by syncbot")


@pytest.mark.parametrize("made", [document, wiki])
@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (OLD, NEW),
        ((), NEW),
        (("note", *OLD), ("note", *NEW)),
        ((*OLD, "note", "more"), (*NEW, "note", "more")),
        (("a", "b", *OLD, "c"), ("a", "b", *NEW, "c")),
        (("2 findings", "mine", "kept by syncbot", "c"), (*NEW, "c")),
        (("note", *NEW, "c"), ("note", *NEW, "c")),
        (("other words",), ("other words", *NEW)),
        (("note", "2 findings!!", "x", "kept by syncbot"), ("note", *NEW)),
        (("note", "and a thought", "x", "kept by syncbot"), ("note", "and a thought", *NEW)),
        (("note", "x", "kept by syncbot", "c"), ("note", *NEW, "c")),
        ((*OLD[:-1], "kept up by syncbot", "c"), (*NEW, "c")),
        (
            ("minutes", "x", "Bob tells them", "x", "we agreed"),
            ("minutes", "x", "Bob tells them", "x", "we agreed", *NEW),
        ),
    ],
)
def test_what_stands_above_and_below_is_kept(made: Any, theirs: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert among(made(*NEW), made(*theirs), [made(*OLD)]) == made(*expected)


def test_without_knowing_what_was_written_before_it_is_recognised_by_what_is_now() -> None:
    assert among(document(*NEW), document("note", *NEW)) == document("note", *NEW)
    assert among(document(*NEW), None) == document(*NEW)


@pytest.mark.parametrize("made", [document, wiki])
def test_of_several_texts_that_may_stand_there_any_is_recognised(made: Any) -> None:
    sent = ("3 findings", "y", "kept by syncbot")
    for there in (OLD, sent, ("3 findings!", *sent[1:])):
        assert among(made(*NEW), made("note", *there, "c"), [made(*sent), made(*OLD)]) == made("note", *NEW, "c")


def test_what_jira_adds_to_our_parts_hides_none_of_them() -> None:
    theirs = document("note", *OLD, "c", attrs={"localId": "1"})
    kept = among(document(*NEW), theirs, [document(*OLD)])["content"]
    assert [part["content"][0]["text"] for part in kept] == ["note", *NEW, "c"]
