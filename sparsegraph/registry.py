"""Names to objects: the one way in which sparsegraph is extended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.near_names import near_names

T = TypeVar("T")


class Registry(Generic[T]):
    """A table of named objects of one kind.

    Parameters
    ----------
    kind : str
        What the entries are, in the singular; used in error messages ("measure").
    group : str, optional
        Entry-point group through which other packages add entries; loaded on the first look-up.
    fill : callable, optional
        Called once before the first look-up; imports the modules that register the package's own entries.
    """

    def __init__(self, kind: str, *, group: str | None = None, fill: Callable[[], None] | None = None) -> None:
        self.kind = kind
        self._group = group
        self._fill = fill
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register ``entry`` under ``name``.

        A second entry of that name is an error, unless both come from the same place of the user's own program: a cell
        of a notebook that runs again, or a module that is loaded again.
        """
        if name in self._entries and not _is_redefined(self._entries[name], entry):
            raise ValueError(f"a {self.kind} named {name!r} is registered already")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> T:
        if not isinstance(name, str):
            raise TypeError(f"the name of one {self.kind} is expected, not {kind_of(name)}")
        self._complete()
        try:
            return self._entries[name]
        except KeyError:
            hint = near_names(name, self._entries)
            raise UnknownNameError(f"there is no {self.kind} named {name!r}; {hint}") from None

    def __iter__(self) -> Iterator[str]:
        self._complete()
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        self._complete()
        return len(self._entries)

    def __repr__(self) -> str:
        """The kind and all names, as a user who looks what there is wants them."""
        return f"<Registry of {len(self)}, each a {self.kind}: {', '.join(self)}>"

    def _complete(self) -> None:
        if self._fill is not None:
            fill, self._fill = self._fill, None  # before the call, which may look names up itself
            try:
                fill()
            except BaseException:
                self._fill = fill  # the next look-up meets the same error, not a lack of names
                raise
        if self._group is not None:
            group, self._group = self._group, None
            try:
                for point in entry_points(group=group):
                    self._load(point)
            except BaseException:
                self._group = group  # as above
                raise

    def _load(self, point: EntryPoint) -> None:
        """Let a plug-in register its entries: all, or none where it breaks, as it begins anew at the next look-up."""
        before = dict(self._entries)
        try:
            point.load()
        except Exception as error:
            self._entries = before
            why = " ".join(f"{type(error).__name__}: {error}".split())
            raise SparseGraphError(
                f"the plug-in {point.value} ({point.group}) cannot be loaded ({why}); mend or uninstall it"
            ) from error


def _is_redefined(old: object, new: object) -> bool:
    """Whether the functions of two entries are two versions of one function of the user's program."""
    before, after = getattr(old, "function", old), getattr(new, "function", new)
    names = [(getattr(one, "__module__", ""), getattr(one, "__qualname__", "")) for one in (before, after)]
    is_own = names[0][0].partition(".")[0] == "sparsegraph"
    return before is not after and names[0] == names[1] and all(names[0]) and not is_own
