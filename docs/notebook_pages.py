"""The notebooks as tutorials: copied before each build."""

from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1] / "analyses" / "notebooks"
_INDEX = """# Tutorials

Notebooks to run and to change: they lie in `analyses/notebooks`, need nothing but the package, and take less than two
minutes each.

```{{toctree}}
:maxdepth: 1

{names}
```
"""


def copy_notebooks(folder: Path) -> None:
    """Copy them, with an index; only what changed, so that a second build is fast."""
    folder.mkdir(exist_ok=True)
    names = []
    for source in sorted(NOTEBOOKS.glob("*.ipynb")):
        write_changed(folder / source.name, source.read_text(encoding="utf-8"))
        names.append(source.stem)
    write_changed(folder / "index.md", _INDEX.format(names="\n".join(names)))


def write_changed(path: Path, text: str) -> None:
    """Write a file unless it has this text already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
