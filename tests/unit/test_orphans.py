"""A killed command leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sparsegraph.errors import ProcessDiedError
from sparsegraph.orphans import in_processes

PLAIN = """
import os, time
from sparsegraph.orphans import in_processes

def work(task):
    print(os.getpid(), flush=True)
    time.sleep(120)

list(in_processes(work, range(2), n_jobs=2))
"""

SWEEP = """
import os, time
from pathlib import Path
from sparsegraph.training import sweep
from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions

def work(cell, options):
    print(os.getpid(), flush=True)
    time.sleep(120)

sweep.run_cell = work
cells = [sweep.Cell(Request("set", seed, data="digits"), Path("nowhere", str(seed))) for seed in range(2)]
list(sweep.run_sweep(cells, RunOptions(), n_jobs=2))
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that kills")
@pytest.mark.parametrize("program", [PLAIN, SWEEP], ids=["plain", "sweep"])
def test_workers_end_after_the_one_that_started_them_was_killed(program: str) -> None:
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
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


def test_answers_come_from_other_processes_or_with_one_from_this() -> None:
    own = (0, os.getpid())
    assert list(in_processes(told, [0], n_jobs=1)) == [own]
    found = sorted(in_processes(told, range(5), n_jobs=2, batch_size=1))
    assert [task for task, _ in found] == [0, 1, 2, 3, 4]
    assert os.getpid() not in {process for _, process in found}


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(ProcessDiedError, match="one of 2 processes died"):
        list(in_processes(os._exit, [1], n_jobs=2))
    assert len(list(in_processes(told, range(2), n_jobs=2))) == 2  # others are started in their place


def told(task: int) -> tuple[int, int]:
    return task, os.getpid()
