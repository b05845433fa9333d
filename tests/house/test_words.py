"""Words that may not stand in the repository: of the place where it was written, and of package registries."""

import re
import subprocess
from pathlib import Path

from portal.settings import ROOT

# Put together from pieces, so that this file does not hold them itself.
PLACES = ("/wor" + "k/", "/opt/py" + "pi", "../shar" + "ed", "shar" + "ed/rulebook", "shar" + "ed/house")
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "jsdel" + "ivr.", "cdn" + "js.", "un" + "pkg.com")
FORBIDDEN = re.compile("|".join(re.escape(word) for word in (*PLACES, *HOSTS)), re.IGNORECASE)
PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".ico", ".gz", ".br"}


def test_no_forbidden_word_stands_in_a_file() -> None:
    found = []
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            word = FORBIDDEN.search(line) or PRIVATE.search(line)
            if word:
                found.append(f"{path.relative_to(ROOT)}:{number}: {word[0]}")

    assert found == []


def test_every_text_file_ends_with_a_line() -> None:
    assert [str(path.relative_to(ROOT)) for path in files() if not unended(path)] == []


def unended(path: Path) -> bool:
    data = path.read_bytes()
    return not data or data.endswith(b"\n") or "vendor" in path.parts


def files() -> list[Path]:
    """What git has, and what it would have."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else []
    paths = [ROOT / name for name in names] or [path for path in (ROOT / "portal").rglob("*") if path.is_file()]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY and "__pycache__" not in path.parts]
