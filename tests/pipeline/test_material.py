"""What pictures are drawn from is read from the public views alike on both engines."""

from __future__ import annotations

from sqlalchemy import text

from syncbot import pipeline
from syncbot.model import KnownPerson, Team
from syncbot.report.material import Material
from syncbot.store import Store
from tests.worlds import BOARD, PAY, TODAY, Item, Sprint, World, fill

ADA = KnownPerson("ada", "Ada Park", accounts={"delivery": "ada"}, weekly_minutes=1920)
CARD, EPIC = "roadmap/BOARD", "delivery/PAY"
WORLD = World(
    items=(
        Item("CARD-1", "feature", scope=CARD, status="planned", due=20),
        Item("PAY-1", "feature", side="project", scope=EPIC, status="doing", names=("CARD-1",), due=30),
        Item("CARD-2", "feature", scope=CARD, status="done"),
        Item("CARD-3", "feature", scope=CARD, status="ready"),
        Item("PAY-3", "feature", side="project", scope=EPIC, status="planned"),
        Item("PAY-10", blocks=("PAY-11", "PAY-12"), points=5, sprints=("Now",), on=("ada",), minutes=600),
        Item("PAY-11", blocks=("PAY-13",), status="doing"),
        Item("PAY-12"),
        Item("PAY-13", seen="missing"),
        Item("PAY-20", blocks=("PAY-21",)),
        Item("PAY-21", restricted=True),
    ),
    scopes=(BOARD, PAY),
    sprints=(Sprint("Now"), Sprint("Old", state="closed", start=-20, end=-8)),
    people=(ADA,),
    teams=(Team("pay", boards=("delivery/PAY board",), capacity={"points": 4}),),
)


def read(store: Store, world: World = WORLD) -> Material:
    with store.writing() as db:
        fill(db, world)
    with store.reading() as db:
        return pipeline.material(db, TODAY)


def test_sprints_come_with_what_they_hold_and_where_they_live(store: Store) -> None:
    (load,) = read(store).loads
    assert (load.sprint.title, load.sprint.connection, load.sprint.scope) == ("Now", "delivery", "PAY")
    assert (load.unit, load.planned, load.capacity, load.percent, load.state) == ("points", 5, 4, 125, "active")


def test_weeks_begin_with_this_one(store: Store) -> None:
    material = read(store)
    assert material.weeks_on[:2] == ("2026-11-23", "2026-11-30")
    week = material.weeks[0]
    assert (week.person.name, week.week_on, week.capacity_minutes) == ("Ada Park", "2026-11-23", 1920)
    assert 0 < (week.planned_minutes or 0) <= 600


def test_bots_and_people_who_left_have_no_weeks(store: Store) -> None:
    with store.writing() as db:
        fill(db, WORLD)
        db.execute(text("update person set active = false"))
    with store.reading() as db:
        assert pipeline.material(db, TODAY).weeks == ()


def test_features_stand_beside_their_twins_while_one_of_them_is_open(store: Store) -> None:
    stages = {one.feature.ref: one for one in read(store).stages}
    assert stages.keys() == {"CARD-1", "CARD-3", "PAY-3"}
    drifted = stages["CARD-1"]
    assert (drifted.product, drifted.project, drifted.twin and drifted.twin.ref) == ("planned", "doing", "PAY-1")
    assert (drifted.due_on, drifted.twin_due_on) == ("2026-12-13", "2026-12-23")
    assert (stages["CARD-3"].product, stages["CARD-3"].project, stages["CARD-3"].twin) == ("ready", None, None)
    assert (stages["PAY-3"].product, stages["PAY-3"].project) == (None, "planned")


def test_chains_are_those_for_which_several_wait(store: Store) -> None:
    (chain,) = read(store).chains
    assert (chain.root.ref, chain.count, chain.at_least, chain.circle) == ("PAY-10", 2, False, False)
    assert [(one.item.ref, one.after == chain.root.id, one.depth) for one in chain.waiting] == [
        ("PAY-11", True, 1),
        ("PAY-12", True, 1),
    ]


def test_a_long_circle_is_one_chain_of_which_the_nearest_are_read(store: Store) -> None:
    ring = tuple(Item(f"PAY-{n}", blocks=(f"PAY-{(n + 1) % 40}",)) for n in range(40))
    (chain,) = read(store, World(items=ring)).chains
    assert (chain.count, len(chain.waiting), chain.circle) == (39, 12, True)
    assert chain.waiting[-1].depth == 12


def test_what_is_kept_of_a_wide_chain_is_a_lower_bound(store: Store) -> None:
    many = tuple(f"PAY-{n}" for n in range(1, 130))
    world = World(items=(Item("PAY-0", blocks=many), *map(Item, many)))
    (chain,) = read(store, world).chains
    assert (chain.count, chain.at_least) == (100, True)


def test_an_empty_store_has_nothing_to_draw(store: Store) -> None:
    assert read(store, World()) == Material(weeks_on=pipeline_weeks())


def pipeline_weeks() -> tuple[str, ...]:
    return ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28")
