"""Writing a run: in order, beside the training, whole at any moment, and on from there."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evolving import assert_same, snapshots

import sparsegraph
from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.io.listing import checkpoints_in
from sparsegraph.io.runs import history_file, layout, snapshot_file
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter

CONFIG = {"recipe": "set", "seed": 0, "data": {"name": "digits"}}


def write(writer: RunWriter, first: int, stop: int) -> None:
    """Epochs ``first`` to ``stop - 1`` of a run, with a resume file after each."""
    for snapshot in snapshots(stop)[first:]:
        writer.snapshot(snapshot)
        writer.topology(snapshot)
        writer.history({"epoch": snapshot.epoch})
        writer.resume({"x": np.full(3, snapshot.number)}, {"epoch": snapshot.epoch})


def files(run: Path) -> dict[str, bytes]:
    return {str(path.relative_to(run)): path.read_bytes() for path in run.rglob("*") if path.is_file()}


def test_a_run_comes_back(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "a/run", CONFIG, {"versions": {"numpy": "2"}}) as writer:
        write(writer, 0, 5)
    run = open_run(tmp_path / "a/run")
    assert run.config == CONFIG
    assert run.environment == {"versions": {"numpy": "2"}}
    assert [record["epoch"] for record in run.history] == [0, 1, 2, 3, 4]
    assert len(run) == len(run.topology) == 5
    for found, expected in zip(run, snapshots(5), strict=True):
        assert_same(found, expected)
    assert run.final.number == 4


def test_arrays_belong_to_the_writer_once_they_are_handed_over(tmp_path: Path) -> None:
    snapshot = snapshots(1)[0]
    expected = snapshots(1)[0]
    state = np.ones(3)
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        for number in range(20):
            writer.snapshot(replace(snapshot, number=number))
        writer.resume({"x": state}, {})
        state[:] = 7
        for block in snapshot.blocks:
            block.weights[:] = 7
            block.biases[:] = 7
    for found in open_run(tmp_path / "run"):
        assert_same(replace(found, number=0), expected)
    writer, point = RunWriter.continue_(tmp_path / "run", CONFIG)
    writer.close()
    assert point is not None
    assert point.arrays["x"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("n_more", [0, 1, 5])
def test_a_continued_run_equals_an_unbroken_one_byte_for_byte(tmp_path: Path, n_more: int) -> None:
    """Killed ``n_more`` epochs after the last resume file that reached the disk."""
    with RunWriter.create(tmp_path / "whole", CONFIG) as writer:
        write(writer, 0, 20)
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        write(writer, 0, 13)
        writer.flush()
        point_at_13 = (tmp_path / "run" / layout.RESUME).read_bytes()
        write(writer, 13, 13 + n_more)
    (tmp_path / "run" / layout.RESUME).write_bytes(point_at_13)
    (tmp_path / "run/snapshots/.000013.pt.abc.part").write_bytes(b"half")
    (tmp_path / "run/.resume.npz.abc.part").write_bytes(b"half")
    with (tmp_path / "run" / layout.HISTORY).open("ab") as file:
        file.write(b'{"epoch": 1')
    writer, point = RunWriter.continue_(tmp_path / "run", CONFIG)
    assert point is not None
    assert point.meta == {"epoch": 12}
    with writer:
        write(writer, 13, 20)
    assert files(tmp_path / "run") == files(tmp_path / "whole")


def test_a_run_that_ended_before_its_first_resume_file_begins_anew(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        writer.snapshot(snapshots(1)[0])
        writer.history({"epoch": 0})
    writer, point = RunWriter.continue_(tmp_path / "run", CONFIG)
    writer.close()
    assert point is None
    assert len(open_run(tmp_path / "run")) == len(open_run(tmp_path / "run").history) == 0


def test_a_recorded_loop_is_not_said_to_go_on(tmp_path: Path) -> None:
    RunWriter.create(tmp_path / "run", {"recorded": {"model": "Net"}, "epochs": 3}).close()
    for epochs in (3, 4):
        with pytest.raises(SparseGraphError, match="holds a recorded loop already, and none can go on"):
            RunWriter.create(tmp_path / "run", {"recorded": {"model": "Net"}, "epochs": epochs})


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SparseGraphError, match="holds other files; choose a new or an empty folder"):
        RunWriter.create(tmp_path, CONFIG)
    RunWriter.create(tmp_path / "run", CONFIG).close()
    with pytest.raises(SparseGraphError, match="holds this run already; train goes on with it"):
        RunWriter.create(tmp_path / "run", CONFIG)
    other = {**CONFIG, "data": {"name": "mnist"}}
    for method in (RunWriter.create, RunWriter.continue_):
        with pytest.raises(SparseGraphError, match=r"another configuration \(data\.name is 'digits' there and 'mnist'"):
            method(tmp_path / "run", other)
    with pytest.raises(SparseGraphError, match="zeta is set here only"):
        RunWriter.continue_(tmp_path / "run", {**CONFIG, "zeta": 0.3})
    with pytest.raises(SparseGraphError, match="no run to continue"):
        RunWriter.continue_(tmp_path, CONFIG)
    with pytest.raises(SparseGraphError, match="no folder can be made"):
        RunWriter.create(tmp_path / "notes.txt" / "run", CONFIG)


@pytest.mark.parametrize(
    ("content", "word"), [(b'{"format": "spars', "damaged"), (b"[]", "damaged"), (None, "missing")]
)
def test_a_damaged_configuration_is_told_as_such(tmp_path: Path, content: bytes | None, word: str) -> None:
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        write(writer, 0, 2)
    path = tmp_path / "run" / layout.CONFIG
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for method in (RunWriter.create, RunWriter.continue_):
        with pytest.raises(SparseGraphError, match=rf"config\.json is {word}: put it back from a copy"):
            method(tmp_path / "run", CONFIG)
    with pytest.raises(LoadError, match=f"is {word}: .* each snapshot can still be read by itself, in snapshots"):
        sparsegraph.load(tmp_path / "run")
    assert checkpoints_in(tmp_path / "run") == checkpoints_in(tmp_path) == [tmp_path / "run"]
    assert sparsegraph.load(tmp_path / "run/snapshots/000001.pt").graph.n_links == 42


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        ({"sparsegraph": "0.1.0"}, {"sparsegraph": "0.2.0"}, ", begun with sparsegraph 0.1.0 and not 0.2.0;"),
        (
            {"sparsegraph": "0.1.0", "commit": "aa"},
            {"sparsegraph": "0.1.0", "commit": "bb"},
            ", begun with sparsegraph 0.1.0 (commit aa) and not 0.1.0 (commit bb);",
        ),
        (
            {"sparsegraph": "0.1.0", "numpy": "1"},
            {"sparsegraph": "0.1.0", "numpy": "2"},
            "seed is 0 there and 1 here);",
        ),
    ],
)
def test_another_configuration_of_another_version_says_so(
    tmp_path: Path, there: dict[str, str], here: dict[str, str], said: str
) -> None:
    RunWriter.create(tmp_path / "run", CONFIG, {"versions": there}).close()
    for method in (RunWriter.create, RunWriter.continue_):
        with pytest.raises(SparseGraphError) as caught:
            method(tmp_path / "run", {**CONFIG, "seed": 1}, {"versions": here})
        assert said in str(caught.value)


def test_another_environment_hinders_nothing(tmp_path: Path) -> None:
    RunWriter.create(tmp_path / "run", CONFIG, {"numpy": "1"}).close()
    RunWriter.continue_(tmp_path / "run", CONFIG, {"numpy": "2"})[0].close()


def test_numbers_rise(tmp_path: Path) -> None:
    first, second = snapshots(2)
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        writer.snapshot(second)
        writer.topology(second)
        writer.snapshot(second)  # the final state may be that of the last update
        with pytest.raises(SparseGraphError, match="snapshot 0 after 1"):
            writer.snapshot(first)
        with pytest.raises(SparseGraphError, match="topology snapshot 1 after 1"):
            writer.topology(second)


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("at_once", [True, False])
def test_a_full_disk_is_told_at_the_next_call_and_good_snapshots_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    made = snapshots(4)
    writer = RunWriter.create(tmp_path / "run", CONFIG)
    writer.snapshot(made[0])
    writer.resume({}, {"epoch": 0})
    writer.flush()
    with monkeypatch.context() as patched:
        patched.setattr("sparsegraph.io.atomic._flush", _full)  # where the bytes go to the disk
        writer.snapshot(made[1])
        if at_once:
            with pytest.raises(SparseGraphError, match=r"No space left on device.*go on with --resume"):
                writer.flush()
            with pytest.raises(SparseGraphError, match="No space left on device"):
                writer.snapshot(made[2])
        with pytest.raises(SparseGraphError, match="No space left on device"):
            writer.close()
    assert sorted(path.name for path in (tmp_path / "run/snapshots").iterdir()) == ["000000.pt"]
    again, point = RunWriter.continue_(tmp_path / "run", CONFIG)
    assert point is not None
    with again:
        again.snapshot(made[1])
    assert_same(open_run(tmp_path / "run").final, made[1])


def test_a_file_size_limit_of_the_system_is_an_error_of_one_line(tmp_path: Path) -> None:
    """A real refusal by the system in the middle of a file, and not one that a test makes up."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from evolving import snapshots\n"
        "from sparsegraph.errors import SparseGraphError\n"
        "from sparsegraph.io.runs.writer import RunWriter\n"
        "writer = RunWriter.create(sys.argv[1], {})\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "writer.snapshot(snapshots(1)[0])\n"
        "try: writer.close()\n"
        "except SparseGraphError as error: sys.exit(str(error))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, env=_environment()
    )
    assert answer.returncode == 1
    assert "cannot be written (File too large)" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert list((tmp_path / "run/snapshots").iterdir()) == []


