"""Who may follow a training run while it goes."""

from __future__ import annotations

from typing import Any, Protocol


class Progress(Protocol):
    """Told how far a run is."""

    def began(self, title: str, n_epochs: int, epoch: int) -> None:
        """Training starts, or goes on after ``epoch``."""

    def advanced(self, epoch: int, share: float) -> None:
        """This share of this epoch's steps is done."""

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """An epoch is done; its line of the history."""


class SilentProgress:
    """Says nothing."""

    def began(self, title: str, n_epochs: int, epoch: int) -> None:
        """Nothing."""

    def advanced(self, epoch: int, share: float) -> None:
        """Nothing."""

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """Nothing."""
