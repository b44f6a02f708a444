"""The page of public names, made from what the package exports."""

import inspect
from pathlib import Path

from notebook_pages import write_changed

import sparsegraph

_HEAD = """# Python API

The names of `import sparsegraph`. Everything else is reached through its module, as the other pages show, and
may move between minor versions.

```{{eval-rst}}
{names}
```
"""


def write_api_page(path: Path) -> None:
    """Each public name with its docstring, functions first."""
    found = [(name, getattr(sparsegraph, name)) for name in sparsegraph.__all__ if name != "__version__"]
    functions = [_entry("autofunction", name, one) for name, one in found if inspect.isfunction(one)]
    classes = [_entry("autoclass", name, one) for name, one in found if inspect.isclass(one)]
    write_changed(path, _HEAD.format(names="\n".join([*functions, *classes])))


def _entry(directive: str, name: str, one: object) -> str:
    return f".. {directive}:: {one.__module__}.{one.__qualname__}\n   :no-index:\n"
