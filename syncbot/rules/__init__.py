"""Rules: one SQL file each, found, linted and checked here (DESIGN 7).

`load` finds the rules, `prepare` tries them on a database without running them, `check` runs them; `page` is the text
that explains one to people.
"""

from syncbot.rules import named
from syncbot.rules.catalogue import SHIPPED, Catalogue, load
from syncbot.rules.check import check
from syncbot.rules.effects import effect_at
from syncbot.rules.finding import fingerprint
from syncbot.rules.limit import limited
from syncbot.rules.lint import lint
from syncbot.rules.needs import needs
from syncbot.rules.page import page
from syncbot.rules.query import fitting, prepare
from syncbot.rules.rule import HEADINGS, Param, Rule

__all__ = [
    "HEADINGS",
    "SHIPPED",
    "Catalogue",
    "Param",
    "Rule",
    "check",
    "effect_at",
    "fingerprint",
    "fitting",
    "limited",
    "lint",
    "load",
    "named",
    "needs",
    "page",
    "prepare",
]
