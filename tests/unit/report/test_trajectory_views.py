"""Trajectory measures in words."""

from __future__ import annotations

from io import StringIO

from evolving import snapshots
from rich.console import Console
from trajectories import attached, one_block, trajectory_of, without_events

from sparsegraph.measures.trajectory.catalogue import measure_trajectory
from sparsegraph.measures.trajectory.kendall import degree_correlation
from sparsegraph.report.views.catalogue import sentences, tables
from sparsegraph.result import Result

RUN = one_block((2, 4), [[0, 1, 2, 4], [0, 1, 3, 6], [0, 1, 3, 6]], [None, ([1, 4], [2], [1, 3, 6]), ([0], [], [0])])


def told(result: Result) -> str:
    (line,) = sentences({"it": result})
    return line


def page(result: Result) -> str:
    written = StringIO()
    console = Console(width=80, file=written)
    for title, note, table, remarks in tables("it", result):
        console.print(title, note)
        console.print(table)
        console.print(*remarks)
    return written.getvalue()


def test_turnover() -> None:
    result = measure_trajectory(RUN, "turnover")
    assert told(result) == "epitopological local minimum (overlap 0.9) reached at update 2"
    assert "from events" in page(result)
    assert told(measure_trajectory(RUN[:2], "turnover")).startswith(
        "no epitopological local minimum: the overlap stays"
    )
    unknown = told(measure_trajectory(without_events(RUN), "turnover"))
    assert unknown.startswith("epitopological local minimum: undefined (without events")
    assert "without events: which links were removed and regrown at once cannot be seen" in " ".join(
        page(measure_trajectory(without_events(RUN), "turnover")).split()
    )


def test_link_survival() -> None:
    line = told(measure_trajectory(RUN, "link_survival"))
    assert line.startswith("50.0 % of the links at the end were there from the start")
    assert line.endswith("times as often as old ones in the same update (Mantel-Haenszel)")
    assert "not the quotient of the two" in " ".join(page(measure_trajectory(RUN, "link_survival")).split())


def test_links_that_mostly_outlive_the_run_are_told_by_how_long_they_were_watched() -> None:
    run = one_block((2, 4), [[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5], [0, 1, 2, 6], [0, 1, 2, 7]])
    # of the start's four links one died, at age 1; three were watched for all four updates
    assert "> 4" in page(measure_trajectory(run, "link_survival"))


def test_one_reason_for_all_blocks_that_stay_below_the_threshold() -> None:
    shown = page(measure_trajectory(trajectory_of(snapshots(6)), "turnover"))
    assert shown.count("stays below") == 1
    assert "largest" in shown


def test_exploration() -> None:
    line = told(measure_trajectory(RUN, "exploration"))
    assert line.startswith("75.0 % of the possible links were tried (ITOP rate; 50.0 % at the start, ")
    short = "grown and kept for 5 updates: undefined (no grown link can survive 5 updates in a run of 2)"
    assert line.endswith(short)
    assert told(measure_trajectory(RUN, "exploration", reliable_after=1)).endswith("% grown and kept for 1 updates")


def test_kendall() -> None:
    trajectory = trajectory_of(snapshots(6))
    assert "from update 0 to 1" in told(measure_trajectory(trajectory, "kendall"))
    pair = degree_correlation(trajectory[0].graph, trajectory[0].graph)
    assert told(pair) == "order of the hidden neurons' degrees in both graphs: tau 1"
    assert "hidden1" in page(pair)


def test_attachment() -> None:
    result = measure_trajectory(attached((80, 60), 600, (1.0, 0.0), n_updates=40), "attachment")
    assert told(result).startswith("attachment exponents (0 uniform, 1 linear preferential): a ")
    assert "< 1e-20" in page(result)
    assert "a, gain, new" in page(result)
    nothing = measure_trajectory(one_block((2, 3), [[0], [0]]), "attachment")
    assert told(nothing) == "attachment: undefined (no link was regrown)"
