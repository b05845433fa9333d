"""The words for the values that rows hold: what a kind, a state or a role is called."""

from portal.i18n.translations import NP_, pgettext

LABELS = {
    "kind": {
        "complaint": NP_("kind", "Complaint"),
        "suggestion": NP_("kind", "Suggestion"),
        "enquiry": NP_("kind", "Enquiry"),
        "dispute": NP_("kind", "Dispute"),
        "report": NP_("kind", "Report of wrongdoing"),
        "request": NP_("kind", "Request"),
        "reception": NP_("kind", "Reception and service"),
    },
    "severity": {
        "minor": NP_("severity", "Minor"),
        "normal": NP_("severity", "Normal"),
        "severe": NP_("severity", "Severe"),
    },
    "channel": {
        "portal": NP_("channel", "Portal"),
        "desk": NP_("channel", "At the desk"),
        "phone": NP_("channel", "By phone"),
        "email": NP_("channel", "By e-mail"),
        "letter": NP_("channel", "By letter"),
        "mailbox": NP_("channel", "Suggestion box"),
        "social": NP_("channel", "Social media"),
        "visit": NP_("channel", "During a visit"),
    },
    "state": {
        "received": NP_("state", "Received"),
        "triaged": NP_("state", "Triaged"),
        "planned": NP_("state", "In hand"),
        "answered": NP_("state", "Answered"),
        "closed": NP_("state", "Closed"),
        "open": NP_("state", "Open"),
        "paused": NP_("state", "Paused"),
        "escalated": NP_("state", "Escalated"),
        "late": NP_("state", "Late"),
        "soon": NP_("state", "Due soon"),
        "reopened": NP_("state", "Reopened"),
    },
    "role": {
        "desk": NP_("role", "Front desk"),
        "guard": NP_("role", "Guard"),
        "floor": NP_("role", "Floor service"),
        "sales": NP_("role", "Sales"),
        "kitchen": NP_("role", "Kitchen"),
        "manager": NP_("role", "Manager"),
        "finance": NP_("role", "Finance"),
        "auditor": NP_("role", "Auditor"),
        "admin": NP_("role", "Administrator"),
        "owner": NP_("role", "Property owner"),
    },
    "site": {
        "hotel": NP_("site", "Hotel"),
        "restaurant": NP_("site", "Restaurant"),
        "tower": NP_("site", "Office tower"),
        "showroom": NP_("site", "Showroom"),
    },
    "place": {
        "room": NP_("place", "Room"),
        "table": NP_("place", "Table"),
        "floor": NP_("place", "Floor"),
        "gate": NP_("place", "Gate"),
        "area": NP_("place", "Area"),
    },
    "clock": {
        "acknowledge": NP_("clock", "Acknowledge by"),
        "resolve": NP_("clock", "Resolve by"),
    },
    "entry": {
        "filing": NP_("entry", "What happened"),
        "asked": NP_("entry", "What is asked for"),
        "message-in": NP_("entry", "From the customer"),
        "message-out": NP_("entry", "To the customer"),
        "note": NP_("entry", "Note"),
        "cause": NP_("entry", "Cause as understood"),
        "wish": NP_("entry", "What the customer wishes"),
        "plan": NP_("entry", "Plan"),
        "reply": NP_("entry", "Answer"),
        "reason": NP_("entry", "Reason"),
        "rejection": NP_("entry", "Why it was rejected"),
        "comment": NP_("entry", "Comment"),
    },
    "owner": {
        "me": NP_("owner", "Mine"),
        "none": NP_("owner", "Nobody's"),
    },
    "access": {
        "sign-in": NP_("access", "Signed in"),
        "unmask": NP_("access", "Saw in full"),
        "settings": NP_("access", "Changed settings"),
    },
    "field": {
        "name": NP_("field", "Name"),
        "phone": NP_("field", "Phone"),
        "email": NP_("field", "E-mail"),
    },
    "audience": {
        "customer": NP_("audience", "Customer"),
        "staff": NP_("audience", "Colleague"),
    },
    "way": {
        "email": NP_("way", "E-mail"),
        "sms": NP_("way", "Text message"),
    },
    "message": {
        "waiting": NP_("message", "Waiting"),
        "sent": NP_("message", "Sent"),
        "off": NP_("message", "Not set up"),
        "dead": NP_("message", "Given up"),
    },
    "outcome": {
        "network": NP_("outcome", "the server did not answer"),
        "address": NP_("outcome", "not an address"),
        "no-address": NP_("outcome", "the address is gone"),
        "error": NP_("outcome", "could not be written"),
    },
    "result": {
        "done": NP_("result", "Done"),
        "refused": NP_("result", "Refused"),
    },
    "event": {
        "complaint.filed": NP_("event", "Filed"),
        "complaint.told": NP_("event", "Message to the customer"),
        "complaint.wrote": NP_("event", "Message from the customer"),
        "complaint.triaged": NP_("event", "Triaged"),
        "complaint.retriaged": NP_("event", "Triaged again"),
        "complaint.planned": NP_("event", "Plan made"),
        "complaint.replanned": NP_("event", "Plan changed"),
        "complaint.answered": NP_("event", "Answered"),
        "complaint.accepted": NP_("event", "Answer accepted"),
        "complaint.rejected": NP_("event", "Answer rejected"),
        "complaint.closed": NP_("event", "Closed"),
        "complaint.rated": NP_("event", "Rated"),
        "complaint.link-renewed": NP_("event", "New link for the customer"),
        "complaint.contact-erased": NP_("event", "Contact details erased"),
        "item.claimed": NP_("event", "Taken on"),
        "item.released": NP_("event", "Given back"),
        "item.handed-over": NP_("event", "Handed over"),
        "item.noted": NP_("event", "Note added"),
        "item.unmasked": NP_("event", "Contact details looked at"),
        "item.unmaskings-refused": NP_("event", "Asks for too many contacts in full"),
        "item.due-soon": NP_("event", "Due soon"),
        "item.escalated": NP_("event", "Escalated to the manager"),
        "message.revived": NP_("event", "Message tried again"),
        "site.created": NP_("event", "Site created"),
        "site.settings-changed": NP_("event", "Settings changed"),
        "site.units-changed": NP_("event", "Units of the categories changed"),
        "site.places-changed": NP_("event", "Places changed"),
        "site.category-added": NP_("event", "Category added"),
        "site.category-changed": NP_("event", "Category changed"),
        "site.category-retired": NP_("event", "Category no longer offered"),
        "site.category-returned": NP_("event", "Category offered again"),
        "account.created": NP_("event", "Account created"),
        "account.address-changed": NP_("event", "E-mail for notices changed"),
        "account.disabled": NP_("event", "Account disabled"),
        "account.enabled": NP_("event", "Account enabled"),
        "account.password-changed": NP_("event", "Password changed"),
    },
}


def label(group: str, value: str) -> str:
    """What a value of this group is called; one without a word shows itself."""
    known = LABELS[group].get(value)
    return pgettext(*known) if known else value


def options(group: str) -> list[tuple[str, str]]:
    """The values of a group with their words, in their order, for a list to choose from."""
    return [(value, pgettext(*word)) for value, word in LABELS[group].items()]
