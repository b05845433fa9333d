"""A page with every chart in every state: long labels, one value, none, many, and the table beside."""

from typing import Any

from portal import clock
from portal.i18n.translations import language, use
from portal.web import charts, templates

PLACES = ("海景套房", "大堂", "Rooftop swimming pool and the bar beside it", "宴会厅与会议中心东侧走廊尽头的休息区", "1208")
KINDS = ("投诉", "需求", "建议")
HOURS = tuple(f"{hour:02}" for hour in range(24))
DAYS = tuple(f"11/{day}" for day in range(1, 31))
AT = "/?drawn"
PAGE = """{% extends "layouts/staff.html" %}
{% block title %}{{ _("Figures") }}{% endblock %}
{% block shape %}desk__sheet desk__sheet--wide{% endblock %}
{% block rail %}{% endblock %}
{% block content %}
<header class="head"><h1>{{ _("Figures") }}</h1></header>
{% for part in parts %}<section class="sheet charted">{{ part }}</section>{% endfor %}
{% endblock %}"""


def page(tongue: str) -> str:
    """The page in one language."""
    with use(tongue):
        drawn = templates.environment().from_string(PAGE)
        return drawn.render(
            lang=language(), now=clock.now(), site=None, person=None, parts=parts(), here="/", form_token=str
        )


def parts() -> list[str]:
    """Charts with the tables beside them."""
    ui: Any = templates.environment().globals["ui"]
    places = [(name, (9 - place) ** 3 % 97, AT) for place, name in enumerate(PLACES)]
    hours = [(hour, (int(hour) * 7 + 3) % 23, AT) for hour in HOURS]
    series = [(kind, [(place * 5 + number * 11) % (9 + number * 4) for place in range(12)], [AT] * 12)
              for number, kind in enumerate(KINDS)]  # fmt: skip
    months = [f"{month}月" for month in range(1, 13)]
    medians = [(kind, [None if day % 9 == 4 else 30 + (day * (number + 3)) % 55 for day in range(30)], [AT] * 30)
               for number, kind in enumerate(KINDS)]  # fmt: skip
    many = [(f"第{place}类", 61 - place, AT) for place in range(60)]
    groups = [(name, [(day, (int(day[3:]) * (place + 2)) % (4 + place * 6), AT) for day in DAYS], AT)
              for place, name in enumerate(PLACES)]  # fmt: skip
    heads = ("月", *KINDS)
    table = charts.table(months, series)
    return [
        ui.bars("哪里的投诉最多？", places) + ui.figures_table("哪里的投诉最多？", ("地点", "投诉"),
            [(label, [(value, href)]) for label, value, href in places], ("合计", [(sum(p[1] for p in places), AT)])),
        ui.bars("什么时候收到？", hours, columns=True) + ui.figures_table("什么时候收到？", ("时", "投诉"),
            [(label, [(value, href)]) for label, value, href in hours[:6]], named=False),
        ui.stacked("kinds", "每月收到什么？", months, series, columns=True)
            + ui.figures_table("每月收到什么？", heads, table, named=False),
        ui.stacked("across", "每月收到什么？", months[:4], [(n, v[:4], h[:4]) for n, v, h in series]),
        ui.lines("多久答复？", DAYS, medians, unit="minutes") + ui.lines("及时率", months, [
            ("及时", [0.5 + month / 30 for month in range(12)], [])], unit="share"),
        ui.multiples("各处每天", groups),
        ui.bars("只有一个", [("大堂", 7, AT)]) + ui.bars("一个也没有", [(day, 0, "") for day in DAYS[:7]], columns=True),
        ui.bars("赔偿", [("房费减免", 128050, AT), ("餐饮", 66600, AT), ("其他", None, "")], unit="money"),
        ui.bars("很多", many),
    ]  # fmt: skip
