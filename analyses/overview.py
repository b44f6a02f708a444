"""Brings the tables of ``analyses/README.md`` up to what is kept.

    python analyses/overview.py

Groups come from ``*/sweep.toml`` and ``*/results/cells.csv``; findings from ``findings/all.csv``, which
``sparsegraph findings`` writes of all groups as ``restore.py`` puts them back, but for those in
``findings/earlier.csv``: they need snapshots that are gone.  Tables come from the CSV files that ``draw.py`` laid
beside the pictures.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from train import cells_of

from sparsegraph.findings.catalogue import FINDINGS, ids
from sparsegraph.findings.wording import written

HERE = Path(__file__).parent
FIGURES = HERE.parent / "figures"
GROUPS = {
    "survival_of_the_most_connected": "RG4: 003, random, gradient and momentum regrowth",
    "sulyok_structure_and_robustness": "RG1: 000/001, CH3-L3 and random link regrowth",
    "esml_epitopological_learning": "RG2: 002, ESML against SET",
    "chts_soft_rules": "RG6: 004, CHTs and its rivals",
    "chts_rules_apart": "RG6: 004, one rule changed at a time (figure 3)",
    "cht_percolation_and_speed": "RG3: 002, CHT and its rivals",
    "cht_parts_and_settings": "RG3: 002, parts and settings of CHT (figures A1, A2)",
    "survival_accuracy_tables": "RG5: 003, tables 3, 4, 7, 8 and figures 3 and 13",
    "survival_boltzmann_machines": "RG8: 003, sparse Boltzmann machines",
    "what_degrees_explain": "question 3: gradient regrowth beside RG2's rules",
    "speed_of_learning": "question 4: what the speed of CH3-L3 comes from",
    "what_makes_it_percolate": "question 6: what makes a net percolate",
}


def groups() -> Iterator[str]:
    """One row a group, and what all sparse runs took together."""
    yield "| group | runs done | seeds | epochs | hours of training | folder |"
    yield "|---|---|---|---|---|---|"
    sparse = 0.0
    for folder, title in GROUPS.items():
        planned = {cell.directory.name for cell in cells_of(HERE / folder / "sweep.toml", HERE)}
        path = HERE / folder / "results" / "cells.csv"
        if not path.exists():
            yield f"| {title} | 0 of {len(planned)} | - | - | - | [{folder}]({folder}) |"
            continue
        cells = pd.read_csv(path)
        is_dense = cells["profile"].str.contains("dense")
        sparse += cells.loc[~is_dense, "seconds"].sum()
        seeds = cells[~is_dense].groupby(["profile", "data", "changes"], dropna=False)["seed"].nunique()
        told = f"{seeds.min()}" if seeds.min() == seeds.max() else f"{seeds.min()} to {seeds.max()}"
        epochs = sorted(set(cells["epochs"]))
        lengths = f"{epochs[0]}" if len(epochs) == 1 else f"{epochs[0]} to {epochs[-1]}"
        hours = cells["seconds"].sum() / 3600
        n_done = int(cells["cell"].isin(planned).sum())
        others = f", {len(cells) - n_done} others" if len(cells) > n_done else ""
        done = f"{n_done} of {len(planned)}{others}"
        yield f"| {title} | {done} | {told} | {lengths} | {hours:.1f} | [{folder}]({folder}) |"
    yield ""
    one = sparse / 3600
    yield f"All sparse runs together: {one:.1f} hours of one core; two at a time, {one / 2:.1f} hours of two."


def findings() -> pd.DataFrame:
    """All parts of all findings."""
    judged, earlier = (pd.read_csv(HERE / "findings" / f"{name}.csv") for name in ("all", "earlier"))
    return pd.concat([judged[~judged["id"].isin(earlier["id"])], earlier], ignore_index=True)


def verdicts(table: pd.DataFrame) -> Iterator[str]:
    """How many of each verdict, and one row a finding."""
    labels = {name: rows["label"].iloc[0] for name, rows in table.groupby("id")}
    counts = pd.Series([labels.get(name, "not run").partition(" (")[0] for name in ids()]).value_counts()
    yield ", ".join(f"{n} {word}" for word, n in counts.items()) + "."
    yield ""
    yield "| id | claim | measured | paper | here | parts | verdict |"
    yield "|---|---|---|---|---|---|---|"
    for name in ids():
        finding, rows = FINDINGS[name], table[(table["id"] == name) & table["counts"]]
        label = labels.get(name, "not run") + (" †" if finding.amended else "")
        judged = rows[rows["value"].notna()]
        if judged.empty:
            words = rows.iloc[0]["words"] if len(rows) else "-"
            paper = _printed(rows.iloc[0]) if len(rows) else finding.told
            yield f"| {name} | {finding.statement} | {words} | {paper} | - | - | {label} |"
            continue
        shown = _deciding(judged, label)
        told = f"{_with_error(shown)} ({shown['n']})"
        holds = f"{(judged['holds'].astype(str) == 'True').sum()} of {len(judged)}"
        holds += f", {len(rows) - len(judged)} not run" if len(judged) < len(rows) else ""
        measured = f"{shown['words']}; {shown['rule']}"
        if shown["part_verdict"] == "contradicted" and str(shown["holds"]) == "True":
            measured += " (contradicted by one data set alone)"
        yield f"| {name} | {finding.statement} | {measured} | {_printed(shown)} | {told} | {holds} | {label} |"
    yield ""
    yield "✗: the paper's own numbers are beyond the rule. †: the rule was changed after results were seen; before:"
    yield ""
    yield from (f"- {name}: {FINDINGS[name].amended}" for name in ids() if FINDINGS[name].amended)


def _deciding(judged: pd.DataFrame, label: str) -> pd.Series:
    """The part that made the verdict: the first contradicted, else the first that kept it from being supported."""
    for word in ("contradicted", label.partition(" ")[0]):
        parts = judged[judged["part_verdict"] == word]
        if len(parts):
            return parts.iloc[0]
    return judged.iloc[0]


def _printed(row: pd.Series) -> str:
    return f"{row['paper']} ✗" if row["paper_contradicts"] else str(row["paper"])


def _with_error(row: pd.Series) -> str:
    """The value and its standard error; of a ratio, which is averaged by logarithms, the 95 % interval."""
    value, unit, error = row["value"], row["unit"], row["standard_error"]
    told = written(value, unit)
    if pd.isna(error):
        return told
    if unit == "ratio":
        return f"{told}, {written(row['low'], unit)} to {written(row['high'], unit)}"
    still = error <= 1e-9 * max(abs(value), 1e-9)
    return told if still else f"{told} ± {written(error, unit).lstrip('+')}"


def tables() -> Iterator[str]:
    """One row a table of a paper: how many numbers agree, and how many orders of methods are turned round."""
    columns = ("numbers", "agree", "differ", "one seed", "other data", "orders that both tell apart", "turned round")
    yield f"| table | {' | '.join(columns)} |"
    yield "|---" * (1 + len(columns)) + "|"
    for path in sorted(FIGURES.glob("*/*table*.csv")):
        table = pd.read_csv(path)
        if not {"word", "paper", "column"} <= set(table) or table["paper"].isna().all():
            continue
        counts = table.loc[table["paper"].notna(), "word"].value_counts()
        both, turned = _orders(table)
        words = ("agrees", "differs", "one seed", "other data")
        numbers = [counts.sum(), *(counts.get(word, 0) for word in words), both, turned]
        link = "../" + str(path.with_suffix(".md").relative_to(HERE.parent))
        yield f"| [{path.stem}]({link}){_scale(path)} | " + " | ".join(map(str, numbers)) + " |"


def _scale(path: Path) -> str:
    """What a table's runs lack in length, if they do."""
    drawn = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
    scale = drawn[path.stem]["scale"]
    return "" if scale.startswith("full") else f" ({scale})"


