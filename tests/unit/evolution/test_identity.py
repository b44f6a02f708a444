"""A key tells apart what decides a number."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.errors import DataError
from sparsegraph.evolution.identity import code_of, key_of
from sparsegraph.measures.catalogue import MEASURES, Measure


def test_each_thing_that_decides_a_number_changes_its_key() -> None:
    degree, kshell = MEASURES["degree"], MEASURES["kshell"]
    given = {"options": {"a": 1}, "seed": 0}
    keys = {
        key_of("one", degree, given),
        key_of("another", degree, given),
        key_of("one", kshell, given),
        key_of("one", degree, {**given, "options": {"a": 2}}),
        key_of("one", degree, {**given, "seed": 1}),
    }
    assert len(keys) == 5
    assert key_of("one", degree, dict(reversed(given.items()))) in keys


def test_an_option_that_is_no_plain_value_is_refused() -> None:
    with pytest.raises(DataError, match="options of degree"):
        key_of("one", MEASURES["degree"], {"options": {"a": object()}})


def test_the_code_that_a_measure_reaches_is_part_of_its_key() -> None:
    from sparsegraph.evolution import identity

    asked: list[str] = []
    original = identity._source

    def noting(module: str) -> str:
        asked.append(module)
        return original(module)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_source", noting)
        before = code_of.__wrapped__("sparsegraph.measures.kshell")
    assert {"sparsegraph.kernels.cores", "sparsegraph.graph.projections", "sparsegraph.result"} <= set(asked)
    assert "sparsegraph.measures.rank" not in asked
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_source", lambda m: original(m) + "#" * (m == "sparsegraph.kernels.cores"))
        assert code_of.__wrapped__("sparsegraph.measures.kshell") != before


def test_what_takes_the_measure_is_part_of_its_key() -> None:
    from sparsegraph.evolution import identity

    before, original = code_of.__wrapped__("sparsegraph.measures.kshell"), identity._source
    for changed in ("evolution.work", "evolution.numbers", "graph.percolation", "graph.line", "io.runs.topology_file"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(identity, "_source", lambda m, c=changed: original(m) + "#" * (m == f"sparsegraph.{c}"))
            assert code_of.__wrapped__("sparsegraph.measures.kshell") != before, changed


def test_a_key_does_not_depend_on_what_is_imported() -> None:
    import subprocess
    import sys

    program = "from sparsegraph.evolution.identity import code_of; print(code_of('sparsegraph.measures.kshell'))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    import sparsegraph.io.readers
    import sparsegraph.measures.trajectory.kendall  # noqa: F401

    assert found.stdout.strip() == code_of.__wrapped__("sparsegraph.measures.kshell")


def test_the_modules_of_a_plug_in_are_part_of_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "plugged_in_here"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "measure.py").write_text("from plugged_in_here import rest\nfrom .inner import number\n")
    (home / "rest.py").write_text("a = 1\n")
    (home / "inner.py").write_text("number = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("plugged_in_here.measure")
    codes = [code_of.__wrapped__("plugged_in_here.measure")]
    for name in ("rest", "inner", "measure"):
        with (home / f"{name}.py").open("a") as file:
            file.write("# changed\n")
        codes.append(code_of.__wrapped__("plugged_in_here.measure"))
    assert len(set(codes)) == 4


def test_a_measure_from_a_notebook_is_never_taken_from_the_cache() -> None:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile("def mine(graph): ...", "<cell 1>", "exec"), space)
    measure = Measure("mine", space["mine"])
    assert key_of("one", measure, {}) != key_of("one", measure, {})


def test_a_measure_in_a_file_that_is_edited_and_loaded_again_has_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    keys = []
    for body in ("1", "22", "22"):
        (tmp_path / "edited_here.py").write_text(f"def mine(graph):\n    return {body}\n")
        importlib.invalidate_caches()
        module = importlib.reload(importlib.import_module("edited_here"))
        keys.append(key_of("one", Measure("mine", module.mine), {}))
    assert keys[0] != keys[1] == keys[2]
