"""Several readings and questions at once, each in a thread, with few of their answers waiting in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


def interleave(sources: Iterable[Generator[T]], width: int) -> Generator[T]:
    """What these generators give, as it comes; ``width`` of them at once, each a step ahead in a thread of its own.

    Closing this ends them, once what is on its way has come; an error of one of them ends all.
    """
    end: Any = object()
    waiting = iter(sources)
    pool = ThreadPoolExecutor(width)
    running: dict[Future[T], Generator[T]] = {pool.submit(next, one, end): one for one in islice(waiting, width)}
    try:
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                value = future.result()
                source = running.pop(future)
                following = next(waiting, None) if value is end else source
                if following is not None:
                    running[pool.submit(next, following, end)] = following
                if value is not end:
                    yield value
    finally:
        pool.shutdown(cancel_futures=True)
        for source in running.values():
            source.close()


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
