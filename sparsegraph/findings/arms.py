"""What a claim compares: runs of a profile, or topologies as a generator draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sparsegraph.papers.methods import label_of
from sparsegraph.papers.titles import without_family

PlainOptions = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Arm:
    """Runs of one profile.

    Parameters
    ----------
    profile : str
        Without ``-quick``.
    changes : tuple of (str, value)
        What was asked to differ from it, sorted by name.
    """

    profile: str
    changes: PlainOptions = ()

    @property
    def method(self) -> str:
        """The profile without its family."""
        return without_family(self.profile)

    @property
    def label(self) -> str:
        """As figures call it."""
        told = [f"{name.replace('_', ' ')} {value}" for name, value in self.changes]
        return ", ".join([label_of(self.method), *told])

    @property
    def words(self) -> str:
        """What to train, as ``sparsegraph train`` takes it."""
        options = [f"--{name.replace('_', '-')} {_quoted(str(value))}" for name, value in self.changes]
        return " ".join([self.profile, *options])


@dataclass(frozen=True)
class Start:
    """Chains of sparse blocks as an initialiser draws them, without a readout.

    Parameters
    ----------
    name : str
        In ``INITIALISERS``.
    sizes : tuple of int
        Of the layers.
    density : float
        Of each block.
    options : tuple of (str, value)
    data : str, optional
        Data set whose training inputs the initialiser is given.
    """

    name: str
    sizes: tuple[int, ...]
    density: float = 0.01
    options: PlainOptions = ()
    data: str | None = None

    @property
    def label(self) -> str:
        """The initialiser with its options."""
        return ", ".join([self.name.upper(), *(f"{name} {value}" for name, value in self.options)])

    @property
    def words(self) -> str:
        """Where it comes from."""
        return f"{self.name} start drawn anew" + (f" from {self.data}" if self.data else "")


def arm(profile: str, **changes: Any) -> Arm:
    """Runs of a profile with what was asked to differ.

    Examples
    --------
    >>> arm("chts-chts", start="bsw", beta=0.25).words
    'chts-chts --beta 0.25 --start bsw'
    """
    return Arm(profile, tuple(sorted(changes.items())))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
