"""The company's report in every state and for every tool, and ways to read it, for the tests of how it is rendered."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
from hypothesis import strategies as st
from rich.console import Console

from syncbot.model import CannotTell, Evidence, Report
from syncbot.report import EVERYTHING, compose, terminal
from syncbot.report.document import Document
from tests.report.found import ABOUT, ADA, BO, RISK, SOURCES, TODAY, card, issue, sprint, stated

ADF = json.loads(Path(__file__).with_name("adf.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(ADF)
ANY_TITLE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\`*_[]()<>#|~&!:@{}\n-+=1.\"'"), max_size=60
)
NASTY = "**Bold** [x](javascript:y) <b>&amp;</b> `code` {title} دفع 🚀\n# h #1 |a| ~b~ \\"
TAGS = {"body", "strong", "em", "code", "ul", "li", "a", "h2", "hr"}


def company() -> list[Any]:
    """Findings of every state and severity, with titles of every kind."""
    loaded = Evidence("47 points planned, 40 to give (config): 117%.", {"planned": 47})
    sprint_24 = {"evidence": (loaded,), "person": BO, "first": "2026-11-18", "last": "2026-11-20"}
    long_ago = {"first": "2026-11-02"}
    return [
        stated("feature-without-owner", card("AbCd1234", "Instant refunds")),
        stated(
            "feature-without-work", card("Zx98Yu76", "دفع فوري (instant pay)"), person=ADA, state="still", **long_ago
        ),
        stated("status-drift", card("Qw12ErTy", NASTY), other=issue("PAY-12", "Hosted checkout"), person=ADA),
        stated("sprint-over-capacity", sprint("PAY Sprint 24"), state="not_checked", **sprint_24),
        stated("work-without-assignee", issue("RISK-7", "Acquisition of Foo", restricted=True), person=BO),
        *(stated("work-without-assignee", issue(f"PAY-{n}", f"Task {n}"), person=BO) for n in range(20, 28)),
        *(stated("one-person-both-roles", card(f"c{n}", f"Card {n}"), "{title} is yours twice.") for n in range(11)),
        stated("feature-without-owner", card("Old12345", "Split payouts"), state="resolved", **long_ago),
        stated("feature-without-owner", card("Old12346", "Old invoices"), state="waived", **long_ago),
    ]


GAPS = (
    CannotTell("sprint-over-capacity", "delivery/RISK", "points are filled in too few items", 3),
    CannotTell("feature-without-work", "roadmap/Product roadmap", "delivery was not read completely", 2),
)
BROKEN = tuple(
    msgspec.structs.replace(one, promise_broken=one.scope == RISK[1], read_at="2026-11-20T07:00:00.000Z", error="503")
    for one in SOURCES
)
PRODUCT = Report("roadmap", "Product roadmap", covers=("*",), may_show=("roadmap", "delivery/PAY"))
PROJECT = Report("delivery", "PAY", title="Alignment of PAY", covers=("*",), may_show=("roadmap", "delivery"))


def document(report: Report | None, today: str = TODAY) -> Document:
    return compose(company(), GAPS, BROKEN, report, today=today, about=ABOUT)


def crowd(count: int, title: str = "Card", **more: Any) -> Document:
    """Very many findings of very many people."""
    found = [
        stated(
            "feature-without-owner",
            card(f"c{n}", f"{title} {n}"),
            person=msgspec.structs.replace(ADA, id=n, name=f"P {n}"),
        )
        for n in range(count)
    ]
    found += [stated("work-without-assignee", issue(f"PAY-{n}", f"{title} {n}")) for n in range(count)]
    return compose(found, GAPS, BROKEN, PROJECT, today=TODAY, limits=EVERYTHING, **more)


def pretty(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def shown(one: Document, *, lines: int | None = terminal.LINES, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=80, **options)
    terminal.show(one, console, lines=lines)
    return console.file.getvalue()


def words_of(node: dict[str, Any]) -> list[str]:
    """The text of each block of an ADF document."""
    if node["type"] in {"paragraph", "heading"}:
        return ["".join(part.get("text", " ") for part in node["content"])]
    return [line for child in node.get("content", ()) for line in words_of(child)]


def tree(body: dict[str, Any]) -> ET.Element:
    """The description as XML, which Asana refuses as a whole if it is not."""
    root = ET.fromstring(body["html_notes"])  # noqa: S314 - our own text
    assert {node.tag for node in root.iter()} <= TAGS
    assert all(child.tag == "li" for node in root.iter("ul") for child in node)
    assert all(set(node.attrib) == ({"href"} if node.tag == "a" else set()) for node in root.iter())
    return root
