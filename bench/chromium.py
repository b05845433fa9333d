"""The system's own Chromium."""

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 1180, "height": 820}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the length of a block."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("no chromium on the PATH: make browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