def test_an_error_in_the_training_is_not_hidden_by_one_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def training() -> None:
        with RunWriter.create(tmp_path / "run", CONFIG) as writer:
            monkeypatch.setattr("sparsegraph.io.atomic._flush", _full)
            writer.snapshot(snapshots(1)[0])
            1 / 0

    with pytest.raises(ZeroDivisionError) as caught:
        training()
    assert "No space left" in caught.value.__notes__[0]


def test_what_no_file_can_hold_is_refused_at_once(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        with pytest.raises(TypeError, match="plain values only"):
            writer.history({"model": object()})
        with pytest.raises(TypeError, match="plain values only"):
            writer.snapshot(replace(snapshots(1)[0], meta={"a": {1, 2}}))


def test_training_does_not_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a disk that needs 0.05 s for a file, handing over five is a matter of milliseconds."""
    slow = _slowed(snapshot_file.write_snapshot, 0.05)
    monkeypatch.setattr("sparsegraph.io.runs.writer.write_snapshot", slow)
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        started = time.perf_counter()
        for snapshot in snapshots(5):
            writer.snapshot(snapshot)
        handed_over = time.perf_counter() - started
        writer.flush()
        written = time.perf_counter() - started
    assert written > 0.25
    assert handed_over < 0.25 * written


def _slowed(function: Callable[..., None], seconds: float) -> Callable[..., None]:
    def slow(*given: object) -> None:
        time.sleep(seconds)
        function(*given)

    return slow


def test_a_history_that_was_cut_by_someone_is_noticed(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", CONFIG) as writer:
        write(writer, 0, 3)
    history_file.cut_history(tmp_path / "run" / layout.HISTORY, 1)
    with pytest.raises(LoadError, match="1 records; the resume file was written after 3"):
        RunWriter.continue_(tmp_path / "run", CONFIG)


LOOP = """
import sys
import numpy as np
from evolving import blocks_of, moved, random_mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.layout import is_run
from sparsegraph.io.runs.writer import RunWriter

place, n_epochs = sys.argv[1], int(sys.argv[2])
begin = RunWriter.continue_ if is_run(__import__("pathlib").Path(place)) else lambda *a: (RunWriter.create(*a), None)
writer, point = begin(place, {"n_epochs": n_epochs})
rng = np.random.default_rng(0)
mask, first = random_mask((12, 8), 30, rng), 1
if point:
    from sparsegraph.graph.mask import Mask
    mask, first = Mask((12, 8), point.arrays["mask"]), point.meta["epoch"] + 1
    rng.bit_generator.state = point.meta["rng"]
sys.stdout.write("ready\\n"); sys.stdout.flush()
with writer:
    for epoch in range(first, n_epochs + 1):
        mask, events = moved(mask, 5, rng)
        now = Snapshot(epoch, tuple(blocks_of([mask], [events], rng)))
        writer.snapshot(now); writer.topology(now); writer.history({"epoch": epoch, "draw": rng.random()})
        writer.resume({"mask": mask.positions}, {"epoch": epoch, "rng": rng.bit_generator.state})
"""


def test_killed_at_any_moment_and_resumed_it_is_the_same_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL at three random times, then to the end: every file as in a run that nobody disturbed."""
    rng = np.random.default_rng(0)
    n_epochs, n_killed = 120, 0
    for _ in range(3):
        process = _loop(tmp_path / "run", n_epochs)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.3))
        process.send_signal(signal.SIGKILL)
        n_killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
    assert n_killed >= 1
    process = _loop(tmp_path / "run", n_epochs)
    process.communicate()
    assert process.returncode == 0
    monkeypatch.setattr(sys, "argv", ["", str(tmp_path / "whole"), str(n_epochs)])
    exec(compile(LOOP, "loop", "exec"), {})
    assert files(tmp_path / "run") == files(tmp_path / "whole")
    assert len(open_run(tmp_path / "run")) == n_epochs


def _loop(place: Path, n_epochs: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", LOOP, str(place), str(n_epochs)], stdout=subprocess.PIPE, env=_environment()
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
