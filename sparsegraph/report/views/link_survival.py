"""Lives of links in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.trajectory.link_survival import LinkLives, LinkSurvival, Survival
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, number, share, share_cell, table
from sparsegraph.result import Undefined


@tells(LinkSurvival)
def _sentence(result: LinkSurvival) -> str:
    lives = result.pooled
    if isinstance(lives, Undefined):
        return f"lives of links: {lives}"
    median = _median(lives.grown)
    unit = result.unit.replace("updates", "update").replace("steps", "step") if median == "1" else result.unit
    return (
        f"{share(lives.start_share)} of the links at the end were there from the start; grown links have a median life "
        f"of {median} {unit}; newborn links die {number(lives.hazard_ratio)} times as often as old ones in the same "
        "update (Mantel-Haenszel)"
    )


@shows(LinkSurvival)
def _tables(name: str, result: LinkSurvival) -> Iterator[Titled]:
    parts: list[tuple[str, LinkLives]] = [
        (part.block, part) for part in result.per_block if part.block not in result.unchanged
    ]
    if not isinstance(result.pooled, Undefined):
        parts.append(("pooled", result.pooled))
    rows = [
        (
            label,
            _median(part.start),
            _median(part.grown),
            part.mean_age,
            share_cell(part.start_share),
            share_cell(part.young_hazard),
            share_cell(part.old_hazard),
            part.hazard_ratio,
        )
        for label, part in parts
    ]
    basis = f"from {result.pooled.basis}; " if not isinstance(result.pooled, Undefined) else ""
    columns = ["block", "start", "grown", "mean age", "from start", "young die", "old die", "ratio"]
    note = (
        f"{basis}median lives and ages in {result.unit}; {result.at_once}; young die, old die: over all updates; "
        "ratio: young to old within the same update (Mantel-Haenszel), not the quotient of the two"
    )
    yield table(name, note, columns, rows)


def _median(survival: Survival) -> str:
    """The median, or the longest age that any was watched to if more than half live longer."""
    if not isinstance(survival.median, Undefined):
        return f"{survival.median:,}"
    return f"> {survival.longest:,}" if survival.n_links else "-"
