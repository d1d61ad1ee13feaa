"""The text about a rule: what `rules show` prints and the docs hold, made from the rule's own file."""

from __future__ import annotations

from syncbot.rules.rule import Param, Rule
from syncbot.rules.scopes import USED_PERCENT

_WHO = {
    "product": "the product side",
    "project": "the project side",
    "both": "both sides together",
    "admin": "the admin of syncbot",
}
_READ = {
    "none": "",
    "own": "a fresh, complete read of its own scope",
    "linked": "fresh, complete reads of its own scope and of every scope linked to it",
    "other_side": "fresh, complete reads of its own scope and of the other side's scopes",
    "all": "fresh, complete reads of every scope",
}
_USED = {"feature": "a feature or goal known"}
_UNIT = {"default": "", "days_ago": " days ago", "days_ahead": " days ahead"}


def page(rule: Rule, example: str = "") -> str:
    """Markdown with a fixed order of headings; ``example``: what the rule's cases show, as Markdown."""
    needs = [f"a mapped field for {name}" for name in rule.mapped]
    needs += [f"{name} filled often enough" for name in rule.filled]
    needs += [f"{_USED.get(name, f'{name} filled in')} for at least {USED_PERCENT}% of a scope" for name in rule.used]
    needs += [_READ[rule.complete]] if _READ[rule.complete] else []
    parts = [
        f"# {rule.id}",
        f"{rule.title}. Severity: {rule.severity}. Who must act: {_WHO[rule.side]}.",
        *(f"## {heading}\n\n{text}" for heading, text in rule.sections.items()),
        f'## When it can tell\n\nIt needs {_join(needs)}; without, it says "cannot tell" and why.' if needs else "",
        f"## Settings\n\n{_settings(rule)}",
        f"## Example\n\n{example.strip()}" if example else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _settings(rule: Rule) -> str:
    lines = [f"[rules.{rule.id}]", f'severity = "{rule.severity}"', *(_setting(param) for param in rule.params)]
    return "```toml\n" + "\n".join(lines) + "\n```"


def _setting(param: Param) -> str:
    value = f'"{param.value}"' if isinstance(param.value, str) else param.value
    return f"{param.name} = {value}  # {param.help}{_UNIT[param.unit]}"


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
