"""What may be typed about a complaint, and at which field a mistake is told."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from portal.domain.complaints.forms.filing import Intake, Message, NewComplaint, Rating, Rejection
from portal.domain.complaints.forms.handling import Plan, Reply, Triage
from portal.domain.queues.forms import HandOver, Note, Release, Unmask

CONTEXT = {"categories": {"room"}}
FILING = {"kind": "complaint", "body": "空调滴水", "phone": "13800138000"}
TRIAGE = {"severity": "normal", "category": "room", "kind": "complaint", "cause": "堵塞", "wish": "换房"}


def wrong(model: type[BaseModel], **typed: Any) -> list[str]:
    """The fields that are refused, in their order."""
    try:
        model.model_validate({name: value for name, value in typed.items() if value is not None}, context=CONTEXT)
    except ValidationError as refused:
        return [str(error.get("ctx", {}).get("field") or error["loc"][0]) for error in refused.errors()]
    return []


def test_words_and_a_way_to_answer_are_enough() -> None:
    """CMP-02."""
    assert wrong(NewComplaint, **FILING) == []
    assert wrong(NewComplaint, **{**FILING, "phone": None, "email": "a@example.com"}) == []


@pytest.mark.parametrize("body", [None, "", "  \n "])
def test_no_words_are_refused_at_the_words(body: str | None) -> None:
    """CMP-02."""
    assert wrong(NewComplaint, **{**FILING, "body": body}) == ["body"]


def test_no_way_to_answer_is_refused_at_the_phone_unless_anonymous() -> None:
    """CMP-02."""
    assert wrong(NewComplaint, **{**FILING, "phone": None}) == ["phone"]
    assert wrong(NewComplaint, **{**FILING, "phone": None, "anonymous": "1"}) == []


def test_who_stays_anonymous_leaves_no_contact_whatever_was_typed() -> None:
    form = NewComplaint.model_validate({**FILING, "name": "张", "email": "a@b.cn", "anonymous": "1"}, context=CONTEXT)

    assert (form.name, form.phone, form.email) == ("", "", "")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("kind", "x"), ("kind", None), ("category", "pool"), ("body", "字" * 4001), ("wish", "字" * 1001), ("place", "字" * 81),
     ("name", "字" * 61), ("phone", "12"), ("email", "x")],
)  # fmt: skip
def test_each_mistake_is_told_at_its_field(field: str, typed: str | None) -> None:
    assert wrong(NewComplaint, **{**FILING, field: typed}) == [field]


def test_all_mistakes_are_told_at_once() -> None:
    assert wrong(NewComplaint, kind="x", body="", phone="1", email="x") == ["kind", "body", "phone", "email"]
    assert wrong(NewComplaint, kind="x", body="") == ["kind", "body", "phone"]


@pytest.mark.parametrize("channel", [None, "", "portal", "fax"])
def test_an_intake_without_the_way_it_came_is_refused(channel: str | None) -> None:
    """CMP-01."""
    assert wrong(Intake, **FILING, channel=channel) == ["channel"]
    assert wrong(Intake, **FILING, channel="letter") == []


@pytest.mark.parametrize("field", ["severity", "category", "kind", "cause", "wish"])
@pytest.mark.parametrize("typed", [None, "", "x" * 2001])
def test_a_triage_needs_every_one_of_its_fields(field: str, typed: str | None) -> None:
    """CMP-03, CMP-04, CMP-10: cause and wish, kind, category and severity."""
    assert wrong(Triage, **{**TRIAGE, field: typed}) == [field]


def test_a_whole_triage_is_taken() -> None:
    assert wrong(Triage, **TRIAGE) == []


@pytest.mark.parametrize(
    ("model", "field"), [(Plan, "plan"), (Reply, "reply"), (Rejection, "reason"), (Release, "reason"), (Note, "body")]
)
def test_words_that_a_deed_needs_may_not_be_empty(model: type[BaseModel], field: str) -> None:
    """CMP-13, CMP-38."""
    assert wrong(model) == [field]
    assert wrong(model, **{field: "  "}) == [field]
    assert wrong(model, **{field: "字"}) == []


def test_a_hand_over_needs_a_receiver_and_a_reason() -> None:
    """CMP-07, CMP-25."""
    assert wrong(HandOver) == ["to", "reason"]
    assert wrong(HandOver, to="hotel.floor", reason=" ") == ["reason"]


def test_one_field_is_unmasked_and_for_a_reason() -> None:
    """P41."""
    assert wrong(Unmask, field="id_number", reason="") == ["field", "reason"]
    assert [wrong(Unmask, field=field, reason="回电") for field in ("phone", "name", "email")] == [[], [], []]


def test_a_message_is_words_or_a_photo() -> None:
    assert wrong(Message) == ["body"]
    Message.model_validate({}, context={"photos": 1})


@pytest.mark.parametrize(
    ("score", "fields"), [("0", ["score"]), ("6", ["score"]), ("", ["score"]), ("x", ["score"]), ("1", []), ("5", [])]
)
def test_a_rating_is_one_to_five(score: str, fields: list[str]) -> None:
    assert wrong(Rating, score=score) == fields
