"""Every checkpoint of a folder that others made: loaded or refused, as a Markdown table on standard output."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import sparsegraph as sg

COLUMNS = ("file", "format", "verdict", "layers", "links", "weights kept", "density", "mask origin")
NO_CHECKPOINT = {".md", ".txt", ".json"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoints", type=Path, default=default_folder(), help="folder with the files")
    folder = parser.parse_args().checkpoints
    print(row(COLUMNS))
    print(row(["---"] * len(COLUMNS)))
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in NO_CHECKPOINT:
            print(row(describe(path)))


def default_folder() -> Path:
    """The folder ``checkpoints`` of the reference data."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("SPARSEGRAPH_SHARED", beside)) / "checkpoints"


def describe(path: Path) -> list[str]:
    """One line of the table."""
    found_format = ""
    try:
        inspection = sg.inspect(path)
        found_format = inspection.format
        loaded = sg.load(path)
    except sg.SparseGraphError as error:
        reason = str(error).removeprefix(f"{path}: ").split(" (see all with")[0]
        return [path.name, found_format, f"refused: {reason}", "", "", "", "", ""]
    chains = "; ".join(inspection.chains)
    numbers = [f"{loaded.graph.n_links}", f"{inspection.n_links}", f"{inspection.density:.4f}"]
    return [path.name, inspection.format, "loaded", chains, *numbers, loaded.mask_origin]


def row(cells: list[str] | tuple[str, ...]) -> str:
    """A line of Markdown."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
