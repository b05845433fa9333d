"""How a visitor is addressed where others may read it."""

import pytest

from portal.domain.bookings.rules import naming
from portal.i18n.translations import set_language


@pytest.mark.parametrize(
    ("name", "salutation", "chinese", "english"),
    [
        ("李雷", "mr", "李先生", "Mr 李"),
        ("欧阳修", "ms", "欧阳女士", "Ms 欧阳"),
        ("李雷", "", "李**", "李**"),
        ("John Henry Smith", "mr", "Smith先生", "Mr Smith"),
        ("", "mr", "", ""),
    ],
)
def test_a_surname_and_no_more(name: str, salutation: str, chinese: str, english: str) -> None:
    set_language("zh-CN")
    assert naming.addressed(name, salutation) == chinese
    set_language("en")
    assert naming.addressed(name, salutation) == english
    set_language("zh-CN")
