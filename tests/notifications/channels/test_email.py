"""E-mail by a real SMTP client to a real server on loopback."""

from pathlib import Path

import pytest

from portal import ids
from portal.notifications.channels import email
from tests.notifications import servers

WORDS = {"to": "zhang@example.com", "subject": "海湾酒店：已收到", "text": "海湾酒店\n\n请看：https://care.example.com/c/abc\n"}


async def test_a_message_arrives_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ids.new_id()
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
        result = await email.send(key, **WORDS)

    assert result.sent
    ((to, message),) = server.taken
    assert (to, message["to"], message["subject"]) == ([WORDS["to"]], WORDS["to"], WORDS["subject"])
    assert (message["from"], message["auto-submitted"]) == ("海湾酒店 <care@bay.example>", "auto-generated")
    assert message["message-id"] == f"<{key}@127.0.0.1>"
    assert message.get_content().replace("\r\n", "\n") == WORDS["text"]


@pytest.mark.parametrize(
    ("answer", "outcome", "final"),
    [("450 busy", "smtp-450", False), ("421 closing", "smtp-421", False), ("550 no such user", "smtp-550", True)],
)
async def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    monkeypatch: pytest.MonkeyPatch, answer: str, outcome: str, final: bool
) -> None:
    async with servers.mail() as server:
        server.answers = [answer]
        servers.use(monkeypatch, mail=server)
        result = await email.send(ids.new_id(), **WORDS)

    assert (result.sent, result.outcome, result.final) == (False, outcome, final)


async def test_a_server_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
    result = await email.send(ids.new_id(), **WORDS)

    assert (result.outcome, result.final) == ("network", False)


async def test_nothing_is_told_to_a_server_that_will_not_encrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server, starttls=True)
        result = await email.send(ids.new_id(), **WORDS)

    assert (result.sent, result.final, server.taken) == (False, False, [])


@pytest.mark.parametrize("tls", [True, False], ids=["smtps", "starttls"])
async def test_only_a_server_whose_certificate_is_good_is_told_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tls: bool
) -> None:
    own, trusting = servers.certificate(tmp_path)
    async with servers.mail(tls=own if tls else None, starttls=None if tls else own) as server:
        servers.use(monkeypatch, mail=server, tls=tls, starttls=not tls)
        unknown = await email.send(ids.new_id(), **WORDS)
        assert (unknown.sent, unknown.trouble, server.taken) == (False, True, [])

        monkeypatch.setattr(email, "_tls", lambda: trusting)
        assert (await email.send(ids.new_id(), **WORDS)).sent

    assert len(server.taken) == 1


@pytest.mark.parametrize("to", ["–", "a@b.cn\r\nBcc: c@d.cn", "张@example.com"])
async def test_what_is_no_address_is_never_tried(monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
        result = await email.send(ids.new_id(), **{**WORDS, "to": to})

    assert (result.outcome, result.final, server.taken) == ("address", True, [])
