"""The configuration of a run, and in what two of them differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.door import refusals, regular_size
from sparsegraph.io.runs.archive import check_format
from sparsegraph.io.runs.layout import CONFIG, CONFIG_BYTES, RUN, RUN_VERSION
from sparsegraph.io.runs.plain_values import from_json, read_bounded


@dataclass(frozen=True)
class Config:
    """What decides a run's results, and what is good to know besides (versions, commit, time)."""

    configuration: Mapping[str, Any]
    environment: Mapping[str, Any] = field(default_factory=dict)


def write_config(directory: Path, config: Config) -> None:
    """Write ``config.json``, completely or not at all."""
    content = {
        "format": RUN,
        "format_version": RUN_VERSION,
        "configuration": config.configuration,
        "environment": config.environment,
    }
    with atomic_write(directory / CONFIG) as temporary:
        temporary.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="ascii")


def read_config(directory: Path) -> Config:
    """The configuration of a run.

    Raises
    ------
    LoadError
        If the directory is no run, or of a newer version.
    """
    path = directory / CONFIG
    with refusals(path):
        regular_size(path)
        content = from_json(read_bounded(path, CONFIG_BYTES), "the configuration")
        check_format(content, RUN, RUN_VERSION)
        parts = content.get("configuration"), content.get("environment")
        if not isinstance(parts[0], dict) or not isinstance(parts[1], dict):
            raise LoadError("a run without its configuration; the file is damaged: copy it again")
        return Config(parts[0], parts[1])


def difference(old: Any, new: Any, key: str = "") -> str:
    """The first key in which two configurations differ, with both values; empty where they agree.

    Examples
    --------
    >>> difference({"seed": 0, "data": {"name": "mnist"}}, {"seed": 0, "data": {"name": "digits"}})
    "data.name is 'mnist' there and 'digits' here"
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(name for name in new if name not in old)]:
            path = f"{key}.{name}".lstrip(".")
            if name not in old or name not in new:
                return f"{path} is {'set there only' if name in old else 'set here only'}"
            if found := difference(old[name], new[name], path):
                return found
        return ""
    # 1, 1.0 and True are equal to Python, and not the same configuration
    return "" if old == new and type(old) is type(new) else f"{key} is {old!r} there and {new!r} here"


def contrast(old: Config, new: Config) -> str:
    """In which key a run's configuration is another, and with which sparsegraph it was begun, if not with this one.

    Examples
    --------
    >>> before = Config({"seed": 0}, {"versions": {"sparsegraph": "0.1.0", "commit": "1a2b"}})
    >>> contrast(before, Config({"seed": 1}, {"versions": {"sparsegraph": "0.2.0"}}))
    'another configuration (seed is 0 there and 1 here), begun with sparsegraph 0.1.0 (commit 1a2b) and not 0.2.0'
    """
    changed = difference(old.configuration, new.configuration)
    if not changed:
        return ""
    there, here = _version(old.environment), _version(new.environment)
    begun = f", begun with sparsegraph {there} and not {here}" if there and there != here else ""
    return f"another configuration ({changed}){begun}"


def _version(environment: Mapping[str, Any]) -> str:
    versions = environment.get("versions")
    if not isinstance(versions, Mapping):
        return ""
    commit = f" (commit {versions['commit']})" if versions.get("commit") else ""
    return f"{versions.get('sparsegraph', 'of an unknown version')}{commit}"
