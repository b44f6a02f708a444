"""What every finding must say, and name rightly."""

from __future__ import annotations

import pytest

from sparsegraph.evolution.plan import entry_of
from sparsegraph.findings import statistics
from sparsegraph.findings.arms import Arm, Start
from sparsegraph.findings.catalogue import FINDINGS, ids
from sparsegraph.findings.claim import Claim, Finding
from sparsegraph.findings.printed import paper_values
from sparsegraph.findings.quantities import Area, Measured, Noted
from sparsegraph.findings.starts import OfStart
from sparsegraph.papers.titles import PAPERS
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.topology.initialise import INITIALISERS
from sparsegraph.training.request import Request, resolve

ALL = [FINDINGS[name] for name in ids()]
CLAIMS = [(finding.id, claim) for finding in ALL for claim in finding.claims]
ARMS = list(dict.fromkeys(arm for finding in ALL for arm in finding.arms))

CONTRADICTED_BY_THEIR_PAPER = {"F06", "F07", "F17", "F34", "F35", "F45", "F46"}
"""Rows with a cross in the requirements: the papers' own tables speak against them."""


def test_there_are_sixty() -> None:
    assert ids() == [f"F{number:02d}" for number in range(1, 61)]


@pytest.mark.parametrize("finding", ALL, ids=lambda one: one.id)
def test_each_says_what_it_claims_and_where(finding: Finding) -> None:
    assert finding.statement.endswith(".")
    assert finding.place
    assert finding.paper in PAPERS
    assert finding.impossible or any(claim.counts for claim in finding.claims)
    assert finding.told or any(paper_values(claim) for claim in finding.claims)
    assert finding.needs


@pytest.mark.parametrize("one", ARMS, ids=lambda one: one.label + one.words)
def test_each_arm_can_be_trained_or_drawn(one: Arm | Start) -> None:
    if isinstance(one, Start):
        assert INITIALISERS[one.name].name == one.name
        return
    given = {"topology": "another-run"} if one.profile.endswith("-sst") else {}
    profile = resolve(Request(one.profile, **given, **dict(one.changes)))
    assert profile.name == one.profile


@pytest.mark.parametrize(("name", "claim"), CLAIMS, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CLAIMS)])
def test_each_claim_names_what_exists(name: str, claim: Claim) -> None:
    assert type(claim.statistic) in vars(statistics).values()
    match claim.quantity:
        case Measured(measure=measure, options=options):
            assert set(dict(options)) <= set(entry_of(measure).options)
        case Area(perturbation=perturbation):
            assert PERTURBATIONS[perturbation]
        case Noted(fields=fields):
            assert fields
        case OfStart(n_draws=n_draws):
            assert n_draws >= 3
    assert claim.words


def test_few_statistics_serve_all() -> None:
    assert len({type(claim.statistic) for _, claim in CLAIMS}) <= 15


def test_the_papers_own_contradictions_are_found() -> None:
    found = {name for name, claim in CLAIMS if any(not one.holds for one in paper_values(claim))}
    assert found >= CONTRADICTED_BY_THEIR_PAPER
