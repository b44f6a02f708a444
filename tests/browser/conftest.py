"""A browser for pages that must ask no network for anything and log no error."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OWN = ("file:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium; without it these tests are skipped, and fail where CI is set."""
    found = next((place for name in _NAMES if (place := shutil.which(name))), None)
    if found is None:
        words = f"no browser is installed ({', '.join(_NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file at a width; afterwards no error may have been logged, and nothing but the file asked for."""
    troubles: list[str] = []
    contexts = []

    def look(request: Any) -> None:
        if not request.url.startswith(_OWN):
            troubles.append(f"asked for {request.url}")

    def open_at(path: Path, *, width: int = 1280, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", look)
        page.goto(path.absolute().as_uri())
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert not troubles


def scrolls_sideways(page: Any) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
