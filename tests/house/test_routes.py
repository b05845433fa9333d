"""Every route of the application, with who may come: a literal table, so that no door opens unnoticed (P31)."""

import re

import pytest
from litestar import Litestar, get

from portal.app import create_app
from portal.domain.accounts.tables import Role
from portal.security import policies

PUBLIC, LINK = "public", "link"
EVERYBODY = "admin auditor desk finance floor guard kitchen manager owner sales"
SEES = "auditor desk finance floor guard kitchen manager owner sales"
FILES = "desk floor guard manager sales"
HANDLES = "desk floor kitchen manager"
WORKS = "desk floor guard kitchen manager sales"
HANDLES = "desk floor kitchen manager owner"
READS = "auditor finance manager owner sales"
TAKES = f"admin {READS}"

ROUTES = {
    ("GET", "/", PUBLIC),
    ("GET", "/s/{slug}", PUBLIC),
    ("GET", "/s/{slug}/complaints/new", PUBLIC),
    ("GET", "/s/{slug}/notices", PUBLIC),
    ("POST", "/s/{slug}/notices/{board}/reading", PUBLIC),
    ("GET", "/desk/{slug}/reports/boards", "manager owner"),
    ("POST", "/desk/{slug}/reports/boards", "manager owner"),
    ("GET", "/desk/{slug}/reports/boards/{board}", "manager owner"),
    ("POST", "/desk/{slug}/reports/boards/{board}", "manager owner"),
    ("POST", "/desk/{slug}/reports/boards/{board}/publication", "manager owner"),
    ("POST", "/desk/{slug}/reports/boards/{board}/withdrawal", "manager owner"),
    ("POST", "/desk/{slug}/reports/boards/{board}/edition", "manager owner"),
    ("POST", "/s/{slug}/complaints", PUBLIC),
    ("GET", "/c/{token}", LINK),
    ("GET", "/c/{token}/photos/{photo}", LINK),
    ("POST", "/c/{token}/messages", LINK),
    ("POST", "/c/{token}/acceptance", LINK),
    ("POST", "/c/{token}/rejection", LINK),
    ("POST", "/c/{token}/rating", LINK),
    ("POST", "/language", PUBLIC),
    ("GET", "/sign-in", PUBLIC),
    ("POST", "/sign-in", PUBLIC),
    ("POST", "/sign-out", PUBLIC),
    ("GET", "/healthz", PUBLIC),
    ("GET", "/readyz", PUBLIC),
    ("GET", "/static/{digest}/{path}", PUBLIC),
    ("HEAD", "/static/{digest}/{path}", PUBLIC),
    ("GET", "/desk", EVERYBODY),
    ("GET", "/desk/alive", EVERYBODY),
    ("GET", "/desk/password", EVERYBODY),
    ("POST", "/desk/password", EVERYBODY),
    ("GET", "/desk/{slug}", EVERYBODY),
    ("GET", "/desk/{slug}/live", EVERYBODY),
    ("POST", "/desk/{slug}/notices", EVERYBODY),
    ("GET", "/desk/{slug}/queue", SEES),
    ("GET", "/display/{token}", LINK),
    ("GET", "/desk/{slug}/displays", "manager"),
    ("POST", "/desk/{slug}/displays", "manager"),
    ("POST", "/desk/{slug}/displays/{display}/revocation", "manager"),
    ("GET", "/desk/{slug}/search", SEES),
    ("POST", "/desk/{slug}/search", SEES),
    ("GET", "/desk/{slug}/items/{number}", SEES),
    ("GET", "/desk/{slug}/photos/{photo}", "auditor desk floor kitchen manager owner"),
    ("POST", "/desk/{slug}/items/{number}/claim", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/release", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/handover", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/undo", HANDLES),
    ("POST", "/desk/{slug}/queue/bulk/{bulk}/undo", HANDLES),
    ("POST", "/desk/{slug}/notices/return", EVERYBODY),
    ("GET", "/desk/{slug}/severe", SEES),
    ("GET", "/desk/keys", EVERYBODY),
    ("POST", "/desk/{slug}/items/{number}/notes", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/escalation", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/acknowledgement", HANDLES),
    ("GET", "/desk/{slug}/digest", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/unmask", "desk manager owner"),
    ("GET", "/desk/{slug}/complaints/new", FILES),
    ("POST", "/desk/{slug}/complaints", FILES),
    ("POST", "/desk/{slug}/complaints/{number}/messages", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/triage", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/plan", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/reply", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/closure", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/restriction", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/link", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/reopening", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/liability", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/compensation", "desk manager"),
    ("POST", "/desk/{slug}/complaints/{number}/compensation-approval", "finance manager owner"),
    ("POST", "/desk/{slug}/complaints/{number}/cause", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/actions", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/actions/{action}/effect", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/return-visit", "desk floor guard kitchen manager owner sales"),
    ("POST", "/desk/{slug}/complaints/{number}/rectification", HANDLES),
    ("GET", "/desk/{slug}/ledger", "auditor finance manager"),
    ("GET", "/desk/{slug}/ledger.csv", "auditor finance manager"),
    ("GET", "/desk/{slug}/ledger.xlsx", "auditor finance manager"),
    ("GET", "/desk/{slug}/exports", TAKES),
    ("GET", "/desk/{slug}/exports/contacts", "manager"),
    ("POST", "/desk/{slug}/exports/contacts", "manager"),
    ("GET", "/desk/{slug}/exports/{export}", TAKES),
    ("GET", "/desk/{slug}/exports/{export}/file", TAKES),
    ("POST", "/desk/{slug}/exports/{export}/decision", "admin manager"),
    ("POST", "/desk/{slug}/exports/{export}/cancellation", TAKES),
    ("GET", "/desk/{slug}/reports", READS),
    ("POST", "/desk/{slug}/reports", "manager owner"),
    ("GET", "/desk/{slug}/reports/saved/{report}", READS),
    ("POST", "/desk/{slug}/reports/saved/{report}", "manager owner"),
    ("GET", "/desk/{slug}/reports/saved/{report}/edit", "manager owner"),
    ("POST", "/desk/{slug}/reports/saved/{report}/removal", "manager owner"),
    ("POST", "/desk/{slug}/complaints/{number}/tasks", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/tasks/{task}/done", WORKS),
    ("POST", "/desk/{slug}/complaints/{number}/tasks/{task}/refusal", WORKS),
    ("POST", "/desk/{slug}/complaints/{number}/contacts", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/merge", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/split", "desk floor manager"),
    ("POST", "/desk/{slug}/queue/bulk", HANDLES),
    ("GET", "/desk/{slug}/queue/bulk/{bulk}", HANDLES),
    ("GET", "/desk/{slug}/items/{number}/presence", SEES),
    ("GET", "/desk/{slug}/log", "admin auditor manager"),
    ("GET", "/desk/{slug}/outbox", "admin manager"),
    ("GET", "/desk/{slug}/reports/complaints", "auditor finance manager owner sales"),
    ("GET", "/desk/{slug}/reports/complaints.csv", "auditor finance manager owner sales"),
    ("GET", "/desk/{slug}/reports/complaints.xlsx", "auditor finance manager owner sales"),
    ("GET", "/desk/{slug}/reports/complaints/records", "auditor finance manager owner sales"),
    ("GET", "/desk/{slug}/reports/complaints/records.csv", "auditor finance manager owner sales"),
    ("GET", "/desk/{slug}/reports/complaints/records.xlsx", "auditor finance manager owner sales"),
    ("POST", "/desk/{slug}/outbox/{message}/retry", "admin manager"),
    ("GET", "/desk/{slug}/today", "auditor manager owner"),
    ("GET", "/desk/{slug}/posters", "admin desk manager"),
    ("GET", "/desk/{slug}/settings", "admin manager"),
    ("POST", "/desk/{slug}/settings", "admin manager"),
    ("GET", "/desk/{slug}/settings/places", "admin manager"),
    ("POST", "/desk/{slug}/settings/places", "admin manager"),
    ("GET", "/desk/{slug}/settings/categories", "admin manager"),
    ("POST", "/desk/{slug}/settings/categories", "admin manager"),
    ("POST", "/desk/{slug}/settings/categories/{code}/retirement", "admin manager"),
    ("POST", "/desk/{slug}/settings/categories/{code}/return", "admin manager"),
    ("GET", "/desk/{slug}/settings/policies", "admin manager"),
    ("POST", "/desk/{slug}/settings/policies", "admin manager"),
    ("GET", "/desk/{slug}/settings/policies/{policy}", "admin manager"),
    ("POST", "/desk/{slug}/settings/policies/{policy}", "admin manager"),
    ("POST", "/desk/{slug}/settings/policies/{policy}/removal", "admin manager"),
    ("GET", "/desk/{slug}/complaints/{number}/clock", SEES),
    ("POST", "/desk/{slug}/complaints/{number}/colleague", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/forwarding", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/party", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/party/link", HANDLES),
    ("GET", "/p/{token}", LINK),
    ("GET", "/p/{token}/photos/{photo}", LINK),
    ("POST", "/p/{token}/messages", LINK),
    ("POST", "/desk/{slug}/complaints/{number}/returns", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/returns/{note}/approval", "manager owner"),
    ("POST", "/desk/{slug}/complaints/{number}/returns/{note}/shipment", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/returns/{note}/instruction", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/returns/{note}/receipt", HANDLES),
    ("GET", "/desk/{slug}/complaints/{number}/returns/{note}/print", "auditor desk floor kitchen manager owner"),
    ("POST", "/desk/{slug}/items/{number}/pause", HANDLES),
    ("POST", "/desk/{slug}/items/{number}/resumption", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/tier", "desk manager owner"),
    ("POST", "/desk/{slug}/complaints/{number}/extension", HANDLES),
    ("POST", "/desk/{slug}/complaints/{number}/extension-approval", "manager owner"),
    ("GET", "/desk/{slug}/settings/calendar", "admin manager"),
    ("POST", "/desk/{slug}/settings/calendar", "admin manager"),
    ("POST", "/desk/{slug}/settings/calendar/days", "admin manager"),
    ("POST", "/desk/{slug}/settings/calendar/days/{on}/removal", "admin manager"),
    ("GET", "/desk/{slug}/settings/visits", "admin manager"),
    ("GET", "/desk/{slug}/settings/visits/new", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits", "admin manager"),
    ("GET", "/desk/{slug}/settings/visits/{code}", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits/{code}", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits/{code}/hours", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits/{code}/days", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits/{code}/days/{on}/removal", "admin manager"),
    ("GET", "/desk/{slug}/settings/visits/{code}/asks", "admin manager"),
    ("POST", "/desk/{slug}/settings/visits/{code}/asks", "admin manager"),
    ("GET", "/desk/{slug}/settings/blackouts", "admin manager"),
    ("POST", "/desk/{slug}/settings/blackouts", "admin manager"),
    ("POST", "/desk/{slug}/settings/blackouts/{blackout}/removal", "admin manager"),
    ("GET", "/desk/{slug}/settings/receivers", "admin manager"),
    ("POST", "/desk/{slug}/settings/receivers", "admin manager"),
    ("POST", "/desk/{slug}/settings/receivers/officers", "admin manager"),
    ("POST", "/desk/{slug}/settings/receivers/officers/{username}/removal", "admin manager"),
    ("GET", "/desk/{slug}/settings/doors", "admin manager"),
    ("GET", "/desk/{slug}/settings/doors/{door}", "admin manager"),
    ("POST", "/desk/{slug}/settings/doors", "admin manager"),
    ("POST", "/desk/{slug}/settings/doors/{door}", "admin manager"),
    ("GET", "/desk/{slug}/settings/stations", "admin manager"),
    ("GET", "/desk/{slug}/settings/stations/{code}", "admin manager"),
    ("POST", "/desk/{slug}/settings/stations", "admin manager"),
    ("GET", "/desk/{slug}/posters/doors", "admin desk manager"),
    ("GET", "/desk/{slug}/blocks", "admin desk manager owner"),
    ("POST", "/desk/{slug}/blocks", "admin manager owner"),
    ("GET", "/desk/{slug}/blocks/{block}", "admin manager owner"),
    ("POST", "/desk/{slug}/blocks/{block}/lifting", "admin manager owner"),
    ("GET", "/desk/{slug}/settings/causes", "admin manager"),
    ("POST", "/desk/{slug}/settings/causes", "admin manager"),
    ("POST", "/desk/{slug}/settings/causes/{code}/retirement", "admin manager"),
    ("POST", "/desk/{slug}/settings/causes/{code}/return", "admin manager"),
    ("GET", "/desk/{slug}/settings/templates", "admin manager"),
    ("POST", "/desk/{slug}/settings/templates", "admin manager"),
    ("POST", "/desk/{slug}/settings/templates/{template}/removal", "admin manager"),
    ("GET", "/desk/{slug}/settings/phrases", "admin manager"),
    ("POST", "/desk/{slug}/settings/phrases", "admin manager"),
    ("GET", "/desk/{slug}/settings/ladder", "admin manager"),
    ("POST", "/desk/{slug}/settings/ladder", "admin manager"),
    ("GET", "/desk/{slug}/settings/absences", "admin manager"),
    ("POST", "/desk/{slug}/settings/absences", "admin manager"),
    ("POST", "/desk/{slug}/settings/absences/{absence}/cancellation", "admin manager"),
    ("GET", "/desk/{slug}/staff", "admin auditor manager"),
    ("GET", "/desk/{slug}/staff/{username}/email", "admin manager"),
    ("POST", "/desk/{slug}/staff/{username}/email", "admin manager"),
    ("POST", "/desk/{slug}/staff/{username}/disabling", "admin"),
    ("POST", "/desk/{slug}/staff/{username}/enabling", "admin"),
}


def test_the_doors_are_these() -> None:
    rows = policies.table(create_app())

    assert {(method, re.sub(r":\w+}", "}", path), names.replace(",", " ")) for method, path, names in rows} == ROUTES


def test_every_role_has_somewhere_to_go() -> None:
    assert set(EVERYBODY.split()) == {role.value for role in Role}


def test_a_door_without_a_word_about_who_may_come_stops_the_start() -> None:
    @get("/open")
    async def careless() -> str:
        return ""

    with pytest.raises(RuntimeError, match="/open declares no policy"):
        policies.check_declared(Litestar([careless], openapi_config=None))


def test_a_staff_door_without_roles_stops_the_start() -> None:
    @get("/half", opt={policies.POLICY: policies.STAFF})
    async def careless() -> str:
        return ""

    with pytest.raises(RuntimeError, match="/half declares no policy"):
        policies.check_declared(Litestar([careless], openapi_config=None))
