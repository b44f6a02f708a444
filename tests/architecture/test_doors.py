"""The doors of the house: who may import whom, what may be loaded when, and how large a room may be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "sparsegraph"
MODULES = sorted(ROOT.rglob("*.py"))
BASE = {
    "arguments",
    "cluster",
    "code_identity",
    "errors",
    "near_names",
    "orphans",
    "processors",
    "provenance",
    "registry",
    "rng",
    "result",
    "user_cache",
}
# How numbers and means are written, and how objects show themselves in notebooks: every package's do, from the base.
BASE |= {"intervals", "notebook", "numerals"}
STDLIB = set(sys.stdlib_module_names)

# package -> (sparsegraph packages, third parties anywhere, third parties inside functions only); numpy and scipy are
# open to all.
DOORS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "base": (set(), set(), {"distributed", "joblib", "pandas"}),
    "notebook": (set(), set(), set()),
    "kernels": (set(), {"numba", "llvmlite", "threadpoolctl"}, set()),
    "graph": ({"kernels"}, set(), {"igraph", "networkx"}),
    "data": (set(), set(), {"PIL"}),
    "measures": ({"graph", "kernels"}, set(), {"igraph"}),
    "topology": ({"graph", "kernels"}, set(), set()),
    "io": ({"graph"}, set(), {"torch", "safetensors", "h5py", "onnx"}),
    "perturb": ({"graph", "kernels", "data", "io", "measures"}, set(), set()),
    "significance": ({"graph", "kernels", "measures", "topology"}, set(), set()),
    "papers": (set(), set(), set()),
    "evolution": ({"graph", "measures", "io", "papers"}, set(), {"pandas", "pyarrow"}),
    "training": ({"graph", "kernels", "data", "topology", "io", "papers"}, {"torch"}, set()),
    "plotting": ({"graph", "measures", "perturb", "evolution", "papers", "io"}, {"matplotlib"}, {"PIL"}),
    "interactive": ({"graph", "measures", "io", "plotting"}, set(), set()),
    "figures": (
        {
            *("graph", "kernels", "measures", "topology", "data", "io", "perturb", "papers"),
            *("evolution", "significance", "plotting", "training"),
        },
        {"matplotlib"},
        {"pandas"},
    ),
    "findings": ({"graph", "measures", "topology", "data", "io", "perturb", "papers", "evolution"}, set(), set()),
    "report": (
        {
            *("graph", "measures", "perturb", "significance", "evolution", "findings"),
            *("plotting", "io", "papers", "interactive"),
        },
        {"rich"},
        {"PIL", "jinja2", "matplotlib", "pandas"},
    ),
    "cli": (
        {
            *("graph", "kernels", "measures", "io", "report", "training", "topology", "data", "plotting"),
            *("perturb", "significance", "evolution", "figures", "findings", "papers", "interactive"),
        },
        {"typer", "rich"},
        set(),
    ),
}


def room(path: Path) -> str:
    """Package of a module; modules at the top are the base."""
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else "base"


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module, and whether it is imported inside a function (type-checking imports are left out)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[ast.AST] = set()
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside.update(ast.walk(node))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield node.module or "", node in inside


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_import_goes_through_a_door(path: Path) -> None:
    own = room(path)
    if path == ROOT / "__main__.py":
        own = "cli"
    allowed, anywhere, lazily = DOORS[own]
    for module, inside in imports(path):
        top, _, rest = module.partition(".")
        if top in STDLIB or top in {"numpy", "scipy"}:
            continue
        if top == "sparsegraph":
            target = rest.partition(".")[0]
            assert target in BASE | allowed | {own, ""}, f"{path.name} in {own} may not import {module}"
        else:
            assert top in anywhere or (inside and top in lazily), (
                f"{path.name} in {own} may not import {module} {'here' if inside else 'at module level'}"
            )


def test_no_cycle_between_packages() -> None:
    reached: dict[str, set[str]] = {name: {d for d in doors[0] if d in DOORS} for name, doors in DOORS.items()}
    for _ in DOORS:
        for name in reached:
            reached[name] |= {far for near in reached[name] for far in reached[near]}
    assert not [name for name, far in reached.items() if name in far]


@pytest.mark.parametrize(
    "statement",
    ["import sparsegraph", "import sparsegraph; dir(sparsegraph)", "import sparsegraph.cli"],
)
def test_nothing_heavy_is_imported_early(statement: str) -> None:
    heavy = ["torch", "matplotlib", "igraph", "networkx", "pandas", "numba", "scipy", "numpy"]
    if "cli" in statement:
        heavy = [name for name in heavy if name not in {"numpy"}]
    assert loaded_after(statement, heavy) == []


def test_measures_load_only_what_all_need() -> None:
    statement = "from sparsegraph.measures.catalogue import MEASURES; list(MEASURES)"
    heavy = ["torch", "matplotlib", "igraph", "networkx", "pandas", "scipy.stats", "scipy.optimize"]
    assert loaded_after(statement, [*heavy, "scipy.sparse"]) == ["scipy.sparse"]


def loaded_after(statement: str, heavy: list[str]) -> list[str]:
    """Which of these modules a fresh interpreter has loaded after a statement."""
    code = f"{statement}; import sys, json; print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400, f"{path.name} has {source.count(chr(10))} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 60, f"{node.name} in {path.name} has {length} lines"


def test_functions_are_short_and_files_small_on_the_whole() -> None:
    lengths, sizes = [], []
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        sizes.append(source.count("\n"))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lengths.append((body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0)
    assert sorted(lengths)[int(0.9 * len(lengths))] <= 35
    assert sorted(sizes)[len(sizes) // 2] <= 130


def test_no_drawer_files_and_no_global_randomness() -> None:
    for path in MODULES:
        assert path.stem not in {"utils", "helpers", "common", "misc"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
                assert node.attr in {"Generator", "default_rng", "SeedSequence", "BitGenerator"}, path


def test_ci_runs_the_readme_test_command() -> None:
    top = ROOT.parent
    readme = (top / "README.md").read_text(encoding="utf-8")
    ci = (top / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in ci.splitlines() if ".venv/bin/pytest" in line]
    assert len(commands) == 1
    assert commands[0].strip() in readme
