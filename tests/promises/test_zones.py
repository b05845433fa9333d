"""P13: the zone of the server changes nothing; days and years are those of the site's zone."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.ids import new_id
from tests import factories
from tests.ground import databases, environment, forks
from tests.promises.stage import Record, Travel

pytestmark = pytest.mark.prove
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")


async def test_an_evening_is_the_same_in_whatever_zone_the_server_stands(tmp_path: Path, figure: Record) -> None:
    evenings = [await played(zone, tmp_path) for zone in ZONES]

    first = evenings[0]
    assert len({tuple(evening["zone"]) for evening in evenings}) == 3
    assert first["numbers"] == ["HT-2026-000001", "HT-2027-000001"]
    assert sum(len(rows) for rows in first["rows"].values()) > 50
    for evening in evenings[1:]:
        assert evening["numbers"] == first["numbers"]
        assert evening["rows"] == first["rows"]
        assert evening["pages"] == first["pages"]
    figure("pages that are the same in three zones of the server", len(first["pages"]), "", "P13")
    figure("rows that are the same in three zones of the server", sum(map(len, first["rows"].values())), "", "P13")


@pytest.mark.usefixtures("db")
async def test_the_year_of_a_number_is_that_of_the_sites_zone(travel: Travel) -> None:
    shanghai = await factories.make_site(slug="bay", code="BY", zone="Asia/Shanghai")
    new_york = await factories.make_site(slug="apple", code="AP", zone="America/New_York")
    years = {}

    for day, hour in ((31, 15), (31, 16), (1, 4), (1, 5)):
        travel(datetime(2026 + (day == 1), 12 if day == 31 else 1, day, hour, tzinfo=UTC))
        years[hour] = [(await factories.make_complaint(site)).number[3:7] for site in (shanghai, new_york)]

    assert years == {15: ["2026", "2026"], 16: ["2027", "2026"], 4: ["2027", "2026"], 5: ["2027", "2027"]}


async def played(zone: str, folder: Path) -> dict[str, Any]:
    """The evening in a server of that zone, on a database of its own."""
    name = f"{environment.WORKER}_{new_id().hex[-8:]}"
    await databases.fresh(name, databases.CAST)
    out, home = folder / f"{name}.json", environment.HOME / "zones"
    home.mkdir(exist_ok=True)
    env = environment.surroundings(name, home, TZ=zone, PYTEST_XDIST_WORKER=name)  # the name of its database
    try:
        result = await asyncio.to_thread(forks.run, "-m", "tests.promises.zones", str(out), env=env)
        assert result.returncode == 0, result.stderr
    finally:
        await databases.drop(name)
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found
