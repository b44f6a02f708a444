"""What code decides a number: the sources that it runs through and the versions of the libraries under them."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_LIBRARIES = ("igraph", "llvmlite", "numba", "numpy", "scipy")


@cache
def code_of(*modules: str) -> str:
    """SHA-256 of versions and sources: of these modules and of all they import.

    Imports are followed within this package and within those of the modules, which may be a plug-in's.
    Any change of that code makes other keys: results of other code are never taken for one's own.
    """
    from sparsegraph import __version__

    versions = [__version__, *(_version(name) for name in _LIBRARIES)]
    told = hashlib.sha256(json.dumps(versions).encode())
    tops = {"sparsegraph", *(module.partition(".")[0] for module in modules)}  # a plug-in has modules of its own
    sources = {name: _source(name) for name in modules}
    waiting = list(sources)
    while waiting:
        importer = waiting.pop()
        for name in _imported(importer, sources[importer]):
            if name.partition(".")[0] in tops and name not in sources and (source := _source(name)):
                sources[name] = source
                waiting.append(name)
    for name in sorted(sources):
        told.update(f"{name}\0{sources[name]}\0".encode())
    return told.hexdigest()


def as_it_lies(function: Callable[..., Any]) -> str:
    """What a function of the user's own adds to a key: its file as it is now, for it may be edited and loaded again.

    A function from the cell of a notebook has no file, and what it calls lies in other cells: it is new each time, as
    is a callable that is no function.
    """
    if function.__module__.partition(".")[0] == "sparsegraph":
        return ""
    code = getattr(inspect.unwrap(function), "__code__", None)
    file = None if code is None else Path(code.co_filename)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else uuid.uuid4().hex


def _imported(importer: str, source: str) -> Iterator[str]:
    """What may be modules among the names that a module imports."""
    path = _path(importer)
    steps = importer.split(".") if path is None or path.name != "__init__.py" else [*importer.split("."), ""]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(origin, names, level):
                above = steps[:-level] if level else []
                start = ".".join([*above, *([origin] if origin else [])])
                yield from (start, *(f"{start}.{alias.name}" for alias in names))


def _source(module: str) -> str:
    """Text of a module, without importing it; empty where there is none."""
    path = _path(module)
    return "" if path is None else path.read_text(encoding="utf-8")


def _path(module: str) -> Path | None:
    """Where the text of a module lies, whether it is imported or not: its package is."""
    top, *steps = module.split(".")
    package = sys.modules.get(top)
    if not steps or package is None:
        found = [Path(file)] if (file := getattr(package, "__file__", None)) else []
    else:
        homes = [Path(home, *steps) for home in getattr(package, "__path__", ())]
        found = [path for home in homes for path in (home.with_name(f"{home.name}.py"), home / "__init__.py")]
    return next((path for path in found if path.suffix == ".py" and path.is_file()), None)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
