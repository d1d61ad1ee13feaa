import msgspec

from syncbot import rules
from syncbot.model import Need, RuleSetting
from syncbot.rules import Catalogue
from tests.rules import cases
from tests.worlds import World

PLAIN = rules.load().rules["feature-without-owner"]
CATALOGUE = Catalogue(
    {
        "asks-nothing": msgspec.structs.replace(PLAIN, id="asks-nothing"),
        "asks-two": msgspec.structs.replace(PLAIN, id="asks-two", filled=("priority", "points or minutes")),
        "asks-all": msgspec.structs.replace(PLAIN, id="asks-all", filled=("due_on",), about="item"),
    }
)


def test_rules_ask_in_each_scope_where_they_are_on(store):
    off = RuleSetting("asks-two", inside={"delivery/*": RuleSetting("asks-two", enabled=False)})
    with cases.filled(store, World()) as db:
        found = rules.needs(db, CATALOGUE, [off])

    assert found == [
        Need(1, "asks-two", "priority", "feature"),
        Need(1, "asks-two", "points or minutes", "feature"),
        Need(1, "asks-all", "due_on", ""),
        Need(2, "asks-all", "due_on", ""),
    ]
