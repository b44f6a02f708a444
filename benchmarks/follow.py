"""Following a run: seconds a snapshot and measure, one process and two, cold and cached.

    python benchmarks/follow.py [RUN] [--snapshots N]

Without RUN a run of 3072-1024-512-10 with 5 % of the links is made up, whose links move at random.  Of RUN the topology
snapshots are taken and given random weights, so that every measure has as many snapshots as the topology has.
What each snapshot is read and measured for comes first, on one thread; then whole tables: the first one, the same
again (cached), and another figure of the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

MEASURES = ("degree", "powerlaw", "kshell", "credit_paths", "activity", "rank", "kendall")
OF_TRAJECTORY = {"kendall"}


def snapshots(source: Path | None, n: int) -> Iterator[object]:
    """Snapshots with weights."""
    rng = np.random.default_rng(0)
    if source is None:
        from evolving import survival_run

        yield from survival_run(n, rng)
        return
    from sparsegraph.io.runs.run import open_run

    for snapshot in open_run(source).topology[:n]:
        blocks = tuple(
            replace(block, weights=rng.standard_normal(block.mask.n_links, np.float32)) for block in snapshot.blocks
        )
        yield replace(snapshot, blocks=blocks)


def write(path: Path, source: Path | None, n: int) -> int:
    from sparsegraph.io.runs.writer import RunWriter

    written = 0
    with RunWriter.create(path, {"recipe": "benchmark", "seed": 0}) as writer:
        for snapshot in snapshots(source, n):
            writer.snapshot(snapshot)
            writer.topology(snapshot)
            written += 1
    return written


def each_measure(run: Path) -> None:
    """CPU seconds of reading a snapshot and of each measure, after one to warm up; a busy machine changes little."""
    from sparsegraph.io.runs.run import open_run
    from sparsegraph.measures.catalogue import measure

    names = [name for name in MEASURES if name not in OF_TRAJECTORY]
    trajectory = open_run(run).snapshots
    chosen = np.linspace(0, len(trajectory) - 1, 9).astype(int)
    spent: dict[str, list[float]] = {name: [] for name in ("read", *names, "graph shared", "graph of its own")}

    def timed(what: str, call: object) -> object:
        begun = time.process_time()
        result = call()  # type: ignore[operator]
        spent[what].append(time.process_time() - begun)
        return result

    for index in chosen:
        graph = timed("read", lambda index=index: trajectory[int(index)].graph)
        for name in names:
            timed(name, lambda name=name, graph=graph: measure(graph, name))
        spent["graph shared"].append(sum(spent[name][-1] for name in names if name != "powerlaw"))
        own = [trajectory[int(index)].graph for _ in names]
        timed(
            "graph of its own",
            lambda own=own: [measure(g, n) for g, n in zip(own, names, strict=True) if n != "powerlaw"],
        )
    print(f"{'a snapshot, on one thread':40s}{'median':>10s}")
    for name, seconds in spent.items():
        label = {
            "graph shared": "all but powerlaw, one graph for all",
            "graph of its own": "the same, a graph for each",
        }
        print(f"{label.get(name, name):40s}{1e3 * float(np.median(seconds[1:])):7.1f} ms")


def tables(run: Path, n: int, folder: Path) -> None:
    from sparsegraph.evolution.follow import follow

    def told(what: str, **keywords: object) -> None:
        begun = time.perf_counter()
        table = follow(run, MEASURES, snapshots="weights", **keywords)  # type: ignore[arg-type]
        spent = time.perf_counter() - begun
        print(f"{what:40s}{spent:8.1f} s{1e3 * spent / n:9.1f} ms a snapshot{len(table):9,} rows")

    told("two processes, nothing cached", n_jobs=2, cache=folder / "two")
    told("again, all cached", n_jobs=2, cache=folder / "two")
    told("another figure: every field", n_jobs=2, cache=folder / "two", fields="all")
    size = sum(path.stat().st_size for path in (folder / "two").rglob("*") if path.is_file())
    print(f"the cache: {size / 1e6:.1f} MB")
    told("one process of two threads, not cached", n_jobs=1, cache=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("run", nargs="?", type=Path)
    parser.add_argument("--snapshots", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        n = write(folder / "run", given.run, given.snapshots)
        print(f"{n} snapshots of {given.run or 'a made-up run'}; {', '.join(MEASURES)}")
        each_measure(folder / "run")
        tables(folder / "run", n, folder)


if __name__ == "__main__":
    main()
