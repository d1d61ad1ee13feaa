"""Who is unknown and who may be one person, from made-up accounts."""

from __future__ import annotations

from syncbot.cli.strangers import Used, Who, people, suggest
from syncbot.model import KnownPerson


def used(place, name, login="", **told):
    base = {"email": None, "active": True, "is_bot": False, "items": 3, "open": 2}
    return Used(place, f"id-{place}-{login or name}", name, login or None, **{**base, **told})


def alone(*accounts, known=()):
    """Everybody, each account a person of its own."""
    return people(known, ((f"{one.connection}:{one.remote_id}", one) for one in accounts))


def paired(everyone, connections=3):
    return [
        (sorted(f"{who.name}@{'+'.join(sorted(who.places))}" for who in (everyone[at] for at in one.people)), one.sure)
        for one in suggest(everyone, connections)
    ]


def test_a_person_as_five_accounts_is_one_suggestion():
    everyone = alone(
        used("a", "Zoë Ng-Park", email="zoe@old.example"),
        used("b", "Zoe Ng Park", "zoengpark"),
        used("c", "Park, Zoë Ng"),
        used("d", "ZOË NG-PARK", "zoe.ng.park"),
        used("e", "zoe ng-park"),
    )

    (found,) = suggest(everyone, 5)

    assert (len(found.people), found.score, found.sure) == (5, 100, True)


def test_user_names_are_compared_with_names():
    robert = used("a", "Robert Smithson")

    (whole,) = suggest(alone(robert, used("b", "Bobby", "robertsmithson")), 2)
    (short,) = suggest(alone(robert, used("b", "Bobby", "rsmithson")), 2)

    assert (whole.score, whole.why, whole.sure) == (97, "a user name is like the name", True)
    assert (short.score, short.why, short.sure) == (88, "a user name is like initial and name", False)


def test_two_people_of_one_name_on_one_connection_are_never_joined_and_leave_the_third_in_doubt():
    everyone = alone(used("a", "Jan Novak", "jan1"), used("a", "Jan Novak", "jan2"), used("b", "Jan Novak", "jn"))

    assert paired(everyone) == [(["Jan Novak@a", "Jan Novak@b"], False)] * 2


def test_two_people_of_the_config_are_never_joined():
    known = (KnownPerson("one", name="Jan Novak"), KnownPerson("two", name="Jan Novak"))

    assert suggest(alone(known=known), 2) == []


def test_a_person_of_the_config_whose_address_changed_is_suggested():
    known = (KnownPerson("dee", name="Dee Marsh", email="dee@old.example"),)
    everyone = alone(used("a", "Dee Marsh", email="dee@new.example"), known=known)

    assert [who.unknown(1) for who in everyone] == [["not in the config"], ["has no account"]]
    assert paired(everyone, 1) == [(["Dee Marsh@", "Dee Marsh@a"], True)]


def test_apps_and_deleted_accounts_are_nobody_s():
    everyone = alone(used("a", "Zapier", is_bot=True), used("b", "Zapier"), used("c", "", "gone"))

    assert suggest(everyone, 3) == []
    assert {who.name: who.unknown(3) for who in everyone if who.places != {"b"}} == {
        "Zapier": ["app", "not in the config"],
        "c:id-c-gone": ["deleted, or hidden", "not in the config"],
    }


def test_what_is_unknown_of_whom():
    ada = KnownPerson("ada", name="Ada")

    def said(*accounts, known=None, connections=2):
        return Who("key", known, accounts).unknown(connections)

    assert said(used("a", "Ada"), known=ada) == ["on a only"]
    assert said(used("a", "Ada"), known=ada, connections=1) == []
    assert said(used("a", "Ada", items=0, open=0)) == []
    assert said(used("a", "Ada", active=False), used("b", "Ada", email="x@y.z"), known=ada) == ["deactivated"]
    assert said(used("a", "Ada", email="x@y.z"), used("b", "Ada", email="x@y.z")) == []
    assert said(used("a", "Ada")) == ["e-mail hidden", "not in the config", "on a only"]


def test_strangers_are_not_alike():
    names = ["Bo Lindqvist", "Eli 佐藤", "佐藤 花子", "Fay O'Neill", "Hal Nowak", "محمد علي", "<b>x</b>", "🦊"]
    everyone = alone(*(used(place, name) for place, name in zip("abcdefgh", names, strict=True)))

    assert suggest(everyone, 8) == []


def test_a_first_name_alone_is_only_a_perhaps():
    everyone = alone(used("a", "Ada"), used("b", "Ada Park"))

    assert paired(everyone) == [(["Ada Park@b", "Ada@a"], False)]
