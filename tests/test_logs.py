"""Log lines: for a person at a terminal, for programs elsewhere, never with a secret, never more than one line."""

from __future__ import annotations

import io
import json
import logging

import pytest

from syncbot import logs

LOG = logging.getLogger("syncbot.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_program_gets_one_object_a_line_with_the_run_and_fields():
    stream = io.StringIO()
    with logs.writing(stream) as log, log.about(run=7):
        LOG.info("pulled %s\nthen", "delivery", extra={"fields": {"changed": 3}})
        with log.about(job="sync"):
            LOG.warning("slow")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("at").endswith("Z")
    assert first == {
        "level": "info",
        "message": "pulled delivery\nthen",
        "run": 7,
        "changed": 3,
        "logger": "syncbot.test",
    }
    assert (second["run"], second["job"], second["level"]) == (7, "sync", "warning")


def test_a_person_gets_words_on_one_line_that_no_terminal_obeys():
    stream = Terminal()
    with logs.writing(stream) as log, log.about(run=7):
        LOG.info("title \x1b[31m red\n12:00:00 forged \u202e")
        LOG.error("bad")
    first, second = stream.getvalue().splitlines()
    assert first[8:] == " [run 7] title \\x1b[31m red\\n12:00:00 forged \\u202e"
    assert second[8:] == " [run 7] error: bad"


@pytest.mark.parametrize("style", ["human", "json"])
def test_no_secret_is_written_in_message_field_or_traceback(style: logs.Style):
    stream = io.StringIO()
    with logs.writing(stream, style=style) as log:
        log.hide(['s3"cret', ""])
        try:
            int('s3"cret')
        except ValueError:
            LOG.exception('with s3"cret', extra={"fields": {"url": '/x?token=s3"cret'}})
    assert 's3"cret' not in stream.getvalue()
    assert 's3\\"cret' not in stream.getvalue()
    assert "ValueError: invalid literal for int() with base 10" in stream.getvalue()


def test_our_own_level_is_chosen_and_of_others_only_warnings_are_written():
    stream = io.StringIO()
    with logs.writing(stream, style="human", level=logging.DEBUG):
        LOG.debug("ours")
        logging.getLogger("urllib3").info("theirs")
        logging.getLogger("urllib3").warning("their warning")
    LOG.warning("after")
    assert [line[8:] for line in stream.getvalue().splitlines()] == [" debug: ours", " warning: their warning"]


def test_of_a_tool_that_is_waited_for_somebody_is_told_at_once_and_then_now_and_then():
    said: list[str] = []
    waits = logging.getLogger("syncbot.transport")
    with logs.waiting(said.append, every=10):
        for second, name in ((0, "a"), (1, "a"), (2, "b"), (9, "a"), (10, "a"), (19, "a"), (20, "a")):
            record = waits.makeRecord(waits.name, logging.INFO, "", 0, "%s: %d\x1b", (name, second), None)
            record.created, record.wait, record.fields = float(second), 1.0, {"connection": name}
            waits.handle(record)
        waits.info("no wait")
    waits.info("over", extra={"wait": 1.0})
    assert said == ["a: 0\\x1b", "b: 2\\x1b", "a: 10\\x1b", "a: 20\\x1b"]


def test_waits_for_tools_that_are_shorter_than_wished_are_not_written():
    stream = io.StringIO()
    with logs.writing(stream, style="human", waits=30):
        for seconds in (3, 45):
            LOG.info("waiting %s s", seconds, extra={"wait": seconds})
        LOG.info("done")
    assert [line[9:] for line in stream.getvalue().splitlines()] == ["waiting 45 s", "done"]
