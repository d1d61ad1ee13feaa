"""Types are prepared for decoding by one thread at a time: two at once crash the process, so it is tried in others."""

from __future__ import annotations

import subprocess
import sys

FIRST_ANSWERS = """
import sys, threading
sys.setswitchinterval(1e-6)
from connectors.asana.api import _many_of
from connectors.asana.wire import Task, parse
raw = b'{"data": [{"gid": "1", "parent": {"gid": "2"}, "custom_fields": [{"gid": "3"}]}], "next_page": null}'
start = threading.Barrier(8)
def read():
    start.wait()
    parse(raw, _many_of(Task))
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_the_first_answers_may_come_to_several_threads_at_once() -> None:
    processes = [subprocess.Popen([sys.executable, "-c", FIRST_ANSWERS]) for _ in range(6)]
    assert {process.wait() for process in processes} == {0}
