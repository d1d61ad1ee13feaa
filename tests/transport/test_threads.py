"""Several readings at once: nothing is lost or repeated, few wait, and no thread is left behind."""

from __future__ import annotations

import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest

from syncbot.transport.threads import each, interleave


def pages(of: int, count: int) -> Generator[tuple[int, int]]:
    for number in range(count):
        yield of, number


def counted(given: threading.Semaphore) -> Generator[int]:
    """Numbers, each told when it is given."""
    for number in range(9):
        given.release()
        yield number


def test_everything_comes_once_and_each_reading_in_its_order() -> None:
    came = list(interleave((pages(number, 50) for number in range(7)), 3))
    assert sorted(came) == [(number, one) for number in range(7) for one in range(50)]
    for number in range(7):
        assert [one for part, one in came if part == number] == list(range(50))


def test_no_more_readings_are_under_way_than_may_be_at_once() -> None:
    under_way: set[int] = set()
    most: list[int] = []

    def reading(number: int) -> Generator[int]:
        under_way.add(number)
        yield number
        most.append(len(under_way))
        under_way.discard(number)

    assert sorted(interleave(map(reading, range(30)), 2)) == list(range(30))
    assert max(most) <= 2


def test_while_one_value_is_in_work_readings_go_on() -> None:
    given = threading.Semaphore(0)

    several = interleave([counted(given), counted(given)], 2)
    next(several)
    for _ in range(4):
        assert given.acquire(timeout=5)
    assert not given.acquire(timeout=0.05)
    assert len(list(several)) == 17


def test_a_reading_is_one_step_ahead_and_no_more() -> None:
    given = threading.Semaphore(0)
    one = interleave([counted(given)], 1)
    assert next(one) == 0
    for _ in range(2):
        assert given.acquire(timeout=5)
    assert not given.acquire(timeout=0.05)
    one.close()


def test_a_reading_that_waited_for_room_goes_on_as_soon_as_there_is_some() -> None:
    given = threading.Semaphore(0)
    one = interleave([counted(given)], 1)
    assert [next(one), next(one)] == [0, 1]
    for _ in range(3):
        assert given.acquire(timeout=5)
    one.close()


def test_what_came_before_an_error_is_given_before_it() -> None:
    def bad() -> Generator[int]:
        yield from range(2)
        raise ZeroDivisionError

    several = interleave([bad()], 2)
    assert [next(several), next(several)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(several)


def test_an_error_of_one_ends_all_of_them() -> None:
    begun, ended = threading.Event(), threading.Event()

    def good() -> Generator[int]:
        begun.set()
        try:
            yield from range(1_000_000)
        finally:
            ended.set()

    def bad() -> Generator[int]:
        yield begun.wait(5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(interleave([good(), bad()], 2))
    assert ended.is_set()


def test_leaving_early_ends_the_readings_and_their_threads() -> None:
    before = threading.active_count()
    several = interleave((pages(number, 100) for number in range(4)), 4)
    next(several)
    several.close()
    assert threading.active_count() == before


def test_answers_come_in_the_order_of_the_questions() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(each(pool, 4, lambda number: number * 2, range(30))) == list(range(0, 60, 2))


def test_questions_are_drawn_only_as_answers_are_taken() -> None:
    drawn: list[int] = []

    def questions() -> Generator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool:
        assert next(each(pool, 3, str, questions())) == "0"
        assert len(drawn) == 3