def _orders(table: pd.DataFrame) -> tuple[int, int]:
    """Pairs of methods of one column, over two standard errors apart here and there; how many of them the other way."""
    both = turned = 0
    for _, column in table.dropna(subset=["paper", "ours", "standard_deviation"]).groupby("column"):
        for a, b in itertools.combinations(column.itertuples(), 2):
            n = min(a.n, b.n)
            ours, theirs = a.ours - b.ours, a.paper - b.paper
            ours_error = ((a.standard_deviation**2 + b.standard_deviation**2) / n) ** 0.5
            spreads = [0.0 if pd.isna(x) else x for x in (a.paper_spread, b.paper_spread)]
            theirs_error = (sum(x**2 for x in spreads) / n) ** 0.5
            if abs(ours) > 2 * ours_error and abs(theirs) > 2 * theirs_error:
                both += 1
                turned += ours * theirs < 0
    return both, turned


def fill(path: Path, parts: dict[str, Iterator[str]]) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- end -->``."""
    text = path.read_text(encoding="utf-8")
    for name, lines in parts.items():
        new = f"<!-- {name} -->\n" + "\n".join(lines) + "\n<!-- end -->"
        text, n = re.subn(rf"<!-- {name} -->.*?<!-- end -->", lambda _, new=new: new, text, flags=re.DOTALL)
        if n != 1:
            raise SystemExit(f"{path}: no place for {name}")
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the page."""
    fill(HERE / "README.md", {"groups": groups(), "findings": verdicts(findings()), "tables": tables()})


if __name__ == "__main__":
    main()
