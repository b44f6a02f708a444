"""Data sets as figures call them, in one order."""

from __future__ import annotations

from collections.abc import Iterable

TITLES = {
    "mnist": "MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "emnist-balanced": "EMNIST balanced",
    "emnist-letters": "EMNIST letters",
    "cifar10": "CIFAR-10",
    "cifar10-q75": "CIFAR-10 (JPEG q75)",
    "cifar100": "CIFAR-100",
    "digits": "digits",
}
"""By their names."""

N_CLASSES = {
    "mnist": 10,
    "fashion-mnist": 10,
    "emnist-balanced": 47,
    "emnist-letters": 26,
    "cifar10": 10,
    "cifar10-q75": 10,
    "cifar100": 100,
    "digits": 10,
}
"""By the same names."""

_OURS = ("digits",)


def is_of_papers(name: str) -> bool:
    """Whether a paper trains on it; CIFAR-10 recompressed stands for CIFAR-10.

    Examples
    --------
    >>> is_of_papers("mnist"), is_of_papers("digits"), is_of_papers("mine.npz")
    (True, False, False)
    """
    return name in TITLES and name not in _OURS


def data_title(name: str) -> str:
    """What figures call a data set.

    Examples
    --------
    >>> data_title("cifar10-q75"), data_title("mine.npz")
    ('CIFAR-10 (JPEG q75)', 'mine.npz')
    """
    return TITLES.get(name, name)


def in_order(names: Iterable[str]) -> list[str]:
    """Each once: those of the papers first, in their order, then others as they come.

    Examples
    --------
    >>> in_order(["mine", "fashion-mnist", "mnist", "mine"])
    ['mnist', 'fashion-mnist', 'mine']
    """
    place = {name: i for i, name in enumerate(TITLES)}
    return sorted(dict.fromkeys(names), key=lambda name: place.get(name, len(place)))
