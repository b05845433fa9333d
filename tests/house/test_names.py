"""Every domain has one name, and its partners bear it: door, templates, tests, style sheet, jobs."""

import re
from pathlib import Path

import pytest

from portal.piccolo_app import DOMAINS
from portal.settings import ROOT

PORTAL, TESTS = ROOT / "portal", ROOT / "tests"
ROOMS = {"tables", "rules", "forms", "queries", "services"}
TESTED = {"rules", "queries", "services"}
# A customer is seen by nobody on a page of its own yet: it is the contact of a complaint. A site's page is the front door.
DOORLESS, ELSEWHERE = {"customers"}, {"sites": "home"}
SURFACES = {"layouts", "components", "errors", "notifications"}
AVOIDED = {"utils", "helpers", "common", "base", "core", "misc"}


def stems(folder: Path) -> set[str]:
    """What stands in a folder, files and packages alike, by name."""
    if not folder.exists():
        return set()
    return {path.stem for path in folder.iterdir() if not path.name.startswith(("_", "."))}


def doors() -> set[str]:
    """The modules of controllers/ (packages as one) that hold a controller, and not only what several share."""
    found = set()
    for path in (PORTAL / "controllers").rglob("*.py"):
        if re.search(r"^class \w+\(Controller\)", path.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(path.relative_to(PORTAL / "controllers").parts[0].removesuffix(".py"))
    return found


def test_the_domains_are_the_packages() -> None:
    assert stems(PORTAL / "domain") == set(DOMAINS)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_has_no_sixth_kind_of_room(domain: str) -> None:
    assert stems(PORTAL / "domain" / domain) <= ROOMS
    assert (PORTAL / "domain" / domain / "__init__.py").exists()


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domains_rooms_are_tested_under_their_names(domain: str) -> None:
    rooms = stems(PORTAL / "domain" / domain) & TESTED
    tests = stems(TESTS / "domain" / domain)

    assert {f"test_{room}" for room in rooms} <= tests | {
        f"test_{room}" for room in rooms if (TESTS / "domain" / domain / room).is_dir()
    }
    assert {name.removeprefix("test_") for name in tests} <= ROOMS


@pytest.mark.parametrize("domain", [domain for domain in DOMAINS if domain not in DOORLESS])
def test_a_domain_has_a_door_templates_and_a_test_of_its_door(domain: str) -> None:
    door = ELSEWHERE.get(domain, domain)

    assert door in doors()
    assert domain in stems(PORTAL / "templates")
    assert f"test_{door}" in stems(TESTS / "controllers")


def test_every_door_is_tested_under_its_name() -> None:
    assert {f"test_{door}" for door in doors()} <= stems(TESTS / "controllers")


def test_templates_belong_to_a_door() -> None:
    assert stems(PORTAL / "templates") - SURFACES <= doors() | set(ELSEWHERE)


def test_page_sheets_belong_to_templates() -> None:
    assert stems(PORTAL / "static" / "css" / "pages") <= stems(PORTAL / "templates")


def test_component_sheets_and_jobs_and_messages_bear_known_names() -> None:
    assert stems(PORTAL / "jobs") <= {"timetable", "worker", *DOMAINS}
    assert stems(PORTAL / "notifications") <= {"delivery", "channels", "letters", *DOMAINS}


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    found = [str(path.relative_to(ROOT)) for path in PORTAL.rglob("*.py") if path.stem in AVOIDED]

    assert found == []
