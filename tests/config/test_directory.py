"""People from a CSV file: as spreadsheets write it, joined with those of the config, mistakes with file and line."""

from __future__ import annotations

import pytest

from syncbot.model import KnownPerson
from tests.config.helpers import BOARD, read

DIRECTORY = BOARD + '[directory]\npeople = "people.csv"\n'
ADA = '[people.ada]\nname = "Ada Park"\nemail = "ada@example.com"\nregion = "GB"\n'


def listed(folder, csv, text=DIRECTORY):
    (folder / "people.csv").write_bytes(csv.encode() if isinstance(csv, str) else csv)
    return read(folder, text)


def test_every_column_is_read(tmp_path):
    found, mistakes = listed(
        tmp_path,
        "name,email,region,timezone,weekly_hours,board\nZoë Ng,Zoe@example.com,GB-ENG,Europe/London,37.5,zoeng\n",
    )

    assert mistakes == []
    assert found.people == (
        KnownPerson(
            key="zoe@example.com",
            name="Zoë Ng",
            email="Zoe@example.com",
            accounts={"board": "zoeng"},
            weekly_minutes=2250,
            region="GB-ENG",
            timezone="Europe/London",
        ),
    )


@pytest.mark.parametrize(
    "csv",
    [
        '\ufeff"Name";"E-Mail";"Weekly hours"\r\n"Ng; Zoë";zoe@example.com;"37,5"\r\n;;\r\n',
        '\ufeffsep=;\r\nName;E-Mail;Weekly hours\r\n"Ng; Zoë";zoe@example.com;37,5\r\n',
        'email\tname\tweekly_hours\nzoe@example.com\t"Ng; Zoë"\t37.5\n\n',
        'name,email,weekly_hours\n"Ng; Zoë", zoe@example.com, "37,5"\n',
    ],
    ids=["semicolons and a BOM", "told by a first line", "tabs", "commas"],
)
def test_spreadsheets_write_it_in_many_ways(tmp_path, csv):
    found, mistakes = listed(tmp_path, csv)

    assert mistakes == []
    assert [(one.name, one.email, one.weekly_minutes) for one in found.people] == [("Ng; Zoë", "zoe@example.com", 2250)]


def test_columns_that_mean_nothing_here_are_named_and_left_alone(tmp_path):
    found, mistakes = listed(tmp_path, "name;Department;regoin\nZoë;Sales;GB\n")

    assert mistakes == []
    assert [(one.name, one.region) for one in found.people] == [("Zoë", None)]
    assert [str(note).rpartition("/")[2] for note in found.notes] == [
        "people.csv:1: Department: is a column that is not read.",
        'people.csv:1: regoin: is a column that is not read. Did you mean "region"?',
    ]


def test_mistakes_are_named_with_their_line_and_never_repeat_a_value(tmp_path):
    csv = (
        "name,email,region,timezone,weekly_hours\n"
        '"Two\nlines",nobody,XX,Mars/Base,many\n'
        "Zoë,zoe@example.com,,,200\n"
        ",,GB,,\n"
        "Max,max@example.com,,,,more\n"
    )

    _, mistakes = listed(tmp_path, csv)

    assert [mistake.partition("Examples")[0].strip() for mistake in mistakes] == [
        "2: email: is not an e-mail address.",
        "2: region: is not a country with known holidays.",
        "2: timezone: is not a time zone.",
        "2: weekly_hours: must be a number of hours.",
        "4: weekly_hours: must be from 0 to 168.",
        "5: has neither a name nor an e-mail address.",
        "6: has 6 cells under 5 columns.",
    ]


