"""What callers give, checked at the door: whole numbers and seeds, names, options, and whom to tell of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any, ParamSpec

from sparsegraph.errors import DataError

P = ParamSpec("P")


def kind_of(value: object) -> str:
    """The type of a value with its article, for messages.

    Examples
    --------
    >>> kind_of(3), kind_of([]), kind_of(None)
    ('an int', 'a list', 'None')
    """
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[:1].lower() in set('aeiou') else 'a'} {name}"


def whole(name: str, value: object, *, least: int, of: str = "") -> int:
    """A whole number as a plain integer.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
        What was given for it; numpy's integers are whole numbers too, truth values are none.
    least : int
        The least that will do.
    of : str
        What is counted, in the plural.

    Raises
    ------
    DataError
        If it is none, or below the least.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    found = repr(value) if isinstance(value, str | int | float | Integral) else kind_of(value)
    needed = f"a whole number of {of}, at least {least}, is needed" if of else f"a whole number from {least} is needed"
    raise DataError(f"{name} is {found}; {needed}")


def seed_of(value: object) -> int:
    """The seed of everything random: a whole number from 0.

    Raises
    ------
    DataError
        If it is none.
    """
    return whole("seed", value, least=0)


def names_of(given: object, what: str) -> tuple[str, ...]:
    """One name or several as a tuple; the letters of a name are no names.

    Parameters
    ----------
    given : object
    what : str
        Of what they are names, in the plural.

    Raises
    ------
    TypeError
        If they are no names.

    Examples
    --------
    >>> names_of("kshell", "measures"), names_of(["kshell", "rank"], "measures")
    (('kshell',), ('kshell', 'rank'))
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise TypeError(f"{what} are chosen by name, one or several in a list, not by {kind_of(given)}")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{what} are chosen by name, and among those given is {kind_of(name)}; give texts only")
    return names


def options_of(given: object) -> dict[str, Any]:
    """Keywords of measures as a dictionary; None stands for none.

    Raises
    ------
    TypeError
        If they are no mapping.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f"options are a mapping by name, such as {{'replicas': 100}}, not {kind_of(given)}")
    return dict(given)


def told(progress: Callable[P, None] | None) -> Callable[P, None]:
    """Whom to tell of progress; None stands for nobody.

    Raises
    ------
    TypeError
        If it cannot be called.
    """
    if progress is None:
        return _nobody
    if not callable(progress):
        raise TypeError(f"progress is a function that is told how far the work is, or None, not {kind_of(progress)}")
    return progress


def _nobody(*args: object, **more: object) -> None:
    """Hears and says nothing."""
