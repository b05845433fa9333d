"""The templates: strict, translated, and able to render one block of a page alone."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal import settings
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import gettext, ngettext, npgettext, pgettext
from portal.web import charts
from portal.web.assets import Assets

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"


class Components:
    """`ui.card(…)`: the macro of the same name in templates/components/card.html."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._macros:
            self._macros[name] = getattr(self._environment.get_template(f"components/{name}.html").module, name)
        return self._macros[name]


@cache
def assets() -> Assets:
    """The static files of this version."""
    return Assets(ROOT / "static")


@cache
def environment() -> Environment:
    """The one environment; templates are read once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals |= {
        "_": _translated,
        "gettext": _translated,
        "label": label,
        "asset": assets(),
        "ui": Components(made),
        "charts": charts,
        "organisation": settings.current().organisation,
        **{
            name: getattr(formats, name)
            for name in (
                "instant",
                "local",
                "worked",
                "moment",
                "ago",
                "span",
                "countdown",
                "day",
                "number",
                "money",
                "capped",
                "weekday",
            )
        },
    }
    return made


@pass_eval_context
def _translated(here: EvalContext, message: str, /, **variables: object) -> str:
    """Jinja's own `gettext`, which makes a context for each of a page's hundreds of messages; this one needs none."""
    text = gettext(message)
    said = Markup(text) if here.autoescape else text  # noqa: S704  # the catalogue's own words; variables are escaped
    return said % variables if "%" in text else said


def render(name: str, fragment: str, context: dict[str, Any]) -> str:
    """A whole page, or the one block named `fragment`."""
    template = environment().get_template(name)
    if not fragment:
        return template.render(context)
    return block(template, fragment, context)


def block(template: Template, name: str, context: dict[str, Any]) -> str:
    """One block of a template, by itself."""
    return "".join(template.blocks[name](template.new_context(context)))