@pytest.mark.parametrize(
    ("csv", "mistake"),
    [
        (b"", "1: is empty. Columns: name, email, region, timezone, weekly_hours."),
        (b"region,timezone\nGB,UTC\n", '1: needs a column "name" or "email".'),
        ("name\nZoë\n".encode("latin-1"), '2: is not UTF-8 text here. Save it as "CSV UTF-8".'),
        (b"name,E-Mail,email\nZoe,a@example.com,b@example.com\n", "1: email: is there twice."),
        (b"name\n" + b"x" * 200_000, "1: cannot be read as CSV: field larger than field limit (131072)."),
    ],
    ids=["empty", "no name", "latin-1", "a column twice", "too long"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, csv, mistake):
    assert mistake in listed(tmp_path, csv)[1]


def test_a_file_that_is_not_there_is_a_mistake_whatever_the_command(tmp_path):
    for need_secrets in (True, False):
        assert read(tmp_path, DIRECTORY, need_secrets=need_secrets)[1] == ["7: directory.people: is not a file."]


def test_what_the_config_says_of_a_person_wins(tmp_path):
    csv = "name,email,region,weekly_hours,board\nA. Park,ADA@example.com,DE,32,adapark\n"

    found, mistakes = listed(tmp_path, csv, DIRECTORY + ADA)

    assert mistakes == []
    assert found.people == (
        KnownPerson(
            key="ada",
            name="Ada Park",
            email="ada@example.com",
            accounts={"board": "adapark"},
            weekly_minutes=1920,
            region="GB",
        ),
    )


def test_people_join_by_login_and_by_a_name_that_only_one_has(tmp_path):
    text = DIRECTORY + '[people.bo]\naccounts = { board = "bo" }\n[people.cy]\nname = "Cy"\n'

    found, mistakes = listed(tmp_path, "name,board,region\nBo L,BO,SE\ncy,cyo,GB\n", text)

    assert mistakes == []
    assert [(one.key, one.region, one.accounts) for one in found.people] == [
        ("bo", "SE", {"board": "bo"}),
        ("cy", "GB", {"board": "cyo"}),
    ]


def test_two_people_of_one_name_stay_two(tmp_path):
    csv = "name,email\nJan Novak,jan1@example.com\nJan Novak,jan2@example.com\n"

    found, mistakes = listed(tmp_path, csv, DIRECTORY + '[people.jan]\nname = "Jan Novak"\n')

    assert mistakes == []
    assert [one.key for one in found.people] == ["jan", "jan1@example.com", "jan2@example.com"]


def test_one_name_with_another_address_is_another_person(tmp_path):
    found, _ = listed(tmp_path, "name,email\nAda Park,other@example.com\n", DIRECTORY + ADA)

    assert [one.key for one in found.people] == ["ada", "other@example.com"]


def test_rows_that_cannot_be_told_apart_are_mistakes(tmp_path):
    csv = "name,email,board\nZoë,zoe@example.com,z\nMax,,m\nMax,,\nZoe,ZOE@example.com,\nZ,,Z\n"

    assert listed(tmp_path, csv)[1] == [
        "4: has the name of line 3, and no e-mail address.",
        "5: is the person of line 2 once more.",
        "6: is the person of line 2 once more.",
    ]


def test_a_row_that_is_two_people_of_the_config_is_a_mistake(tmp_path):
    text = DIRECTORY + ADA + '[people.bo]\naccounts = { board = "bo" }\n'

    _, mistakes = listed(tmp_path, "email,board\nada@example.com,bo\n", text)

    assert mistakes == ["2: is several people of the config: ada, bo."]


def test_teams_name_people_as_the_directory_does(tmp_path):
    text = (
        DIRECTORY
        + ADA
        + '[teams.all]\nmembers = ["ada@example.com", "zoe@example.com", "zo@example.com"]\nlead = "Max"\n'
    )

    found, mistakes = listed(tmp_path, "name,email\nAda,ada@example.com\nZoë,Zoe@example.com\nMax,\n", text)

    assert mistakes == [
        '13: teams.all.members[3]: no person is called "zo@example.com" here. Did you mean "zoe@example.com"?'
    ]
    assert found.teams[0].members[:2] == ("ada", "zoe@example.com")
    assert found.teams[0].lead == "Max"


def test_teams_come_from_a_field_of_each_connection(tmp_path):
    other = BOARD.replace("connections.board", "connections.other").replace("Everything", "Else")
    fields = '[{ connection = "board", field = "Team" }, { connection = "other", field = "Squad" }]'

    found, mistakes = read(tmp_path, f"{BOARD}{other}[directory]\nteams = {fields}\n")

    assert mistakes == []
    assert found.directory is not None
    assert found.directory.teams == {"board": "Team", "other": "Squad"}


@pytest.mark.parametrize(
    ("teams", "mistake"),
    [
        (
            '{ connection = "bord", field = "A" }',
            '7: directory.teams.connection: no connection is called "bord" here.',
        ),
        ('{ connection = "board" }', '7: directory.teams: needs "field" (text).'),
        ('{ field = "Team" }', '7: directory.teams: needs "connection" (text).'),
        ('"Team"', "7: directory.teams: must be a table or an array of tables, not text."),
        (
            '[{ connection = "board", field = "A" }, { connection = "board", field = "B" }]',
            "7: directory.teams[2].connection: has its team field already: an item has one team.",
        ),
    ],
)
def test_a_team_field_that_cannot_be_is_a_mistake(tmp_path, teams, mistake):
    _, mistakes = read(tmp_path, f"{BOARD}[directory]\nteams = {teams}\n")

    assert [one[: len(mistake)] for one in mistakes] == [mistake]
