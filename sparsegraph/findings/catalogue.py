"""All findings, by id."""

from __future__ import annotations

import importlib
import pkgutil

from sparsegraph.findings.claim import Claim, Finding
from sparsegraph.registry import Registry


def _fill() -> None:
    package = importlib.import_module("sparsegraph.findings.entries")
    for module in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        for finding in importlib.import_module(f"sparsegraph.findings.entries.{module}").FINDINGS:
            FINDINGS.add(finding.id, finding)


FINDINGS: Registry[Finding] = Registry("finding", group="sparsegraph.findings", fill=_fill)
"""Other packages add theirs through the entry-point group ``sparsegraph.findings``."""


def ids() -> list[str]:
    """All ids in order."""
    return list(FINDINGS)


def all_claims() -> list[Claim]:
    """The claims of all findings, in order."""
    return [claim for name in ids() for claim in FINDINGS[name].claims]
