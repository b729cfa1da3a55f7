"""A real browser against a server of this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = Path("/usr/bin/chromium")
OpenPage = Callable[..., Page]
in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"needs Chromium at {CHROMIUM} (Debian: apt-get install chromium)"
    ),
]
"""What a module of such tests is marked with."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
AXE = Path(settings.BASE_DIR) / "tests/vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


def violations(page: Page) -> list[str]:
    """What axe finds, one line for each element. The page's own policy would not let the script in: it is injected."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{problem['id']}: {node['html'][:200]} {node['failureSummary']}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ]


def overflowing(page: Page) -> list[str]:
    """What sticks out of its place in the page's content; panes of code may scroll."""
    wider = "each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline'"
    found: list[str] = page.evaluate(
        f"""[...document.querySelectorAll("main *:not(pre, input, select, .visually-hidden)")].filter(each => {wider})
        .map(each => each.outerHTML.slice(0, 200))"""
    )
    return found
