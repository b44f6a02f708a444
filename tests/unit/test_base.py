"""Registry, random streams and results."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.near_names import near_names
from sparsegraph.registry import Registry
from sparsegraph.result import Result, Undefined, per_neuron
from sparsegraph.rng import rng_for


def test_an_unknown_name_is_answered_with_near_names() -> None:
    registry: Registry[int] = Registry("measure")
    registry.add("kshell", 1)
    registry.add("rank", 2)
    assert list(registry) == ["kshell", "rank"]
    with pytest.raises(UnknownNameError, match="no measure named 'kshel'; did you mean kshell"):
        registry["kshel"]
    with pytest.raises(UnknownNameError, match="known are: kshell, rank"):
        registry["zzz"]
    with pytest.raises(ValueError, match="already"):
        registry.add("rank", 3)


PLUG_IN = """
from test_base_registry import numbers
numbers.add("three", 3)
{rest}
"""


def test_a_plug_in_that_is_broken_is_named_at_every_look_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package on the path, as pip would leave it, whose module registers a number and then breaks."""
    numbers: Registry[int] = Registry("number", group="sparsegraph.numbers_of_a_test")
    numbers.add("one", 1)
    monkeypatch.setitem(sys.modules, "test_base_registry", types.ModuleType("test_base_registry"))
    monkeypatch.setattr(sys.modules["test_base_registry"], "numbers", numbers, raising=False)
    (tmp_path / "broken_here-1.dist-info").mkdir()
    (tmp_path / "broken_here-1.dist-info" / "METADATA").write_text("Name: broken-here\nVersion: 1\n")
    (tmp_path / "broken_here-1.dist-info" / "entry_points.txt").write_text(
        "[sparsegraph.numbers_of_a_test]\nthree = broken_here\n"
    )
    (tmp_path / "broken_here.py").write_text(PLUG_IN.format(rest="import no_such_module"))
    monkeypatch.syspath_prepend(tmp_path)
    for ask in (lambda: numbers["one"], lambda: list(numbers), lambda: len(numbers)):
        with pytest.raises(SparseGraphError, match=r"the plug-in broken_here \(sparsegraph\.numbers.*no_such_module"):
            ask()
    (tmp_path / "broken_here.py").write_text(PLUG_IN.format(rest="# mended"))
    importlib.invalidate_caches()
    assert (list(numbers), numbers["three"]) == (["one", "three"], 3)


def test_what_is_not_near_is_answered_as_the_asker_wants() -> None:
    assert near_names("fc22", ["fc1", "fc2"], otherwise="look at the file") == "did you mean fc2 or fc1?"
    assert near_names("zzz", ["fc1", "fc2"], otherwise="look at the file") == "look at the file"


def test_streams_differ_by_purpose_and_by_seed_only() -> None:
    draws = {key: rng_for(*key).random() for key in [(0, "a"), (0, "b"), (1, "a"), (0, "a", "b"), (0, "ab")]}
    assert len(set(draws.values())) == len(draws)
    assert rng_for(0, "a").random() == draws[0, "a"]


@dataclasses.dataclass(frozen=True)
class Part(Result):
    layer: str
    size: int


@dataclasses.dataclass(frozen=True)
class Whole(Result):
    value: float
    big: int
    missing: Undefined
    parts: tuple[Part, ...]
    table: dict[str, np.ndarray]
    values: np.ndarray = per_neuron()


WHOLE = Whole(0.5, 2**60, Undefined("no links"), (Part("fc1", 3),), {"count": np.arange(2)}, np.zeros(9))


def test_a_result_becomes_plain_json() -> None:
    assert json.loads(json.dumps(WHOLE.to_dict(), allow_nan=False)) == {
        "value": 0.5,
        "big": "1152921504606846976",
        "missing": {"undefined": "no links"},
        "parts": [{"layer": "fc1", "size": 3}],
        "table": {"count": [0, 1]},
    }


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="Undefined"):
        dataclasses.replace(WHOLE, value=float("nan")).to_dict()


def test_a_result_becomes_a_tidy_table() -> None:
    frame = WHOLE.to_frame()
    assert list(frame.columns) == ["part", "field", "value", "undefined"]
    assert frame.loc[frame.field == "parts.size", ["part", "field", "value"]].values.tolist() == [
        ["fc1", "parts.size", 3]
    ]


@dataclasses.dataclass(frozen=True)
class Series(Result):
    shares: tuple[float | Undefined, ...]


def test_a_result_shows_itself_in_one_short_line() -> None:
    assert repr(WHOLE) == (
        "Whole(value=0.5, big=1152921504606846976, missing=Undefined(reason='no links'), parts=<1 Part>, "
        "table=<1 entries>)"
    )
    assert repr(Series((0.25, 0.5))) == "Series(shares=(0.25, 0.5))"
    assert repr(Series((0.5,) * 9_000)) == "Series(shares=<9000 entries>)"


@dataclasses.dataclass(frozen=True)
class Own(Result):
    whole: Whole

    def __repr__(self) -> str:
        return "of its own"


@dataclasses.dataclass(frozen=True)
class Holder(Result):
    whole: Whole
    words: str


def test_results_in_results_are_named_and_one_may_show_itself() -> None:
    assert repr(Holder(WHOLE, "w" * 99)) == f"Holder(whole=Whole(...), words='{'w' * 40}'...)"
    assert repr(Own(WHOLE)) == "of its own"


def test_every_entry_of_a_series_keeps_its_place_in_the_table() -> None:
    frame = Series((Undefined("no links"), 0.5)).to_frame()
    assert frame.field.tolist() == ["shares.0", "shares.1"]
    assert frame.value.isna().tolist() == [True, False]
    assert frame.undefined.dtype == "string"
    assert frame.undefined.fillna("").tolist() == ["no links", ""]


def test_a_function_of_the_users_own_may_be_defined_again() -> None:
    def defined(module: str, number: int) -> Callable[[], int]:
        def function() -> int:
            return number

        function.__module__ = module
        return function

    registry: Registry[Callable[[], int]] = Registry("measure")
    registry.add("mine", defined("__main__", 1))
    registry.add("mine", defined("__main__", 2))
    assert registry["mine"]() == 2
    with pytest.raises(ValueError, match="already"):
        registry.add("mine", defined("other", 3))
    registry.add("ours", defined("sparsegraph.measures.degree", 1))
    with pytest.raises(ValueError, match="already"):
        registry.add("ours", defined("sparsegraph.measures.degree", 1))
