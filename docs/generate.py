"""Writes what is made from the code: pages on rules, views and commands, scripts that make a new store, regions.

A test fails while one of them is stale.
Run it with ``make docs``.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

import click
from sqlalchemy import Column, Dialect, MetaData, PrimaryKeyConstraint, String, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from docs.picture import draw
from syncbot import rules
from syncbot.cli import COMMANDS, cli
from syncbot.config.values import REGIONS
from syncbot.model import SEVERITIES
from syncbot.report import data
from syncbot.sandbox.cruelty import KINDS
from syncbot.store import Store
from syncbot.store.migrate import MADE
from syncbot.store.schema import REVISION, whole
from syncbot.store.views import VIEWS

DOCS = Path(__file__).parent
CASES = DOCS.parent / "tests" / "rules" / "cases"
SANDBOX = DOCS / "sandbox.template.md"
FACTS = (
    "trust",
    "needs",
    "twins",
    "lost_twins",
    "effort",
    "sprint_load",
    "person_weeks",
    "feature_people",
    "feature_sprints",
    "feature_functions",
    "dependencies",
    "calendar",
)
WIDTH = 100
SIDES = {
    "product": "For product managers",
    "project": "For project managers",
    "both": "For both of them",
    "admin": "For the admin",
}


def pages() -> dict[Path, str]:
    """Every generated page, by its path below docs/."""
    catalogue = rules.load()
    made = {Path("rules") / f"{rule.id}.md": rules.page(rule, _example(rule)) for rule in catalogue.rules.values()}
    made[Path("rules/README.md")] = _index(catalogue)
    made[Path("views.md")] = _views()
    made[Path("commands.md")] = _commands()
    made[Path("sandbox.md")] = _sandbox()
    made[Path("findings.svg")] = draw()
    made[Path("report.schema.json")] = data.schema()
    return made


def sources() -> dict[Path, str]:
    """What the program itself reads, by its path: what makes a new store, and the regions whose holidays are known."""
    from holidays import list_supported_countries

    made = {MADE / f"{dialect.name}.sql": _new_store(dialect) for dialect in (sqlite.dialect(), postgresql.dialect())}
    known = sorted(list_supported_countries(include_aliases=False).items())
    rows = ",\n".join(f"{json.dumps(country)}: {json.dumps(parts, ensure_ascii=False)}" for country, parts in known)
    return made | {REGIONS: f"{{\n{rows}\n}}\n"}


def _new_store(dialect: Dialect) -> str:
    """The tables and indexes of a new store, and its revision."""
    metadata = whole()
    revision = Table("alembic_version", MetaData(), Column("version_num", String(32)))
    revision.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    statements: list[ExecutableDDLElement] = []
    for table in (*metadata.sorted_tables, revision):
        statements.append(CreateTable(table))
        statements += [CreateIndex(index) for index in sorted(table.indexes, key=lambda one: str(one.name))]
    made = [str(statement.compile(dialect=dialect)).strip().replace(" \n", "\n") for statement in statements]
    return ";\n".join([*made, f"INSERT INTO alembic_version VALUES ('{REVISION}')", ""])


def stale() -> list[str]:
    """The generated pages that are not what the code says now, and those that nothing makes any more."""
    made = pages()
    wrong = [str(path) for path, page in (made | sources()).items() if not _is(DOCS / path, page)]
    there = {path.relative_to(DOCS) for path in (DOCS / "rules").glob("*.md")}
    return sorted([*wrong, *(str(path) for path in there - made.keys())])


def _is(path: Path, page: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == page


def _example(rule: rules.Rule) -> str:
    """What the rule's cases show, told by their names."""
    cases = tomllib.loads((CASES / f"{rule.id}.toml").read_text(encoding="utf-8"))["cases"]
    finds = [one["name"] for one in cases if "finds" in one]
    cannot = [one["name"] for one in cases if any(gap.get("count") != 0 for gap in one.get("cannot_tell", ()))]
    silent = [one["name"] for one in cases if one["name"] not in {*finds, *cannot}]
    said = []
    for heading, names in {"It finds": finds, "It cannot tell": cannot, "It is silent": silent}.items():
        said += [f"{heading}:", "", *(f"- {name}" for name in names), ""] if names else []
    return "\n".join(said)


