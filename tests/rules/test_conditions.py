import msgspec

from syncbot import rules
from syncbot.rules import Catalogue
from syncbot.store import Store
from tests.random_worlds import random_world
from tests.rules import cases
from tests.rules.conditions import fewer

CATALOGUE = rules.load()
MUTANTS = [
    (left_out, msgspec.structs.replace(rule, sql=sql))
    for rule in CATALOGUE.rules.values()
    for left_out, sql in fewer(rule.sql)
]


def test_conditions_are_left_out_one_by_one():
    sql = "select a from b join c on c.x = b.y and (c.z or not (c.u between 1 and 2)) where b.v"

    assert [left_out for left_out, _ in fewer(sql)] == [
        "c.x = b.y",
        "(c.z or not (c.u between 1 and 2))",
        "c.z",
        "not (c.u between 1 and 2)",
        "c.u between 1 and 2",
        "b.v",
    ]
    assert [left for _, left in fewer(sql)][2:5] == [
        "select a from b join c on c.x = b.y and (false or not (c.u between 1 and 2)) where b.v",
        "select a from b join c on c.x = b.y and (c.z or false) where b.v",
        "select a from b join c on c.x = b.y and (c.z or not (true)) where b.v",
    ]
    assert len(MUTANTS) > 40


def test_no_rule_can_lose_a_condition_unnoticed(tmp_path):
    alive = list(MUTANTS)
    worlds = [(case.world, rule, case.settings) for rule in CATALOGUE.rules for case in cases.load(rule)]
    worlds += [(random_world(seed), None, None) for seed in range(150)]
    with Store.open(f"sqlite:///{tmp_path / 'conditions.db'}") as store:
        cases.warm(store)
        for world, only, settings in worlds:
            if not alive:
                break
            with cases.filled(store, world) as db:
                told = {rule: _told(db, CATALOGUE, rule, settings) for rule in {mutant.id for _, mutant in alive}}
                alive = [
                    (left_out, mutant)
                    for left_out, mutant in alive
                    if only not in {None, mutant.id}
                    or _told(db, Catalogue({mutant.id: mutant}), mutant.id, settings) == told[mutant.id]
                ]

    assert [(mutant.id, left_out) for left_out, mutant in alive] == []


def _told(db, catalogue, rule, settings):
    checked = cases.answer(db, catalogue, rule, settings)
    return cases.told(checked), {piece.message for one in checked.findings for piece in one.evidence}
