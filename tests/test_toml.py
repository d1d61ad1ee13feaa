"""TOML with lines: every mistake of a file at once, where it stands, and the key that was meant."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from syncbot.errors import ConfigErrors
from syncbot.toml import Wrong, nearest, parse, read, spell
from syncbot.toml_lines import lines
from tests.tomltext import quoted, written

FILE = Path("some.toml")


def noted(table) -> list[str]:
    return [str(mistake).removeprefix("some.toml:") for mistake in table.finish()]


def test_the_line_of_everything_is_known():
    text = """\
a = 1
"b c" = '''x
y = 2'''
[t."q"]   # [not.this]
list = [ "x", # c
  "y]", { z = 1, 'w'.v = "}" },

]
[[r]]
at = 1979-05-27 07:32:00
[[r]]
[r.s]
k = 1
[[r.s.u]]
[[r.s.u]]
k = []
""".replace("\n", "\r\n")

    found = {spell(where): line for where, line in parse(text, FILE).lines.items()}

    assert found == {
        "a": 1,
        '"b c"': 2,
        "t": 4,
        "t.q": 4,
        "t.q.list": 5,
        "t.q.list[1]": 5,
        "t.q.list[2]": 6,
        "t.q.list[3]": 6,
        "t.q.list[3].z": 6,
        "t.q.list[3].w": 6,
        "t.q.list[3].w.v": 6,
        "r": 9,
        "r[1]": 9,
        "r[1].at": 10,
        "r[2]": 11,
        "r[2].s": 12,
        "r[2].s.k": 13,
        "r[2].s.u": 14,
        "r[2].s.u[1]": 14,
        "r[2].s.u[2]": 15,
        "r[2].s.u[2].k": 16,
    }


def test_what_stands_nowhere_has_the_line_of_what_encloses_it():
    table = parse("a = 1\n[b]\n[b.c]\n", FILE).table("b").table("c")

    assert table.line("missing", 3) == 3
    assert parse("", FILE, first_line=7).line("missing") == 7


def test_a_text_inside_a_file_counts_from_its_own_first_line():
    table = parse("a = 1\nb = 2\n", FILE, first_line=10)

    assert noted(table) == ["10: a: is not a known key.", "11: b: is not a known key."]


KEYS = st.text(string.ascii_letters + "-_ .\"'#é=[]", min_size=1, max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.text(string.printable + "é#\"'[]{}", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_value_has_the_line_it_was_written_on(data):
    rows, expected = [], {}
    for key, value in data.items():
        expected[(key,)] = len(rows) + 1
        rows.append(f"{quoted(key)} = {written(value)}")
    text = "\n".join(rows)

    assert tomllib.loads(text) == data
    found = lines(text)
    for key, value in data.items():
        for way in ways(value):
            assert found[(key, *way)] == expected[(key,)]


TABLES = st.recursive(
    st.integers(0, 9),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from("abc"), inner, max_size=3), min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("abc"), TABLES, max_size=3))
def test_every_header_and_key_of_nested_tables_is_found_on_its_line(data):
    text = tomlkit.dumps(data)

    assert tomllib.loads(text) == data
    found = lines(text)
    assert set(found) == {way for way in ways(data) if way}
    for way, line in found.items():
        keys = [step for step in way if isinstance(step, str)]
        assert keys[-1] in text.split("\n")[line - 1]


def ways(value) -> list[tuple]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((step, *way) for step, inner in pairs for way in ways(inner))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = 2\na = 3\n", "some.toml:3: a: is already given on line 1."),
        ("[a]\n[b]\n\n[a]\n", "some.toml:4: a: is already given on line 1."),
        ("[[a]]\nx = 1\n[[a]]\nx = 1\nx = 2", "some.toml:5: a[2].x: is already given on line 4."),
        ("a = { x = 1, x = 2 }", "some.toml:1: a.x: is already given on line 1."),
        ("a = '''\n\n", "some.toml:3: is not TOML: expected \"'''\"."),
        ("a = 1\nb = @\n", "some.toml:2: is not TOML: invalid value."),
        ("a = 1\nb\n", "some.toml:2: is not TOML: expected '=' after a key in a key/value pair."),
        ("a = " + "[" * 3000, "some.toml:1: "),
    ],
)
def test_a_broken_file_says_where(text, expected):
    with pytest.raises(ConfigErrors) as caught:
        parse(text, FILE)

    assert str(caught.value).startswith(expected)


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'a = 1\nb = "caf\xe9"\n')

    with pytest.raises(ConfigErrors, match=r"latin\.toml:2: is not UTF-8 text here"):
        read(latin)
    with pytest.raises(ConfigErrors, match=r"none\.toml: cannot read it: No such file or directory"):
        read(tmp_path / "none.toml")


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\r\n")

    assert read(file).data == {"a": 1}


def test_all_mistakes_are_noted_and_defaults_given_back():
    table = parse(
        """\
