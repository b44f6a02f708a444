"""A page for each measure, from its docstring: what it is, a picture on a small trained net, its options and result."""

import dataclasses
import inspect
import tempfile
import typing
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from notebook_pages import write_changed

import sparsegraph as sg
from sparsegraph.measures.catalogue import MEASURES, Measure
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.plotting.catalogue import can_draw
from sparsegraph.plotting.style import STYLE, save, save_canvas
from sparsegraph.plotting.tail import plot_tail
from sparsegraph.result import Result
from sparsegraph.training.request import Request
from sparsegraph.training.run import train_run

SAMPLE = Request("esml", data="digits", hidden="200x3", sparsity=0.96, epochs=20, learning_rate=0.02)
_SAMPLE_WORDS = "64-200-200-200-10 at 96 % sparsity, trained on the embedded digits for 20 epochs with CH3-L3 regrowth"

_PAGE = """# {name}

```{{image}} {name}.svg
:alt: {alt}
:width: 100%
```

*{caption}*

**Main numbers** (compared with null models, followed over training): {main}.

```pycon
>>> sparsegraph.measure({argument}, "{name}"{options})
```

```{{eval-rst}}
.. autofunction:: {function}
```

**The result**

```{{eval-rst}}
{results}
```
"""

_INDEX = """# Measures

One page a measure, made from its docstring; each picture shows the same small net ({sample}). `sparsegraph measures`
prints the same list.

## Of one graph

| measure | what it is |
|---|---|
{of_graphs}

## Over the snapshots of a run

| measure | what it is |
|---|---|
{over_time}

```{{toctree}}
:hidden:

{names}
```
"""


def write_measure_pages(folder: Path) -> None:
    """Write pages and pictures that are missing or changed."""
    folder.mkdir(exist_ok=True)
    graphs = [MEASURES[name] for name in MEASURES]
    over_time = [TRAJECTORY_MEASURES[name] for name in TRAJECTORY_MEASURES]
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "run"
        for entry in [*graphs, *over_time]:
            caption = _draw(entry, run, folder / f"{entry.name}.svg")
            write_changed(folder / f"{entry.name}.md", _page(entry, caption, of_run=entry in over_time))
    index = _INDEX.format(
        sample=_SAMPLE_WORDS,
        of_graphs="\n".join(map(_row, graphs)),
        over_time="\n".join(map(_row, over_time)),
        names="\n".join(entry.name for entry in [*graphs, *over_time]),
    )
    write_changed(folder / "index.md", index)


def _row(entry: Measure) -> str:
    return f"| [{entry.name}]({entry.name}.md) | {entry.summary} |"


def _page(entry: Measure, caption: str, *, of_run: bool) -> str:
    function = entry.function
    result = typing.get_type_hints(function)["return"]
    return _PAGE.format(
        name=entry.name,
        alt=f"{entry.name} of a small trained net",
        caption=caption,
        main=", ".join(f"`{path}`" for path in entry.main) or "none",
        argument="run.topology" if of_run else "graph",
        options="".join(f", {name}={value!r}" for name, value in list(entry.defaults.items())[:2]),
        function=f"{function.__module__}.{function.__name__}",
        results="\n".join(
            f".. autoclass:: {kind.__module__}.{kind.__qualname__}\n   :no-index:\n" for kind in _classes(result)
        ),
    )


def _classes(result: type[Result]) -> list[type[Result]]:
    """The class of a result, and those of its parts that are defined beside it or in the same package."""
    found: dict[type[Result], None] = {}

    def visit(kind: object) -> None:
        for inner in typing.get_args(kind):
            visit(inner)
        if inspect.isclass(kind) and issubclass(kind, Result) and kind is not Result and kind not in found:
            found[kind] = None
            hints = typing.get_type_hints(kind)
            for field in dataclasses.fields(kind):
                visit(hints[field.name])

    visit(result)
    return list(found)


def _draw(entry: Measure, run: Path, picture: Path) -> str:
    """The drawing of the measure's result, or its main numbers over the training; says which."""
    sentence = f"{entry.name} of a small net ({_SAMPLE_WORDS})"
    drawn = f"{sentence}: `sparsegraph.plot` of the result."
    followed = f"{sentence}: its main numbers at each snapshot, by `sparsegraph.follow`."
    if picture.exists() and (picture.with_suffix(".md")).exists():
        return drawn if drawn in picture.with_suffix(".md").read_text(encoding="utf-8") else followed
    opened = _sample(run)
    graph = opened.final.graph
    over_time = entry.name in TRAJECTORY_MEASURES
    options = {} if entry.name != "functional_activity" else _answers(run)
    result = sg.measure(opened.topology if over_time else graph, entry.name, **options)
    if entry.name == "powerlaw":
        save(plot_tail(sg.measure(graph, "degree").hidden.total, result), picture, kind="svg")
        return drawn
    if can_draw(result):
        save(sg.plot(result), picture, kind="svg")
        return drawn
    save_canvas(_over_training(opened, entry), picture, kind="svg")
    return followed


def _sample(run: Path) -> Any:
    if not run.exists():
        train_run(SAMPLE, run)
    return sg.open_run(run)


def _answers(run: Path) -> dict:
    from sparsegraph.perturb.subject import subject

    shown = subject(run)
    return {"activations": shown.activations, "data": shown.images.text}


def _over_training(opened: Any, entry: Measure) -> Figure:
    table = sg.follow(opened, [entry.name], every=2, cache=False)
    fields = [field for field, rows in table.groupby("field", sort=False) if rows["value"].notna().any()][:3]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(2.4 * max(len(fields), 1), 2.2), layout="constrained")
        for panel, field in zip(figure.subplots(1, max(len(fields), 1), squeeze=False)[0], fields, strict=False):
            rows = table[(table["field"] == field) & table["value"].notna()]
            for _, line in rows.groupby("layer", sort=False):
                panel.plot(line["epoch"], line["value"], color="#0072b2", linewidth=1.2)
            panel.set_title(field, fontsize=8, loc="left")
            panel.set_xlabel("epoch")
    return figure
