"""Names in words for people: harmless on a terminal, told apart, and listed without leaving any out unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def harmless(name: str) -> str:
    """A name in which each character that does not print stands as its escape.

    A file may put anything in its names: sequences that steer a terminal, line ends, marks that turn the direction of
    writing.  Everything that leaves ``io`` has passed through here.

    Examples
    --------
    >>> print(harmless("fc1\\n\\x1b[2J.weight"), harmless("层1.weight"))
    fc1\\n\\x1b[2J.weight 层1.weight
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def unique(names: Iterable[str]) -> list[str]:
    """Names with a number behind those that occur again.

    Examples
    --------
    >>> unique(["fc", "fc", "out"])
    ['fc', 'fc (2)', 'out']
    """
    seen: Counter[str] = Counter()
    taken: list[str] = []
    for name in names:
        seen[name] += 1
        taken.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return taken


def listed(words: Sequence[str], at_most: int = 6, separator: str = ", ") -> str:
    """The first words, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], 3), listed(["a", "b", "c", "d"], 2)
    ('a, b, c', 'a, b, and 2 more')
    """
    rest = [f"and {len(words) - at_most} more"] if len(words) > at_most else []
    return separator.join([*words[:at_most], *rest])
