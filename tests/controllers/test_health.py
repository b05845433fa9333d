"""Whether the process lives and can serve: told to whoever asks, without a cookie or a question too many."""

import httpx
import pytest

from portal import schema
from portal.errors import Unavailable
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def test_a_living_process_says_so_without_asking_the_database(client: httpx.AsyncClient) -> None:
    with statements() as asked:
        answer = await client.get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "ok\n", [])
    assert "set-cookie" not in answer.headers


async def test_a_process_that_can_serve_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")


async def test_a_process_whose_database_is_away_is_not_ready(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P19."""

    async def away() -> bool:
        raise Unavailable("gone")

    monkeypatch.setattr(schema, "is_current", away)
    answer = await client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "not ready\n")


async def test_a_process_whose_schema_is_older_is_not_ready(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def behind() -> bool:
        return False

    monkeypatch.setattr(schema, "is_current", behind)

    assert (await client.get("/readyz")).status_code == 503
