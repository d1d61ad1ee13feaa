import pytest
from sqlalchemy import inspect, text

from syncbot import rules
from syncbot.facts.trust import FILLED, LINKED
from syncbot.rules.lint import BOOLEANS, FIELDS, LINKS, VIEWS
from syncbot.store.schema import metadata

HEADER = """\
-- title    = "A title"
-- severity = "error"
-- side     = "both"
-- about    = "item"
-- message  = "{message}"
{more}-- ## Why it matters
-- It does.
--
-- ## What to do
-- This.

"""


def write(folder, query, *, name="a-rule", message="{title} is wrong.", more=""):
    file = folder / f"{name}.sql"
    file.write_text(HEADER.replace("{message}", message).replace("{more}", more) + query, encoding="utf-8")
    return file


def mistakes(folder):
    return [
        f"{found.file.name}:{found.line}: {found.message} {found.hint}".strip()
        for found in rules.load([folder]).mistakes
    ]


def test_the_shipped_rules_have_no_mistake(store):
    catalogue = rules.load()

    assert catalogue.mistakes == ()
    assert len(catalogue.rules) >= 6
    with store.reading() as db:
        assert rules.prepare(db, catalogue) == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("select id as subject from items where title like 'A%'", '"like" folds case'),
        ("select id as subject from items where cast(due_on as date) > 1", '"cast" differs'),
        ("select id as subject from items order by id", '"order" has no meaning'),
        ("select id as subject from items limit 1", '"limit" has no meaning'),
        ("select id as subject, ref || title as name from items", '"||" differs'),
        ('select id as subject from items where kind = "task"', '"task" is a name on one engine'),
        ("select id as subject from items where is_open = 1", "is_open is true or false"),
        ("select id as subject from items i where 0 <> i.is_open", "is_open is true or false"),
        ("select id as subject from items where lower(title) = 'a'", "lower() is not among the functions"),
        ("select id as subject, max(points, minutes) as most from items", "max() of several values"),
        ("select kind, max(id) as subject from items group by side", "kind stands beside an aggregate"),
        ("select kind, max(id) as subject from items", "kind stands beside an aggregate"),
        ("select id as subject from items where points / minutes > 1", '"/" fails on zero'),
        ("select id as subject from items where owner_id is lead_id", '"is" compares with null'),
        ("select id as subject, due_on as due from items", "due is a date. Call it due_on: reports"),
        (
            "with l as (select id, max(due_on) as last from items group by id) select id as subject, last from l",
            "last is",
        ),
        ("select id as subject from item", "item is not a view that rules read. Did you mean"),
        ("select i.id as subject from items i, item t where t.id = i.id", "item is not a view that rules read"),
        (
            "select id as subject from items where id in (select x.id from links l, tasks t, item x)",
            "item is not a view",
        ),
        ("select id as subject from items where due_day < :days", ":days is not under [params]"),
        ("delete from items", "a rule is one query that begins with select or with"),
        ("select id as subject from items; drop table item", '";" a rule is one query'),
        ("with recursive r as (select 1 as id) select id as subject from r", "recursive is not for rules"),
        ("-- nothing but a comment", "there is no query after the comment"),
    ],
)
def test_what_the_engines_read_differently_is_refused(tmp_path, query, wrong):
    file = write(tmp_path, query)
    line = file.read_text(encoding="utf-8").split("\n").index(query.split("\n")[0]) + 1

    found = mistakes(tmp_path)

    assert found
    assert found[0].startswith(f"a-rule.sql:{line if 'nothing' not in query else line - 1}: ")
    assert any(wrong in one for one in found), found


@pytest.mark.parametrize(
    "query",
    [
        "select id as subject from items where title = 'a like b; \"c\" || :d / e' and is_open and not is_flagged",
        "select i.id as subject, count(*) as n, coalesce(i.points, 0) as p from items i group by i.id, i.points",
        "with a as (select id from tasks) select i.id as subject from items i, a, (select 1 as n) b where i.id = a.id",
        "with a as (select max(id) as id from items where due_day between 1 and 2) select a.id as subject from a",
        "select i.id as subject from items i where (select count(*) from links l where l.from_id = i.id) > :today",
    ],
)
def test_what_both_engines_read_alike_is_not(tmp_path, store, query):
    write(tmp_path, query)
    catalogue = rules.load([tmp_path])

    assert catalogue.mistakes == ()
    with store.reading() as db:
        assert rules.prepare(db, catalogue) == []


@pytest.mark.parametrize(
    ("query", "message", "wrong"),
    [
        ("select id as subject from items where owner = 1", "{title}", "the database refuses it"),
        ("select id from items", "{title}", 'the query must return a column "subject"'),
        ("select id as subject from items", "{title} {points}", "the message's {points} is not there"),
        ("select id as subject from items", "{other}", "the message's {other} is not there"),
        ("select id as subject, 1 as _x from items", "{title}", 'a column cannot be called "_x"'),
    ],
)
def test_what_only_a_database_sees_is_refused_before_a_rule_runs(tmp_path, store, query, message, wrong):
    write(tmp_path, query, message=message)
    with store.reading() as db:
        found = rules.prepare(db, rules.load([tmp_path]))

    assert [wrong in one.message for one in found] == [True]


def test_all_mistakes_of_all_rules_come_at_once_and_the_others_still_run(tmp_path):
    (tmp_path / "Bad_Name.sql").write_text('-- titel = "A"\n-- severity = "eror"\nselect 1', encoding="utf-8")
    write(tmp_path, "select id as subject from items", name="good-rule")
    write(tmp_path, "select id as subject from items", name="feature-without-owner")
    write(tmp_path, "select id as subject from items", name="typo", more='-- mapped = ["ownr"]\n-- key = ["week"]\n')

    catalogue = rules.load([tmp_path])
    found = "\n".join(map(str, catalogue.mistakes))

    assert "good-rule" in catalogue.rules
    assert catalogue.rules["feature-without-owner"].file.is_relative_to(rules.SHIPPED)
    assert 'Bad_Name.sql:1: titel: is not a known key. Did you mean "title"?' in found
    assert "Bad_Name.sql:2: severity: must be one of info, warning, error." in found
    assert 'its page needs a section "## Why it matters"' in found
    assert "feature-without-owner.sql already is a rule of that name" in found
    assert 'mapped: "ownr" is not a field of ours. Did you mean "owner"?' in found


def test_the_lint_knows_every_view_boolean_and_field(store):
    with store.reading() as db:
        names = {*inspect(db).get_view_names(), *inspect(db).get_table_names()}
        for view in VIEWS:
            assert view in names
            db.execute(text(f"select * from {view} where 1 = 0"))
    known = {
        column.name for table in metadata.tables.values() for column in table.columns if str(column.type) == "BOOLEAN"
    }
    assert BOOLEANS - {"released", "complete"} <= known
    assert known & {"is_open", "is_committed", "is_flagged", "active", "is_bot", "is_current", "mapped"} <= BOOLEANS
    assert set(FILLED) == FIELDS
    assert set(LINKED) == LINKS
