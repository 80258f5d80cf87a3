"""What a careful reader of the page would find: unnamed controls, faint words, missing landmarks.

Measured in the page itself, on what is drawn: WCAG 2.2 AA contrast of every piece of text against what lies
under it, a name for every control, one h1, one main, no element wider than the window.
"""

from pathlib import Path

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """Everything found on the page as it now stands, in words; an empty list is a page fit to show."""
    found: list[str] = page.evaluate(FAULTS)
    return found
