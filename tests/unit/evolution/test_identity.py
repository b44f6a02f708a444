"""A key tells apart what decides a number."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sparsegraph import code_identity
from sparsegraph.code_identity import code_of
from sparsegraph.errors import DataError
from sparsegraph.evolution.identity import code_behind, key_of
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


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """Codes of sources that are only made believe are not kept."""
    yield
    code_of.cache_clear()


@pytest.mark.usefixtures("_forgotten")
def test_what_takes_the_measure_is_part_of_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before, original = code_behind(MEASURES["kshell"]), code_identity._source
    for changed in ("evolution.work", "evolution.numbers", "graph.percolation", "graph.line", "io.runs.topology_file"):
        monkeypatch.setattr(
            code_identity, "_source", lambda m, c=changed: original(m) + "#" * (m == f"sparsegraph.{c}")
        )
        code_of.cache_clear()
        assert code_behind(MEASURES["kshell"]) != before, changed


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
