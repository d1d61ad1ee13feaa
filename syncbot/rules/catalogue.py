"""Finds the rules: those that ship in this package by topic, and the admin's own from their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from syncbot.errors import Mistake
from syncbot.model import Scalar, Struct
from syncbot.rules.lint import lint
from syncbot.rules.rule import Rule, read

SHIPPED = Path(__file__).parent


class Catalogue(Struct, frozen=True):
    """All rules that can run, by id in the order of their names, and what is wrong with the others."""

    rules: dict[str, Rule]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def broken(self) -> list[str]:
        """The names of the rules that cannot run."""
        return sorted({mistake.file.stem for mistake in self.mistakes} - self.rules.keys())

    @property
    def defaults(self) -> dict[str, dict[str, Scalar]]:
        """The parameters of each rule with their defaults, as the config is checked against."""
        return {rule.id: {param.name: param.value for param in rule.params} for rule in self.rules.values()}


def load(folders: Sequence[Path] = ()) -> Catalogue:
    """The shipped rules and those of ``folders`` (searched in depth). A rule with a mistake is left out and named."""
    rules: dict[str, Rule] = {}
    mistakes: list[Mistake] = []
    for folder in (SHIPPED, *folders):
        for file in sorted(folder.rglob("*.sql")):
            rule, wrong = read(file)
            if rule is not None:
                wrong = lint(rule)
                if rule.id in rules:
                    wrong = [*wrong, Mistake(file, 1, "", f"{rules[rule.id].file} already is a rule of that name.")]
            mistakes += wrong
            if rule is not None and not wrong:
                rules[rule.id] = rule
    return Catalogue(dict(sorted(rules.items())), tuple(sorted(mistakes)))
