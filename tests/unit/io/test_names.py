from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.io.names import harmless, listed, unique


@given(st.text())
def test_harmless_names_print_and_keep_what_printed(name: str) -> None:
    shown = harmless(name)
    assert shown.isprintable()
    assert harmless(shown) == shown
    assert [c for c in name if c.isprintable() and c not in string.printable] == [
        c for c in shown if c not in string.printable
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("b\x1b]0;P\x07.w", r"b\x1b]0;P\x07.w"), ("a\nb", r"a\nb"), ("\u202e", r"\u202e"), ("[red]", "[red]"), ("", "")],
)
def test_escapes(name: str, shown: str) -> None:
    assert harmless(name) == shown


def test_unique_names_keep_the_first() -> None:
    assert unique(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


def test_lists_never_end_in_silence() -> None:
    words = [str(i) for i in range(9)]
    assert listed(words[:6]) == "0, 1, 2, 3, 4, 5"
    assert listed(words) == "0, 1, 2, 3, 4, 5, and 3 more"
    assert listed(words, 2, "; ") == "0; 1; and 7 more"
    assert listed([]) == ""
