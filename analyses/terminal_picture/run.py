"""Picture of the page that `sparsegraph analyze` prints, as SVG, for the README.

python analyses/terminal_picture/run.py CHECKPOINT -o figures/analyze.svg [--measure NAME ...]
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from sparsegraph.report.analysis import Settings, analyze
from sparsegraph.report.terminal import report_page

# Like rich's own frame, without its font from the network.
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("-m", "--measure", action="append", default=[])
    chosen = parser.parse_args()
    report = analyze(chosen.checkpoint, Settings(measures=tuple(chosen.measure)))
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True, highlight=False)
    title = " ".join([f"sparsegraph analyze {chosen.checkpoint}", *(f"-m {name}" for name in chosen.measure)])
    console.print(f"[bold green]$[/] {title}")
    console.print(report_page(report))
    chosen.output.write_text(console.export_svg(title=title, theme=MONOKAI, code_format=FRAME), encoding="utf-8")


if __name__ == "__main__":
    main()
