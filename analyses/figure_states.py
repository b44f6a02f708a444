"""The state of every figure and table: at which scale it was drawn here, or why it was not.

python analyses/figure_states.py figures > figures/STATES.md
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sparsegraph.figures.catalogue import FIGURES, ids


def main() -> None:
    """Print a table of the catalogue beside the manifests below a folder."""
    drawn = {}
    for manifest in sorted(Path(sys.argv[1]).glob("*/manifest.json")):
        for name, entry in json.loads(manifest.read_text(encoding="utf-8")).items():
            if (manifest.parent / f"{name}.md").exists():  # drawn, and kept: images of data sets are not
                drawn[name] = (manifest.parent.name, entry["scale"])
    print("# States\n")
    print("Made by `python analyses/figure_states.py figures`; captions, data and commands lie beside the pictures.\n")
    print("| id | paper | shows | state | where |")
    print("|---|---|---|---|---|")
    for name in ids():
        figure = FIGURES[name]
        where, state = drawn.get(name, ("", f"not drawn: {figure.impossible or 'its runs are not trained here yet'}"))
        if not where and not figure.impossible and figure.needs.data:
            state = "full where the data are there; no images of data sets are kept in this repository"
        link = f"[{where}]({where}/{name}.md)" if where else ""
        print(f"| `{name}` | {figure.paper}, {figure.place} | {figure.shows} | {state} | {link} |")


if __name__ == "__main__":
    main()
