"""What is compared: one number of a run, read from its history, measured on its snapshots, or tested on its net."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from sparsegraph.evolution.cohorts import Member
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.moments import LAST, Moment, Series
from sparsegraph.result import Undefined

Kind = Literal["share", "points", "number"]
"""A share in [0, 1], a difference of shares, or any other number."""


class Quantity(Protocol):
    """One number of a run."""

    @property
    def words(self) -> str:
        """What it is."""

    @property
    def kind(self) -> Kind:
        """How it is written."""

    @property
    def can_be_cut(self) -> bool:
        """Whether it can be taken over the first epochs only."""

    @property
    def convention(self) -> str:
        """What it depends on."""

    def of(self, member: Member, laboratory: Laboratory, n_epochs: int | None) -> float | Undefined:
        """The number of one run, over its first epochs if so many are given."""


@dataclass(frozen=True)
class Noted:
    """A number that the run noted at its epochs.

    Parameters
    ----------
    name : str
        What it is, in words.
    fields : tuple of str
        Of :func:`sparsegraph.histories`; several are added.
    moment : Moment
    layers : str
        Pattern of the layers it is noted for; of several the least value at each epoch.  Empty for the whole net.
    kind : {"share", "points", "number"}
    """

    name: str
    fields: tuple[str, ...]
    moment: Moment = LAST
    layers: str = ""
    kind: Kind = "share"
    can_be_cut = True
    convention = "history: of the net at the end of the epoch, before an update that falls there"

    @property
    def words(self) -> str:
        """Name and moment."""
        return _joined(self.name, self.moment)

    def of(self, member: Member, laboratory: Laboratory, n_epochs: int | None) -> float | Undefined:
        """The number of one run."""
        parts = [_least(laboratory.noted(member, name, self.layers)) for name in self.fields]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return Undefined(f"the history has no {self.fields[parts.index(None)]}")
        return self.moment.of(_cut(_sum(found), n_epochs))


@dataclass(frozen=True)
class Measured:
    """A number of a measure over the snapshots, or of a measure of the trajectory.

    Parameters
    ----------
    name : str
        What it is, in words.
    measure, field_name : str
        Of the catalogue, and the dotted path in its result.
    moment : Moment
    options : tuple of (str, value)
        Of the measure.
    per : float
        What the number is divided by.
    kind : {"share", "points", "number"}
    convention : str
        What the number depends on.
    layer : str
        Where the result tells layers or blocks apart; empty for the whole net.
    """

    name: str
    measure: str
    field_name: str
    moment: Moment = LAST
    options: tuple[tuple[str, Any], ...] = ()
    per: float = 1.0
    kind: Kind = "number"
    convention: str = ""
    layer: str = ""
    can_be_cut = False

    @property
    def words(self) -> str:
        """Name and moment."""
        return _joined(self.name, self.moment)

    def of(self, member: Member, laboratory: Laboratory, n_epochs: int | None) -> float | Undefined:
        """The number of one run."""
        found = laboratory.measured(
            member,
            self.measure,
            self.field_name,
            points=self.moment.points,
            options=dict(self.options),
            layers=self.layer,
        )
        series = _least(found)
        if series is None:
            return Undefined(f"{self.measure} has no {self.field_name} here")
        value = self.moment.of(series)
        return value if isinstance(value, Undefined) else value / self.per


@dataclass(frozen=True)
class Area:
    """Area under the accuracy of the trained net as it is perturbed, in [0, 1].

    Parameters
    ----------
    perturbation : str
        In ``PERTURBATIONS``.
    name : str
        What is done, in words.
    """

    perturbation: str
    name: str
    kind: Kind = "number"
    can_be_cut = False
    convention = "areas of accuracy over x in [0, 1], links of all perturbed blocks as one set, readout not perturbed"

    @property
    def words(self) -> str:
        """What it is the area of."""
        return f"area, {self.name}"

    def of(self, member: Member, laboratory: Laboratory, n_epochs: int | None) -> float | Undefined:
        """The number of one run."""
        return laboratory.area(member, self.perturbation)


def _joined(name: str, moment: Moment) -> str:
    return f"{name}, {moment.words}" if moment.words else name


def _least(by_layer: Mapping[str, Series]) -> Series | None:
    """The only series, or the least of several at each time at which there is one."""
    several = list(by_layer.values())
    if len(several) < 2:
        return several[0] if several else None
    share, epoch, update, values = (
        np.concatenate([getattr(one, name) for one in several]) for name in ("share", "epoch", "update", "values")
    )
    _, first, place = np.unique(share, return_index=True, return_inverse=True)
    least = np.full(first.size, np.inf)
    np.minimum.at(least, place, values)
    absent = np.setdiff1d(np.concatenate([one.absent for one in several]), share)
    return Series(share[first], epoch[first], update[first], least, absent)


def _sum(several: Iterable[Series]) -> Series:
    parts = list(several)
    first = max(parts, key=lambda part: part.values.size)
    total = np.zeros(first.values.size)
    for part in parts:  # an epoch without an update has no seconds of one
        total[np.searchsorted(first.epoch, part.epoch)] += part.values
    return Series(first.share, first.epoch, first.update, total)


def _cut(series: Series, n_epochs: int | None) -> Series:
    """The first epochs only, as if the training had ended there."""
    if n_epochs is None or not series.epoch.size:
        return series
    kept = series.epoch <= n_epochs
    last = series.share[kept].max(initial=0.0) or 1.0
    return Series(series.share[kept] / last, series.epoch[kept], series.update[kept], series.values[kept])
