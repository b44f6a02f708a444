"""Damaged files by the thousand: seeded mutations, and workers that survive what a reader may do to them.

Run as a script this is a worker: it takes a folder of pickled samples and a range of seeds, and prints a line of JSON
per case.  A worker that dies or hangs is noticed by :func:`fuzz`, which blames the case it was at.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import re
import resource
import selectors
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fuzz_samples import Sample

ADDRESS_SPACE = 4 * 1024**3
"""Most virtual memory of a worker, in bytes."""

LONGEST = 60.0
"""Seconds after which a case counts as hanging."""

FINE = ("loaded", "read, no graph", "refused")
"""A graph; tensors that are refused as a graph; a file that is refused: the last two each in one line."""

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 2**40, 2**60, 2**63, 2**64 - 1)


@dataclass(frozen=True)
class Case:
    """What became of one damaged file: one of ``FINE``, or another word, which is a bug."""

    seed: int
    sample: str
    outcome: str
    detail: str
    seconds: float
    rss_bytes: int


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One to three mutations; in a zip archive half the time of a member, with its checksum made right again."""
    if data.startswith(b"PK") and rng.random() < 0.5:
        return _inside_zip(data, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = rng.choice(_MUTATIONS)(data, rng)
    return data


def _inside_zip(data: bytes, rng: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        members = old.infolist()
        small = [m for m in members if m.file_size < 20_000] or members
        chosen = rng.choice([m for m in small if m.filename.endswith((".pkl", ".npy"))] or small)
        for member in members:
            content = old.read(member)
            if member is chosen:
                content = rng.choice(_MUTATIONS)(content, rng)
            new.writestr(member.filename, content, member.compress_type)
    return stream.getvalue()


def _place(data: bytes, rng: random.Random) -> int:
    """A position: anywhere, or at the beginning or the end, where formats keep their tables."""
    where = rng.random()
    if where < 0.5:
        return rng.randrange(min(512, len(data)) or 1)
    if where < 0.7:
        return max(0, len(data) - 1 - rng.randrange(1024))
    return rng.randrange(len(data) or 1)


def _flip_bits(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16)) if changed else 0):
        changed[_place(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: _place(data, rng)]


def _overwrite_number(data: bytes, rng: random.Random) -> bytes:
    place, size = _place(data, rng), rng.choice((1, 2, 4, 8))
    number = (rng.choice(_NUMBERS) & (2 ** (8 * size) - 1)).to_bytes(size, rng.choice(("little", "big")))
    return data[:place] + number + data[place + size :]


def _overwrite_digits(data: bytes, rng: random.Random) -> bytes:
    """A number written in digits (a JSON header, an .npy header, a pickle of protocol 0) becomes another."""
    runs = list(re.finditer(rb"\d+", data[:20_000]))
    if not runs:
        return _flip_bits(data, rng)
    run = rng.choice(runs)
    number = rng.choice((b"0", b"-1", b"9" * len(run[0]), b"1000000000000", b"1e9", b"9" * 30))
    return data[: run.start()] + number + data[run.end() :]


def _splice(data: bytes, rng: random.Random) -> bytes:
    start, place = _place(data, rng), _place(data, rng)
    part = data[start : start + rng.randint(1, 200)]
    return data[:place] + part + data[place + (len(part) if rng.random() < 0.5 else 0) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = _place(data, rng)
    part = data[start : start + rng.randint(1, 16)]
    return data[:start] + part * rng.choice((2, 10, 1000)) + data[start:]


def _cut_out(data: bytes, rng: random.Random) -> bytes:
    start = _place(data, rng)
    return data[:start] + data[start + rng.randint(1, 64) :]


def _blank(data: bytes, rng: random.Random) -> bytes:
    start, size = _place(data, rng), rng.randint(1, 64)
    return data[:start] + rng.choice((b"\0", b"\xff")) * size + data[start + size :]


_MUTATIONS = (_flip_bits, _truncate, _overwrite_number, _overwrite_digits, _splice, _repeat, _cut_out, _blank)


def attempt(path: Path) -> tuple[str, str]:
    """Open a file, read every tensor and make a graph of it; of a folder, read the run; what came of it."""
    import numpy as np

    import sparsegraph
    from sparsegraph.errors import SparseGraphError
    from sparsegraph.io.contents import read_contents

    stage = "refused"
    try:
        if path.is_dir():
            _read_run(path)
            return "loaded", ""
        for tensor in read_contents(path).tensors:
            values = tensor.read()
            if values.shape != tensor.shape or values.dtype.hasobject or not isinstance(values.dtype, np.dtype):
                return "wrong", f"{tensor.name}: {values.shape} is not the declared {tensor.shape}"
        stage = "read, no graph"
        sparsegraph.load(path)
    except SparseGraphError as error:
        message = str(error)
        return (stage if message.isprintable() else "not one printable line"), message
    except MemoryError as error:
        return "out of memory", str(error)
    except Exception as error:
        return "uncaught", f"{type(error).__name__}: {error}"
    return "loaded", ""


def _read_run(path: Path) -> None:
    """Everything in a run directory."""
    import sparsegraph
    from sparsegraph.io.runs.resume_file import read_resume

    run = sparsegraph.open_run(path)
    list(run.history)
    for snapshot in (*run.snapshots, *run.topology):
        snapshot.graph
    read_resume(path)


def _work(folder: Path, seeds: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    warnings.simplefilter("error")  # a warning on the user's terminal is noise: it counts as an escape
    samples: list[Sample] = pickle.loads((folder / "samples").read_bytes())
    for seed in seeds:
        rng = random.Random(seed)
        sample = samples[seed % len(samples)]
        if os.environ.get("SPARSEGRAPH_FUZZ_FAULT") == str(seed):
            os.abort()  # for the test of this harness
        with tempfile.TemporaryDirectory(dir=folder) as directory:
            for name, data in sample.files.items():
                place = Path(directory) / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(mutate(data, rng) if name == sample.victim else data)
            started = time.perf_counter()
            outcome, detail = attempt(Path(directory) / sample.opened)
        seconds = time.perf_counter() - started
        rss = _most_resident()
        sys.stdout.write(json.dumps(asdict(Case(seed, sample.name, outcome, detail[:300], seconds, rss))) + "\n")
        sys.stdout.flush()


def _most_resident() -> int:
    """Most memory that this program held, in bytes.

    getrusage would also count what the parent held when it started this process, which is the whole test run.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def fuzz(samples: Sequence[Sample], seeds: range, n_workers: int = 2) -> Iterator[Case]:
    """Every case of a range of seeds, from workers whose death or silence is a case as well."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "samples").write_bytes(pickle.dumps(list(samples)))
        with selectors.DefaultSelector() as selector:
            for share in range(n_workers):
                _start(selector, folder, seeds[share::n_workers])
            while selector.get_map():
                yield from _collect(selector, folder, samples)


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    left: range
    heard: float
    text: bytes = b""


def _start(selector: selectors.BaseSelector, folder: Path, seeds: range) -> None:
    if not seeds:
        return
    command = [sys.executable, __file__, str(folder), str(seeds.start), str(seeds.stop), str(seeds.step)]
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    # the first case includes the imports
    selector.register(process.stdout, selectors.EVENT_READ, _Worker(process, seeds, time.monotonic() + LONGEST))


def _collect(selector: selectors.BaseSelector, folder: Path, samples: Sequence[Sample]) -> Iterator[Case]:
    ready = {key.fd for key, _ in selector.select(timeout=1.0)}
    for key in list(selector.get_map().values()):
        worker: _Worker = key.data
        ended = False
        if key.fd in ready:
            data = key.fileobj.read() or b""
            ended = not data
            worker.text += data
            *lines, worker.text = worker.text.split(b"\n")
            for line in lines:
                worker.left, worker.heard = worker.left[1:], time.monotonic()
                yield Case(**json.loads(line))
        hangs = time.monotonic() - worker.heard > LONGEST
        if not (ended or hangs):
            continue
        selector.unregister(key.fileobj)
        if hangs:
            worker.process.kill()
        code = worker.process.wait()
        key.fileobj.close()
        if worker.left:
            seed = worker.left[0]
            outcome = "hangs" if hangs else f"died ({code})"
            yield Case(seed, samples[seed % len(samples)].name, outcome, "", time.monotonic() - worker.heard, 0)
            _start(selector, folder, worker.left[1:])


if __name__ == "__main__":
    _work(Path(sys.argv[1]), range(*map(int, sys.argv[2:5])))