def _index(catalogue: rules.Catalogue) -> str:
    topics: dict[str, list[rules.Rule]] = defaultdict(list)
    sides: dict[str, list[rules.Rule]] = defaultdict(list)
    for rule in catalogue.rules.values():
        topics[rule.topic].append(rule)
        sides[rule.side].append(rule)
    lines = ["# Rules", "", "Each rule is one SQL file; its page says why it matters and what to do.", ""]
    lines += [
        "By who must act: " + ", ".join(f"[{name.lower()}](#{_anchor(name)})" for name in SIDES.values()) + ".",
        "",
    ]
    for topic, several in sorted(topics.items()):
        lines += [f"## {topic.capitalize()}", "", "| rule | finds | severity | who acts |", "|---|---|---|---|"]
        lines += [f"| [{one.id}]({one.id}.md) | {one.title} | {one.severity} | {one.side} |" for one in several]
        lines.append("")
    for side, name in SIDES.items():
        lines += [f"## {name}", "", "| rule | finds | severity |", "|---|---|---|"]
        worst_first = sorted(sides[side], key=lambda one: (-SEVERITIES.index(one.severity), one.id))
        lines += [f"| [{one.id}]({one.id}.md) | {one.title} | {one.severity} |" for one in worst_first]
        lines.append("")
    return "\n".join(lines)


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _views() -> str:
    lines = [
        "# Views",
        "",
        "What rules and your own SQL (`syncbot db sql`) read; the same on SQLite and PostgreSQL. `..._day` are days",
        "since 1970-01-01, `..._on` ISO dates. Rows of `items` may be `missing` or `gone` (`seen`); all other views",
        "hold what is there.",
        "",
        "`snapshots` tell what a sprint or a milestone held when it began (`start`) and when it ended (`close`): its",
        "planned dates, and its tasks with their effort, counted once, and status. The first check after such a moment",
        "takes it, once all that it holds was read; if that is more than a day later, there is none, unless a sprint's",
        "can be `rebuilt` from the history of its items. It cannot where work was done since and no history tells when",
        "that was set. A milestone's never is: `changes` do not tell which milestone an item was delivered with, nor",
        "what it stood under, and no tool tells which dates a version had. A milestone without a start begins with the",
        "first work that is delivered with it. A start that is put off is taken again, a close that is taken back too.",
        "",
        "`changes` tell how items came to be what they are, where a connection's `history` asks for it: `kind`,",
        "`status`, `priority`, `points`, `minutes`, `start_on`, `due_on`, `is_flagged`, `owner` (an id of `accounts`)",
        "and `sprint` (an id of `sprints`: new where the item came into it, old where it left).",
        "",
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/empty.db") as store,
        store.reading() as db,
    ):
        for kind, names in (("view", VIEWS), ("fact table", FACTS)):
            lines += [f"| {kind} | columns |", "|---|---|"]
            for name in names:
                columns = db.execute(text(f"select * from {name} where 1 = 0")).keys()
                lines.append(f"| `{name}` | {', '.join(columns)} |")
            lines.append("")
    return "\n".join(lines)


def _commands() -> str:
    lines = ["# Commands", "", "As `--help` prints them.", ""]
    with click.Context(cli, info_name="syncbot", terminal_width=WIDTH, **cli.context_settings) as root:
        for name in COMMANDS:
            command = cli.get_command(root, name)
            assert command is not None
            lines += _help(command, root, name, "##")
    return "\n".join(lines)


def _sandbox() -> str:
    rows = "\n".join(f"| `{name}` | {kind.says} |" for name, kind in KINDS.items())
    return SANDBOX.read_text(encoding="utf-8").replace("{kinds}", f"| kind | what happens |\n|---|---|\n{rows}")


def _help(command: click.Command, parent: click.Context, name: str, level: str) -> list[str]:
    with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as context:
        shown = command.get_help(context)
        lines = [f"{level} {context.command_path}", "", "```", shown, "```", ""]
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                child = command.get_command(context, inner)
                assert child is not None
                lines += _help(child, context, inner, f"{level}#")
    return lines


def main() -> int:
    """Write what is stale, and say what."""
    wrong = [str(path) for path, source in sources().items() if not _is(path, source)]
    for path, source in sources().items():  # pages are made with a store
        path.write_text(source, encoding="utf-8")
    made = pages()
    wrong += stale()
    for path in (DOCS / "rules").glob("*.md"):
        if path.relative_to(DOCS) not in made:
            path.unlink()
    for path, page in made.items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(page, encoding="utf-8")
    sys.stdout.write("".join(f"{path}\n" for path in wrong) or "All pages are as the code says.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
