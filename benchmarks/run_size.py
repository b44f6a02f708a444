"""What a run of the survival paper's MLP takes on the disk and in time.

    python benchmarks/run_size.py --count 300

Writes that many snapshots and topology snapshots of 3072-1024-512-10 with 183,757 links while zeta falls from 0.5 to 0,
and reads them back.  ``handing over`` is how long the training thread is kept, ``writing`` includes the disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from evolving import survival_run  # noqa: E402

from sparsegraph.io.runs.run import open_run  # noqa: E402
from sparsegraph.io.runs.writer import RunWriter  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    n = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "run"
        handing, writing = [], []
        with RunWriter.create(folder, {}) as writer:
            for snapshot in survival_run(n, np.random.default_rng(0)):
                started = time.perf_counter()
                writer.snapshot(snapshot)
                writer.topology(snapshot)
                handing.append(time.perf_counter() - started)
                writer.flush()
                writing.append(time.perf_counter() - started)
        print(f"handing over: median {1e3 * np.median(handing):.2f} ms; writing: {1e3 * np.median(writing):.1f} ms")
        for kind in ("snapshots", "topology"):
            sizes = [path.stat().st_size for path in (folder / kind).iterdir()]
            print(f"{kind}: {sum(sizes) / 1e6:.1f} MB in {n} files, {300 * np.mean(sizes) / 1e6:.1f} MB for 300")
        run = open_run(folder)
        for kind, trajectory in (("snapshots", run.snapshots), ("topology", run.topology)):
            started = time.perf_counter()
            assert [one.number for one in trajectory] == list(range(n))
            print(f"reading {kind} in order: {1e3 * (time.perf_counter() - started) / n:.1f} ms each")


if __name__ == "__main__":
    main()
