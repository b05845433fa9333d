"""The catalogues: complete, and kept so."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from portal.i18n import catalog

PAGE = """{% trans %}Hello{% endtrans %} {{ _("What happened?") }} {{ pgettext("role", "Owner") }}
{{ ngettext("%(num)s hand-over", "%(num)s hand-overs", n) }} {{ _("by %(name)s", name=x) }}"""
CODE = 'from x import N_, NP_, _\nA = N_("Marked")\nB = NP_("kind", "Report")\nprint(_("What happened?"))\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates" / "sites").mkdir(parents=True)
    (tmp_path / "templates" / "sites" / "show.html").write_text(PAGE)
    (tmp_path / "code.py").write_text(CODE)
    return tmp_path


def updated(root: Path, before: str = "", lang: str = "zh-CN") -> tuple[str, list[str]]:
    made, gone = catalog.merged(catalog.gathered(root), before, lang)
    return catalog.written(made, lang), gone


def faults(root: Path, text: str, lang: str = "zh-CN") -> list[str]:
    return list(catalog.missing(catalog.merged(catalog.gathered(root), text, lang)[0]))


def test_the_portals_catalogues_are_complete() -> None:
    assert catalog.main(["--check"]) == 0


def test_words_are_found_in_code_and_templates(root: Path) -> None:
    assert set(catalog.gathered(root)) == {
        ("Hello", None),
        ("What happened?", None),
        ("Owner", "role"),
        (("%(num)s hand-over", "%(num)s hand-overs"), None),
        ("by %(name)s", None),
        ("Marked", None),
        ("Report", "kind"),
    }


def test_a_template_that_cannot_be_read_stops_the_run(root: Path) -> None:
    (root / "templates" / "broken.html").write_text("{% if %}")

    with pytest.raises(Exception, match="Expected an expression"):
        catalog.gathered(root)


def test_english_says_what_the_code_says(root: Path) -> None:
    text, _gone = updated(root, lang="en")

    assert 'msgid "What happened?"\nmsgstr "What happened?"' in text
    assert 'msgstr[0] "%(num)s hand-over"\nmsgstr[1] "%(num)s hand-overs"' in text
    assert faults(root, text, "en") == []


def test_translations_stay_and_what_nobody_says_goes(root: Path) -> None:
    text, _gone = updated(root)
    text = text.replace('msgid "What happened?"\nmsgstr ""', 'msgid "What happened?"\nmsgstr "发生了什么？"')
    (root / "code.py").write_text('_("What happened?")\n')

    text, gone = updated(root, text)

    assert 'msgstr "发生了什么？"' in text
    assert sorted(gone) == ["Marked", "Report"]
    assert "Marked" not in text
    assert updated(root, text) == (text, [])


def test_what_is_missing_uncertain_or_loses_a_name_is_told(root: Path) -> None:
    text, _gone = updated(root)
    text = text.replace('msgid "Hello"\nmsgstr ""', '#, fuzzy\nmsgid "Hello"\nmsgstr "你好"')
    text = text.replace('msgid "by %(name)s"\nmsgstr ""', 'msgid "by %(name)s"\nmsgstr "由 %(nmae)s"')

    found = faults(root, text)

    assert "fuzzy: Hello" in found
    assert "missing: Marked" in found
    assert [fault for fault in found if fault.endswith(": by %(name)s")] != []
    assert not any("What happened so far" in fault for fault in found)


def test_a_catalogue_has_no_dates_and_no_places(root: Path) -> None:
    text, _gone = updated(root)

    assert "POT-Creation-Date" not in text
    assert "#:" not in text
    assert isinstance(catalog.merged([], text, "zh-CN")[0], Catalog)
