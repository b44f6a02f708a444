"""A killed command leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import os, time
from joblib import Parallel, delayed, parallel_config
from sparsegraph.orphans import end_with_parent

def work(i):
    print(os.getpid(), flush=True)
    time.sleep(120)

with parallel_config(backend="loky", initializer=end_with_parent):
    Parallel(n_jobs=2)(delayed(work)(i) for i in range(2))
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that kills")
def test_workers_end_after_the_one_that_started_them_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        end = time.monotonic() + 30
        while any(map(alive, workers)) and time.monotonic() < end:
            time.sleep(0.2)
        left = [worker for worker in workers if alive(worker)]
        for worker in left:
            os.kill(worker, signal.SIGKILL)
        assert not left
