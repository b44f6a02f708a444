"""Which runs the claims ask for, and what is said of those that none asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sparsegraph.evolution.cohorts import Member, options_in_words
from sparsegraph.findings.arms import Arm
from sparsegraph.findings.claim import Claim
from sparsegraph.findings.evidence import Evidence, changes_of, is_of
from sparsegraph.findings.statistics import Across


def is_about(claim: Claim, member: Member) -> bool:
    """Whether a claim is judged on a run, once the others that it needs are there."""
    if claim.data and member.data not in claim.data:
        return False
    statistic = claim.statistic
    if isinstance(statistic, Across):
        return statistic.varies(member)
    return any(is_of(member, arm) for arm in statistic.arms if isinstance(arm, Arm))


def without_unasked(evidence: Evidence, claims: Sequence[Claim]) -> Evidence:
    """The same evidence, the runs that no claim is about among those left out.

    Parameters
    ----------
    evidence : Evidence
    claims : sequence of Claim
        Of all findings, so that "no finding" is true.
    """
    reasons = [why_unasked(member, claims) for member in evidence.members]
    told = list(zip(evidence.members, reasons, strict=True))
    asked = tuple(member for member, reason in told if not reason)
    unasked = tuple((str(member.run.path), reason) for member, reason in told if reason)
    return Evidence(asked, (*evidence.left_out, *unasked))


def why_unasked(member: Member, claims: Sequence[Claim]) -> str:
    """What no finding asks for: the profile, its options, or the data set; empty where a claim is about the run."""
    of_profile = [claim for claim in claims if member.profile in _profiles(claim)]
    if any(is_about(claim, member) for claim in of_profile):
        return ""
    if not of_profile:
        return f"no finding asks for {member.profile}"
    options = options_in_words(changes_of(member))
    told = f"{member.profile} with {options}" if options else member.profile
    if any(is_about(replace(claim, data=()), member) for claim in of_profile):
        return f"no finding asks for {told} on {member.data or 'unknown data'}"
    return f"no finding asks for {told if options else f'{told} without options'}"


def _profiles(claim: Claim) -> set[str]:
    return {arm.profile for arm in claim.statistic.arms if isinstance(arm, Arm)}
