"""A tidy table of runs to one over seeds: mean, error and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparsegraph.arguments import kind_of
from sparsegraph.errors import DataError
from sparsegraph.intervals import half_width

if TYPE_CHECKING:
    import pandas as pd

KEY = ("recipe", "update", "epoch", "step", "snapshot", "measure", "layer", "field", "conventions")
"""What rows must share to be averaged; updates only where no other time tells which rows belong together."""

_TIMES = ("epoch", "step", "snapshot")


def over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over seeds of each number: rows that are alike but for run and seed become one.

    With ``n`` values of mean m and standard deviation s (that of a sample, over n - 1), the standard error is
    s / sqrt(n) and Student's 95 % interval m -+ t(0.975; n - 1) s / sqrt(n).

    Parameters
    ----------
    table : DataFrame
        Of :func:`sparsegraph.follow` or :func:`sparsegraph.evolution.histories.histories`, or both together.

    Returns
    -------
    pandas.DataFrame
        In the order of the table, with the columns ``recipe``, ``update``, ``epoch``, ``step``, ``snapshot``,
        ``measure``, ``layer``, ``field``, ``conventions``, ``mean``, ``standard_error``, ``standard_deviation``, ``n``
        (values averaged), ``low``, ``high``, ``n_undefined`` (values left out because they are undefined) and
        ``undefined`` (why, of the first of them).  ``update`` is missing where seeds had done different numbers of
        updates by the same epoch, step and snapshot, as loops of one's own may.  From one value there is a mean only,
        and from none nothing: the rest is missing.

    Raises
    ------
    TypeError
        If it is no table.
    DataError
        If a column is missing, two runs have one recipe and one seed, or a run has two values at one place.

    Notes
    -----
    A run whose configuration tells no recipe is like no other: it is averaged with none, and its path stands in the
    column ``recipe``.  Other columns than those of the table are left out; to average apart by one of them, group by it
    first.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6, 1908.

    Examples
    --------
    >>> table = over_seeds(follow("runs/", "activity"))  # doctest: +SKIP
    >>> import pandas as pd
    >>> two = pd.DataFrame({"run": ["a", "b"], "recipe": "set", "seed": [0, 1], "value": [0.9, 0.8]})
    >>> two = two.assign(update=1, epoch=1, step=5, snapshot=5, measure="history", layer="", field="test.accuracy")
    >>> two = two.assign(conventions="as the run noted it")
    >>> over_seeds(two.assign(undefined=None))[["mean", "n"]].round(3).values.tolist()
    [[0.85, 2.0]]
    """
    _check(table)
    told = _by_time(table.assign(recipe=table["recipe"].fillna(table["run"])))
    groups = told.groupby(list(KEY), sort=False, dropna=False)
    found = groups.agg(
        mean=("value", "mean"),
        standard_deviation=("value", "std"),
        n=("value", "count"),
        size=("value", "size"),
        undefined=("undefined", "first"),
    ).reset_index()
    error = found["standard_deviation"] / found["n"] ** 0.5
    half = half_width(found["standard_deviation"].to_numpy(), found["n"].to_numpy())
    found = found.assign(
        standard_error=error,
        low=found["mean"] - half,
        high=found["mean"] + half,
        n_undefined=found["size"] - found["n"],
        undefined=found["undefined"].astype("string"),
    )
    values = ("mean", "standard_error", "standard_deviation", "n", "low", "high", "n_undefined", "undefined")
    return found[[*KEY, *values]]


def _by_time(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the updates of rows that another time joins, one a run, and of which the updates differ."""
    alike = table.groupby([name for name in KEY if name != "update"], sort=False, dropna=False)
    differ = alike["update"].transform("nunique", dropna=False) > 1
    once = alike["run"].transform("nunique") == alike["run"].transform("size")
    timed = table[list(_TIMES)].notna().any(axis=1)
    return table.assign(update=table["update"].mask(differ & once & timed))


def _check(table: pd.DataFrame) -> None:
    """Refuse what would be averaged over something else than seeds."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"a table of sparsegraph.follow or histories is expected, not {kind_of(table)}")
    needed = ("run", "seed", *KEY, "value", "undefined")
    if missing := [name for name in needed if name not in table.columns]:
        raise DataError(f"a table without {', '.join(missing)}; give one of follow or histories")
    runs = table[["run", "recipe", "seed"]].drop_duplicates()
    named = runs.dropna(subset=["recipe", "seed"])
    twice = named[named.duplicated(["recipe", "seed"], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        like = twice[(twice["recipe"] == first["recipe"]) & (twice["seed"] == first["seed"])]["run"].tolist()
        raise DataError(
            f"{like[0]} and {like[1]} are both {first['recipe']} with seed {first['seed']}; leave one of them out"
        )
    repeated = table[table.duplicated(["run", *KEY])]
    if len(repeated):
        row = repeated.iloc[0]
        place = ".".join(filter(None, (row["measure"], row["layer"], row["field"])))
        raise DataError(f"{row['run']}: two values of {place} at one time; give each number of a run once")
