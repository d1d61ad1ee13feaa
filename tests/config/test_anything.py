"""Whatever stands in a config, reading it ends in settings and mistakes, never in a crash."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from syncbot import config, toml
from tests.config.helpers import ENV, TOOLS
from tests.tomltext import written

FILE = Path("/nowhere/config.toml")
EXAMPLE = (Path(__file__).resolve().parents[2] / "config.example.toml").read_text(encoding="utf-8")
SECTIONS = st.sampled_from(sorted({*re.findall(r"^#\[+(\w+)", EXAMPLE, re.MULTILINE), "other"}))
KEYS = st.sampled_from(
    sorted({*re.findall(r"^#(\w+) *=", EXAMPLE, re.MULTILINE), "from", "scope", "in", "board", "ada"})
)
SCALARS = (
    st.sampled_from(["", " ", "jira", "trello", "asana", "board", "ada", "board/x", "*", "!", "-", "GB-", "2026-02-30"])
    | st.sampled_from(["env:", "env:TRELLO_KEY", "file:x", "https://x", "https://[", "24h", "0 8 * * *", "0 8 * *"])
    | st.text(max_size=5)
    | st.integers(-2, 200)
    | st.booleans()
    | st.floats()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=10
)
DOCUMENTS = st.dictionaries(
    SECTIONS,
    st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=6) | VALUES, max_size=4)
    | st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3),
    max_size=6,
)


@given(DOCUMENTS)
def test_any_document_gives_settings_and_mistakes(document):
    text = "\n".join(f"{key} = {written(value)}" for key, value in document.items())
    root = toml.parse(text, FILE)

    found, mistakes = config.interpret(root, ENV, tools=TOOLS)

    assert all(1 <= mistake.line <= max(1, len(document)) for mistake in mistakes)
    assert sorted(set(mistakes)) == sorted(mistakes)
    assert config.check_rules(found, {}) is not None
