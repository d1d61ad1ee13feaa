"""Several readings at once: each a step ahead in a thread of its own, what they give as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")


def interleave(pool: Executor, width: int, sources: Iterable[Iterator[T]]) -> Iterator[T]:
    """What these iterators give, as it comes; ``width`` of them at once, each a step ahead in a thread of the pool."""
    end: Any = object()
    waiting = iter(sources)
    running: dict[Future[T], Iterator[T]] = {pool.submit(next, one, end): one for one in islice(waiting, width)}
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            source = running.pop(future)
            value = future.result()
            following = next(waiting, None) if value is end else source
            if following is not None:
                running[pool.submit(next, following, end)] = following
            if value is not end:
                yield value
