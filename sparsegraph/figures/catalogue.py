"""All figures and tables of the papers, by id."""

from __future__ import annotations

import importlib
import pkgutil

from sparsegraph.figures.figure import Figure
from sparsegraph.registry import Registry


def _fill() -> None:
    package = importlib.import_module("sparsegraph.figures.entries")
    for module in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        for figure in importlib.import_module(f"sparsegraph.figures.entries.{module}").FIGURES:
            FIGURES.add(figure.id, figure)


FIGURES: Registry[Figure] = Registry("figure", group="sparsegraph.figures", fill=_fill)
"""Other packages add theirs through the entry-point group ``sparsegraph.figures``."""


def ids() -> list[str]:
    """All ids, papers in order, figure 2 before figure 10."""
    return sorted(FIGURES, key=lambda name: (FIGURES[name].paper, *_natural(name)))


def _natural(name: str) -> list[tuple[int, int | str]]:
    parts = name.replace("-", " ").split()
    return [piece for part in parts for piece in _pieces(part)]


def _pieces(part: str) -> list[tuple[int, int | str]]:
    """Letters and numbers of a part, words before numbers of their kind: "a10" as ("a", 10)."""
    digits = part.lstrip("abcdefghijklmnopqrstuvwxyz")
    letters = part[: len(part) - len(digits)]
    number = "".join(character for character in digits if character.isdigit())
    found: list[tuple[int, int | str]] = [(1, letters)] if letters else []
    return found + ([(0, int(number)), (1, digits.removeprefix(number))] if number else [])
