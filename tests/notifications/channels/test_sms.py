"""Text messages by a real post to a gateway on loopback."""

import pytest

from portal import ids
from portal.notifications.channels import sms
from tests.notifications import servers


async def test_a_message_is_posted_with_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ids.new_id()
    async with servers.gateway() as gateway:
        servers.use(monkeypatch, texts=gateway)
        assert (await sms.send(key, to="+8613800138000", text="海湾酒店：已收到")).sent

    ((headers, body),) = gateway.taken
    assert body == {"id": str(key), "to": "+8613800138000", "text": "海湾酒店：已收到"}
    assert (headers["idempotency-key"], headers["authorization"]) == (str(key), "Bearer the key")


@pytest.mark.parametrize(
    ("status", "final"), [(500, False), (503, False), (429, False), (401, False), (400, True), (422, True), (302, True)]
)
async def test_a_gateway_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    monkeypatch: pytest.MonkeyPatch, status: int, final: bool
) -> None:
    """P38: an answer that leads elsewhere is not followed."""
    async with servers.gateway() as gateway:
        gateway.answers = [status]
        servers.use(monkeypatch, texts=gateway)
        result = await sms.send(ids.new_id(), to="+8613800138000", text="x")

    assert (result.sent, result.outcome, result.final, gateway.taken) == (False, f"http-{status}", final, [])


async def test_a_gateway_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with servers.gateway() as gateway:
        servers.use(monkeypatch, texts=gateway)
    result = await sms.send(ids.new_id(), to="+8613800138000", text="x")

    assert (result.outcome, result.final) == ("network", False)
