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
