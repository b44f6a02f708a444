"""Code that decides a number is told apart from other code."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from sparsegraph import code_identity
from sparsegraph.code_identity import as_it_lies, code_of

KSHELL = "sparsegraph.measures.kshell"
_fresh = code_of.__wrapped__


def test_the_code_that_a_module_reaches_is_part_of_its_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    original, before = code_identity._source, _fresh(KSHELL)
    for changed, is_other in (("kernels.cores", True), ("graph.projections", True), ("measures.rank", False)):
        monkeypatch.setattr(
            code_identity, "_source", lambda m, c=changed: original(m) + "#" * (m == f"sparsegraph.{c}")
        )
        assert (_fresh(KSHELL) != before) is is_other, changed


def test_the_versions_of_the_libraries_are_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    original, before = code_identity._version, _fresh(KSHELL)
    for library in ("numba", "scipy"):
        monkeypatch.setattr(code_identity, "_version", lambda name, one=library: original(name) + "1" * (name == one))
        assert _fresh(KSHELL) != before, library


def test_several_modules_have_one_identity_with_all_that_each_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    together, original = _fresh(KSHELL, "sparsegraph.measures.rank"), code_identity._source
    assert together != _fresh(KSHELL)
    monkeypatch.setattr(code_identity, "_source", lambda m: original(m) + "#" * (m == "sparsegraph.kernels.spectral"))
    assert _fresh(KSHELL, "sparsegraph.measures.rank") != together


def test_it_does_not_depend_on_what_is_imported() -> None:
    program = f"from sparsegraph.code_identity import code_of; print(code_of({KSHELL!r}))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    import sparsegraph.io.readers
    import sparsegraph.measures.trajectory.kendall  # noqa: F401

    assert found.stdout.strip() == _fresh(KSHELL)


def test_the_modules_of_a_plug_in_are_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "plugged_in_here"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "measure.py").write_text("from plugged_in_here import rest\nfrom .inner import number\n")
    (home / "rest.py").write_text("a = 1\n")
    (home / "inner.py").write_text("number = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("plugged_in_here.measure")
    codes = [_fresh("plugged_in_here.measure")]
    for name in ("rest", "inner", "measure"):
        with (home / f"{name}.py").open("a") as file:
            file.write("# changed\n")
        codes.append(_fresh("plugged_in_here.measure"))
    assert len(set(codes)) == 4


class Doubling:
    """A callable that is no function."""

    def __call__(self, number: int) -> int:
        return 2 * number


def test_what_has_no_file_of_its_own_is_new_each_time() -> None:
    assert as_it_lies(Doubling()) != as_it_lies(Doubling())
    assert as_it_lies(code_of) == ""
    assert as_it_lies(test_what_has_no_file_of_its_own_is_new_each_time) != ""
