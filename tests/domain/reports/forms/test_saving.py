"""What may be kept: a known report, a range that moves along or two days, a role that reads."""

import pytest
from pydantic import ValidationError

from portal.domain.reports.forms.saving import Keeping

TYPED = {"name": "本月投诉", "path": "complaints", "range": "month", "role": "manager", "cadence": "monthly", "hour": "9"}


@pytest.mark.parametrize(("more", "query"), [
    ({}, "range=month&by=received"),
    ({"by": "closed", "from": "2026-01-01"}, "range=month&by=closed"),
    ({"range": "own", "from": "2026-01-01", "to": "2026-01-31"}, "from=2026-01-01&to=2026-01-31&by=received"),
])  # fmt: skip
def test_a_named_range_stays_its_name(more: dict[str, str], query: str) -> None:
    assert Keeping.model_validate(TYPED | more).query == query


@pytest.mark.parametrize(("more", "field"), [
    ({"path": "../settings"}, "path"), ({"path": "//evil.example"}, "path"), ({"role": "desk"}, "role"),
    ({"range": "ever"}, "range"), ({"hour": "24"}, "hour"), ({"cadence": "hourly"}, "cadence"), ({"range": "own"}, "from"),
    ({"range": "own", "from": "2026-02-01", "to": "2026-01-01"}, "to"), ({"name": " "}, "name"),
])  # fmt: skip
def test_anything_else_is_refused_at_its_field(more: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Keeping.model_validate(TYPED | more)

    (error,) = refused.value.errors()
    assert ((error.get("ctx") or {}).get("field") or error["loc"][0]) == field
