"""Results to rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from graphs import empty, two_paths

from sparsegraph.evolution.numbers import (
    Number,
    main_numbers,
    main_numbers_over_time,
    numbers_of,
    numbers_over_time,
    without_weights,
)
from sparsegraph.measures.catalogue import MEASURES, measure, number_at
from sparsegraph.measures.trajectory.moments import Moments
from sparsegraph.result import Result, Undefined


@dataclass(frozen=True)
class Part(Result):
    layer: str
    size: int
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Whole(Result):
    count: int
    holds: bool
    word: str
    ratio: float | Undefined
    nothing: None
    parts: tuple[Part, ...]
    inner: Part | Undefined


def whole(inner: Part | Undefined) -> Whole:
    return Whole(2**70, True, "words", Undefined("no tail"), None, (Part("a", 1, (0.5,)), Part("b", 2, ())), inner)


def test_every_single_number_and_nothing_else() -> None:
    assert numbers_of(whole(Part("c", 3, (0.1, 0.2)))) == (
        Number("", "count", float(2**70)),
        Number("", "holds", 1.0),
        Number("", "ratio", None, "no tail"),
        Number("a", "parts.size", 1.0),
        Number("b", "parts.size", 2.0),
        Number("c", "inner.size", 3.0),
    )


def test_an_integer_beyond_every_float_is_undefined() -> None:
    @dataclass(frozen=True)
    class Huge(Result):
        paths: int

    assert numbers_of(Huge(10**400)) == (Number("", "paths", None, "beyond the largest float"),)


def test_a_main_number_below_something_undefined_has_its_reason() -> None:
    numbers = numbers_of(whole(Undefined("no hidden layer")))
    assert main_numbers(numbers, ("count", "inner.size", "ratio", "absent")) == (
        Number("", "count", float(2**70)),
        Number("", "inner.size", None, "no hidden layer"),
        Number("", "ratio", None, "no tail"),
        Number("", "absent", None, "the result has no such number"),
    )


@pytest.mark.parametrize("name", list(MEASURES))
@pytest.mark.parametrize("graph", [two_paths(), empty(3, 2, 2)], ids=["two paths", "empty"])
def test_main_numbers_are_those_of_the_catalogue(name: str, graph: object) -> None:
    entry = MEASURES[name]
    options = {"replicas": 10} if "replicas" in entry.options else {}
    result = measure(graph, name, **options)  # type: ignore[arg-type]
    for number in main_numbers(numbers_of(result), entry.main):
        expected = number_at(result, number.field)
        if isinstance(expected, Undefined):
            assert (number.value, number.undefined) == (None, expected.reason)
        else:
            assert number.value == float(expected)


def test_fields_of_weights_are_undefined_by_pattern() -> None:
    numbers = (Number("a", "per_layer.strength.mean", 2.0), Number("", "total.mean", 3.0))
    assert without_weights(numbers, ("*strength*",), "why") == (
        Number("a", "per_layer.strength.mean", None, "why"),
        Number("", "total.mean", 3.0),
    )
    assert [one.value for one in without_weights(numbers, ("*",), "why")] == [None, None]


@dataclass(frozen=True)
class Steps(Result):
    at: Moments
    each: tuple[float | Undefined, ...]
    gain: tuple[float, ...]
    ages: tuple[int, ...]
    total: float


def test_series_fall_to_their_snapshots() -> None:
    at = Moments((0, 10, 20), (0, 1, 2), (None, None, None))
    result = Steps(at, (Undefined("none yet"), 0.5, 0.25), (0.1, 0.2), (1, 2, 3), 9.0)
    numbers = numbers_over_time(result, ("each", "gain"), (0, 10, 20))
    assert numbers == (
        Number("", "each", None, "none yet", 0),
        Number("", "each", 0.5, None, 10),
        Number("", "each", 0.25, None, 20),
        Number("", "gain", 0.1, None, 10),
        Number("", "gain", 0.2, None, 20),
        Number("", "total", 9.0, None, 20),
    )
    assert main_numbers_over_time(numbers, ("total", "g*")) == (numbers[5], numbers[3], numbers[4])


def test_what_is_undefined_above_a_wildcard_has_a_row() -> None:
    blocks, pooled = Number("", "per_block", None, "too large", 3), Number("", "pooled.start", None, "no death", 3)
    kept = Number("", "per_layer.start.rate", 1.0, None, 3)
    numbers = (blocks, pooled, kept)
    assert main_numbers_over_time(numbers, ("per_*.rate",)) == (blocks, kept)
    assert main_numbers_over_time(numbers, ("*.start.rate",)) == (blocks, pooled, kept)
    assert main_numbers_over_time(numbers, ("pooled.*", "grown.*.rate")) == (pooled,)
