"""A message in the words of whoever gets it: the templates of its event, in the language set."""

from dataclasses import dataclass

from portal.events.outbox import SMS
from portal.web import templates


@dataclass(frozen=True)
class Letter:
    """What goes out; `to` is empty where there is no address any more. A text message has no subject of its own."""

    to: str
    subject: str
    text: str


def written(folder: str, *, to: str, channel: str, link: str, **known: str) -> Letter:
    """The letter of templates/notifications/<folder>. A text message is its subject and the link, in one line."""
    said = {"link": link, **known}
    subject = " ".join(templates.render(f"notifications/{folder}/subject.txt", "", said).split())
    if channel == SMS:
        return Letter(to, "", f"{subject} {link}".rstrip())
    return Letter(to, subject, templates.render(f"notifications/{folder}/body.txt", "", said))
