"""What findings ask of one run, as numbers, so that its snapshots may go."""

from __future__ import annotations

from sparsegraph.evolution.cohorts import Member
from sparsegraph.findings.asked import is_about
from sparsegraph.findings.catalogue import all_claims
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.quantities import Quantity
from sparsegraph.findings.starts import OfStart
from sparsegraph.result import Undefined


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