text = 5
blank = " "
choice = "blue"
flag = "yes"
integer = 1.5
much = 101
number = true
endless = inf
day = 2026-02-30
instant = 2026-02-01T10:00:00
texts = ["a", 1, ""]
table = []
tables = [{}, 1]
names = { ada = {}, bo = 1 }
parsed = "x"
typpo = 1
""",
        FILE,
    )

    def refuse(_text: str) -> int:
        raise Wrong("is refused.", "Try y.")

    assert table.text("text", "usual") == "usual"
    assert table.text("blank", None) is None
    assert table.text("missing", "", need=True) == ""
    assert table.choice("choice", ("red", "green"), "red") == "red"
    assert table.flag("flag", default=True) is True
    assert table.integer("integer", 7) == 7
    assert table.integer("much", 7, high=100) == 7
    assert table.number("number", 7.5) == 7.5
    assert table.number("endless", 7.5) == 7.5
    assert table.day("day", None) is None
    assert table.day("instant", None) is None
    assert table.texts("texts") == ("a",)
    assert table.table("table").data == {}
    assert len(table.tables("tables")) == 1
    assert list(table.named("names")) == ["ada"]
    assert table.parsed("parsed", refuse, 3) == 3
    table.get("typo")
    assert sorted(noted(table)) == sorted(
        [
            '1: needs "missing" (text).',
            "1: text: must be text, not a whole number.",
            "2: blank: is empty.",
            "3: choice: must be one of red, green.",
            "4: flag: must be true or false, not text.",
            "5: integer: must be a whole number, not a number.",
            "6: much: must be from 0 to 100.",
            "7: number: must be a number, not true or false.",
            "8: endless: must be 0 or more.",
            "9: day: is not a date; write it like 2026-11-02.",
            "10: instant: must be a date like 2026-11-02, not a time.",
            "11: texts[2]: must be text, not a whole number.",
            "11: texts[3]: must be text, not empty.",
            "12: table: must be a table, not a list.",
            "13: tables[2]: must be a table, not a whole number.",
            "14: names.bo: must be a table, not a whole number.",
            "15: parsed: is refused. Try y.",
            '16: typpo: is not a known key. Did you mean "typo"?',
        ]
    )


def test_right_values_come_through():
    table = parse(
        'text = "a"\nflag = false\ninteger = 0\nfull = 100\nnumber = 2\n'
        'day = 2026-02-28\nlater = "2026-03-01"\none = "x"\nt = {k = "v"}',
        FILE,
    )

    assert table.text("text", None) == "a"
    assert table.flag("flag", default=True) is False
    assert table.integer("integer", 7) == 0
    assert table.integer("full", 7, high=100) == 100
    assert table.number("number", None) == 2.0
    assert table.day("day", None) == "2026-02-28"
    assert table.day("later", None) == "2026-03-01"
    assert table.texts("one") == ("x",)
    assert table.texts("none") == ()
    assert [inner.text("k", None) for inner in table.tables("t")] == ["v"]
    assert noted(table) == []


def test_unknown_keys_below_are_reported_with_their_way():
    root = parse('[people.ada]\nnmae = "x"\n[people."bo b"]\nother = 1', FILE)
    for table in root.named("people").values():
        table.text("name", None)

    assert noted(root) == [
        '2: people.ada.nmae: is not a known key. Did you mean "name"?',
        '4: people."bo b".other: is not a known key. Known: name.',
    ]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_key_is_spelled_as_toml_would_take_it(keys):
    spelled = spell(tuple(keys))

    value = tomllib.loads(f"{spelled} = 1")
    for key in keys:
        value = value[key]
    assert value == 1
    assert spelled.isprintable()


def test_hints_name_the_nearest_or_the_few():
    assert nearest("PAYY", ["PAY", "RISK"]) == 'Did you mean "PAY"?'
    assert nearest("pay", ["PAY", "RISK"]) == 'Did you mean "PAY"?'
    assert nearest("zzz", ["PAY", "RISK"]) == "Known: PAY, RISK."
    assert nearest("zzz", [f"name{at}" for at in range(9)]) == ""
    assert nearest("zzz", []) == ""


def test_no_message_repeats_a_value():
    table = parse('token = ["s3cret"]\nother = "s3cret"', FILE)
    table.text("token", None)
    table.integer("other", None)

    assert "s3cret" not in " ".join(noted(table))
