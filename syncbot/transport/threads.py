"""Several readings and questions at once, each in a thread, with few of their answers waiting in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import islice
from queue import SimpleQueue
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


def interleave(sources: Iterable[Generator[T]], width: int) -> Generator[T]:
    """What these generators give, as it comes; ``width`` of them at once, each in a thread.

    They run ahead by ``width`` values in all, so that whoever is busy with one keeps nobody from asking for the next.
    Closing this ends them, once what is on its way has come; an error of one of them ends all.
    """
    end: Any = object()
    waiting, drawing = iter(sources), threading.Lock()
    come: SimpleQueue[T | Future[None]] = SimpleQueue()
    parked: list[Generator[T]] = []
    room, stopped = threading.Semaphore(2 * width), threading.Event()

    def draw() -> Generator[T] | None:
        with drawing:
            source = next(waiting, None)
            return begun.enter_context(closing(source)) if source is not None else None

    def run(source: Generator[T] | None) -> None:
        """Go on while there is room; park the generator with which to go on when there is some again."""
        while source is not None and not stopped.is_set() and room.acquire(blocking=False):
            value = next(source, end)
            if value is not end:
                come.put(value)
                continue
            room.release()
            source = draw()
        if source is not None:
            parked.append(source)

    with ExitStack() as begun, ThreadPoolExecutor(width) as pool:
        parked += [begun.enter_context(closing(source)) for source in islice(waiting, width)]
        running = 0
        try:
            while parked or running:
                while parked and room.acquire(blocking=False):
                    room.release()
                    pool.submit(run, parked.pop(0)).add_done_callback(come.put)
                    running += 1
                if not isinstance(value := come.get(), Future):
                    yield value
                    room.release()
                    continue
                running -= 1
                value.result()
        finally:
            stopped.set()


def each(pool: Executor, width: int, ask: Callable[[S], T], about: Iterable[S]) -> Iterator[T]:
    """Ask the same about several things, ``width`` at once; the answers in their order."""
    waiting: deque[Future[T]] = deque()
    try:
        for one in about:
            waiting.append(pool.submit(ask, one))
            if len(waiting) == width:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
