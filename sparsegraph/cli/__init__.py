"""The command line: parse, call, render; no arithmetic."""

from __future__ import annotations


def main() -> None:
    """Run the program.

    Exit status: 0 done, 1 a known error (one line on stderr), 2 wrong usage, 130 interrupted.
    """
    from sparsegraph.cli.app import run

    run()
