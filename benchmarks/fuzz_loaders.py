"""Damage checkpoints by the thousand and count what the loaders make of them.

    python benchmarks/fuzz_loaders.py --count 20000 --seed 0

Every case must end in a graph or in one line that says what is wrong.  The files that are
damaged are small ones of every format, those of a run and, where they are found, the checkpoints made by others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fuzz_samples import generated, real, runs  # noqa: E402
from fuzzing import FINE, Case, fuzz  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="damage only samples whose name contains this")
    options = parser.parse_args()
    shared = Path(os.environ.get("SPARSEGRAPH_SHARED", ROOT.parent / "shared")) / "checkpoints"
    samples = [*generated(), *runs(), *(real(shared) if shared.is_dir() else [])]
    samples = [sample for sample in samples if options.only in sample.name]
    cases = []
    for case in fuzz(samples, range(options.seed, options.seed + options.count), options.workers):
        cases.append(case)
        if case.outcome not in FINE:
            print(f"seed {case.seed}, {case.sample}: {case.outcome}: {case.detail}")
    return _report(cases)


def _report(cases: list[Case]) -> int:
    counts = Counter(case.outcome for case in cases)
    other = sum(n for outcome, n in counts.items() if outcome not in FINE)
    slowest = max(cases, key=lambda case: case.seconds)
    print(f"cases {len(cases)}: {', '.join(f'{word} {counts[word]}' for word in FINE)}, other {other}")
    print(f"refused for lack of memory: {sum('more memory than there is' in case.detail for case in cases)}")
    print(f"largest resident memory: {max(case.rss_bytes for case in cases) / 2**20:.0f} MiB")
    print(f"slowest: {slowest.seconds:.2f} s (seed {slowest.seed}, {slowest.sample})")
    print(f"by sample: {' / '.join(FINE)} / other")
    for name in dict.fromkeys(case.sample for case in sorted(cases, key=lambda case: case.sample)):
        own = Counter(case.outcome for case in cases if case.sample == name)
        fine = [own[word] for word in FINE]
        print(f"  {name}: {' / '.join(map(str, [*fine, own.total() - sum(fine)]))}")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main())
