"""What findings ask of one run, as numbers in a file beside its history, so that its snapshots may go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sparsegraph.evolution.cohorts import Member
from sparsegraph.findings.asked import is_about
from sparsegraph.findings.catalogue import all_claims
from sparsegraph.findings.laboratory import NUMBERS, Laboratory
from sparsegraph.findings.quantities import Quantity
from sparsegraph.findings.starts import OfStart
from sparsegraph.io.atomic import atomic_write
from sparsegraph.result import Undefined

Numbers = Mapping[str, float | Undefined]


def asked_of(member: Member) -> tuple[Quantity, ...]:
    """The quantities that the claims of all findings have of a run, each once."""
    found: dict[str, Quantity] = {}
    for claim in all_claims():
        if not isinstance(claim.quantity, OfStart) and is_about(claim, member):
            found.setdefault(claim.quantity.words, claim.quantity)
    return tuple(found.values())


def numbers_of(member: Member, laboratory: Laboratory) -> dict[str, float | Undefined]:
    """These quantities of the whole run, by what they are in words."""
    return {one.words: one.of(member, laboratory, None) for one in asked_of(member)}


def write_numbers(run: Path, numbers: Numbers) -> None:
    """Lay them into the folder of a run, where :class:`Laboratory` finds them."""
    told = {
        name: {"undefined": value.reason} if isinstance(value, Undefined) else value for name, value in numbers.items()
    }
    with atomic_write(run / NUMBERS) as temporary:
        temporary.write_text(json.dumps(told, indent=1, allow_nan=False) + "\n", encoding="utf-8")
