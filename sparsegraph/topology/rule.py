"""What every registry of topology rules holds: a function and what it needs to be given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sparsegraph.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """A rule that a recipe names.

    Parameters
    ----------
    name : str
    function : callable
        Its positional arguments are those of its registry's kind.
    needs : tuple of str
        Keywords that whoever applies the rule must supply, such as ``"rng"`` or ``"gradient"``; nothing else is
        computed for it.  What every rule of a registry takes, such as an initialiser's ``rng``, is not listed.
    """

    name: str
    function: Callable[..., Any]
    needs: tuple[str, ...]

    @property
    def summary(self) -> str:
        """First line of the docstring, without its markup."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0].replace("``", "").replace("*", "")

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the keyword options, ``rng`` and what it needs left out."""
        parameters = inspect.signature(self.function).parameters.values()
        given = {"rng", *self.needs}
        return tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in given)


def enter(registry: Registry[Rule], name: str, *, needs: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Decorator that enters a function into ``registry``.

    Raises
    ------
    ValueError
        If the name is taken, or if a need is not a parameter of the function.
    """

    def decorate(function: F) -> F:
        missing = set(needs) - set(inspect.signature(function).parameters)
        if missing:
            raise ValueError(f"{registry.kind} {name!r} needs {', '.join(sorted(missing))} but takes no such keyword")
        registry.add(name, Rule(name, function, needs))
        return function

    return decorate
