"""Measures by name: of a graph, and of a trajectory; each kind says where the other is found."""

from __future__ import annotations

import pytest
from evolving import snapshots
from graphs import complete

from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.measures.catalogue import measure, measure_all
from sparsegraph.measures.functional_activity import FunctionalActivity


def test_a_single_name_is_no_list_of_letters() -> None:
    assert list(measure_all(complete(2, 3, 2), "kshell")) == ["kshell"]


def test_an_option_that_none_of_the_measures_has_is_refused() -> None:
    found = measure_all(complete(2, 3, 2), ["kshell", "modularity"], options={"n_runs": 2})
    assert getattr(found["modularity"], "n_runs") == 2  # noqa: B009 - a field of that result only
    with pytest.raises(DataError, match="no measure that is asked for has an option 'n_run'; did you mean n_runs"):
        measure_all(complete(2, 3, 2), ["kshell", "modularity"], options={"n_run": 2})


def test_what_follows_a_trajectory_says_so() -> None:
    for take in (lambda: measure(complete(2, 3), "kendall"), lambda: measure_all(complete(2, 3), ["kendall"])):
        with pytest.raises(UnknownNameError, match=r"kendall follows a trajectory, such as run\.topology"):
            take()


def test_what_is_taken_of_one_graph_says_so() -> None:
    made = list(snapshots(2))
    trajectory = Trajectory((0, 1), made.__getitem__)
    with pytest.raises(UnknownNameError, match=r"degree is taken of one graph, such as trajectory\[-1\]\.graph"):
        measure(trajectory, "degree")
    with pytest.raises(UnknownNameError, match="did you mean kendall"):
        measure(trajectory, "kendal")


def test_without_data_the_reason_names_the_option() -> None:
    result = measure(complete(2, 3, 2), "functional_activity")
    assert isinstance(result, FunctionalActivity)
    assert "--data recorded (a run), --data NAME; or activations=" in str(result.whole.functional_anp)
