"""The migrations make what the tables say, and what they make is the same on both engines, to the last index."""

import re
from itertools import chain

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager

from portal import database, schema, settings
from portal.piccolo_app import APP_CONFIG
from tests.ground import environment

Rows = list[dict[str, object]]
pytestmark = pytest.mark.usefixtures("db")

# table (columns), "unique" or "", condition
INDEXES = {
    ("absence (site)", "", ""),
    ("access_entry (at)", "", ""),
    ("access_entry (site)", "", ""),
    ("access_entry (subject, id)", "", "action = 'open' and result = 'done'"),
    ("account (username)", "unique", ""),
    ("acquaintance (customer)", "", ""),
    ("acquaintance (customer, site)", "unique", ""),
    ("acquaintance (site)", "", ""),
    ("alarm (site)", "", ""),
    ("alarm (site, raised_at)", "", "answered_at is null"),
    ("arrival (booking)", "unique", "booking is not null and ended_at is null"),
    ("arrival (item)", "unique", ""),
    ("arrival (site, called_at)", "", "called_at is not null"),
    ("arrival (site, day, came_at)", "", ""),
    ("arrival (token_hash)", "unique", ""),
    ("arrival (type, day, ticket)", "unique", ""),
    ("arrival (type, phone_index)", "unique", "phone_index <> '' and ended_at is null"),
    ("blackout (site)", "", ""),
    ("block (document_index)", "", ""),
    ("block (phone_index)", "", ""),
    ("block (site)", "", ""),
    ("board (site, quarter, tiers)", "unique", "state = 'published'"),
    ("board_reading (board, reader)", "unique", ""),
    ("booking (asked_until)", "", "asked_until is not null"),
    ("booking (customer)", "", ""),
    ("booking (follows)", "", ""),
    ("booking (item)", "unique", ""),
    ("booking (site, code)", "unique", "code <> ''"),
    ("booking (recurrence)", "", ""),
    ("booking (site, day, begins_at)", "", ""),
    ("booking (token_hash)", "unique", ""),
    ("bulk (at)", "", ""),
    ("category (site)", "", ""),
    ("category (site, code)", "unique", ""),
    ("cause (site, code)", "unique", ""),
    ("clock (due_at)", "", "stopped_at is null and missed_at is null"),
    ("clock (edition)", "", "stopped_at is null"),
    ("clock (item)", "", ""),
    ("clock (item, kind)", "unique", "stopped_at is null"),
    ("clock (item, kind, round)", "unique", ""),
    ("clock (warn_at)", "", "stopped_at is null and warned_at is null"),
    ("complaint (customer)", "", ""),
    ("complaint (item)", "unique", ""),
    ("complaint (token_hash)", "unique", ""),
    ("compensation (item)", "", ""),
    ("compensation (item)", "unique", "decided_at is null"),
    ("compensation (site, id)", "", ""),
    ("complaint (silent_from)", "", "accepted_at is null and silent_from is not null"),
    ("corrective_action (item)", "", ""),
    ("corrective_action (owner)", "", "effect is null"),
    ("customer (phone_index)", "unique", ""),
    ("day (type, day)", "unique", ""),
    ("delivery (channel, due_at)", "", "state = 'waiting'"),
    ("delivery (event)", "", ""),
    ("delivery (event, recipient, channel)", "unique", ""),
    ("delivery (recipient, due_at)", "", "done_at is null"),
    ("delivery (site, id)", "", "state <> ''"),
    ("delivery (site, id)", "", "state = 'dead'"),
    ("digest (site, made_on)", "unique", ""),
    ("display (site)", "", ""),
    ("display (token_hash)", "unique", ""),
    ("door (code)", "unique", ""),
    ("door (site)", "", ""),
    ("door (slug)", "unique", ""),
    ("engagement (booking)", "", ""),
    ("engagement (resource, begins_at)", "", ""),
    ("entry (event)", "", ""),
    ("entry (item)", "", ""),
    ("escalation (clock)", "", ""),
    ("escalation (clock, level)", "unique", ""),
    ("escalation (next_at)", "", ""),
    ("event (subject)", "", ""),
    ("export (expires_at)", "", "stage = 'asked' or stage = 'waiting' or stage = 'done'"),
    ("export (person)", "unique", "stage = 'running'"),
    ("export (person, id)", "", ""),
    ("export (person, personal)", "unique", "stage = 'asked' or stage = 'waiting' or stage = 'running'"),
    ("export (site)", "", ""),
    ("extension (item)", "", ""),
    ("extension (item, number)", "unique", ""),
    ("fact (item, round)", "unique", ""),
    ("fact (site, closed, id)", "", "closed is not null"),
    ("fact (site)", "", "kept = 1"),
    ("fact (site)", "", "round > 1"),
    ("fact (site, received, id)", "", ""),
    ("form_use (at)", "", ""),
    ("hours (site)", "", ""),
    ("membership (account)", "", ""),
    ("membership (account, role)", "unique", "site is null"),
    ("membership (account, site, role)", "unique", ""),
    ("membership (site)", "", ""),
    ("named (item, account)", "unique", ""),
    ("officer (site, account)", "unique", ""),
    ("pause (item)", "", ""),
    ("pause (item)", "unique", "ended_at is null"),
    ("phrases (site)", "unique", ""),
    ("party (item)", "unique", ""),
    ("party (token_hash)", "unique", ""),
    ("photo (subject)", "", ""),
    ("place (site)", "", ""),
    ("place (site, code)", "unique", ""),
    ("policy (site)", "", ""),
    ("photo (file)", "", "file is not null"),
    ("photo (subject)", "", ""),
    ("place (site)", "", ""),
    ("place (site, code)", "unique", ""),
    ("preparation (booking, code)", "unique", ""),
    ("presence (item, account)", "unique", ""),
    ("presence (seen_at)", "", ""),
    ("product (item)", "unique", ""),
    ("proof (browser, phone_index)", "unique", ""),
    ("proof (expires_at)", "", ""),
    ("rate (since)", "", ""),
    ("remembered (customer)", "", ""),
    ("remembered (subject)", "", ""),
    ("remembered (token_hash)", "unique", ""),
    ("reservation (booking)", "", ""),
    ("reservation (browser)", "unique", ""),
    ("reservation (type, begins_at)", "", ""),
    ("resource (place)", "unique", ""),
    ("resource (site, account)", "unique", ""),
    ("return_note (item)", "", ""),
    ("return_note (item, number)", "unique", ""),
    ("saved_report (site)", "", ""),
    ("series (site)", "", ""),
    ("series (site, year)", "unique", ""),
    ("session (account)", "", ""),
    ("session (token_hash)", "unique", ""),
    ("site (code)", "unique", ""),
    ("site (slug)", "unique", ""),
    ("special_day (site)", "", ""),
    ("special_day (site, on)", "unique", ""),
    ("station (site)", "", ""),
    ("station (site, code)", "unique", ""),
    ("template (site, language, name)", "unique", ""),
    ("task (item)", "", ""),
    ("task (site, department)", "", "ended_at is null"),
    ("ticket (type, day)", "unique", ""),
    ("visit_day (type, day)", "unique", ""),
    ("visit_hours (type)", "", ""),
    ("visit_type (site)", "", ""),
    ("visit_type (site, code)", "unique", ""),
    ("work_item (category)", "", ""),
    ("work_item (due_at)", "", "closed_at is null and line = 'bookings'"),
    ("work_item (filed_by)", "", "closed_at is null"),
    ("work_item (merged_into)", "", "merged_into is not null"),
    ("work_item (number)", "unique", ""),
    ("work_item (owner)", "", "closed_at is null"),
    ("work_item (site)", "", ""),
    ("work_item (site)", "", "closed_at is null and line = 'bookings' and state = 'waiting'"),
    ("work_item (site, closed_at, id)", "", "closed_at is not null and line = 'complaints'"),
    ("work_item (site, due_at, id)", "", "closed_at is null and line = 'arrivals'"),
    ("work_item (site, on_time, severity, tier, due_at, arrived_at, id)", "", "closed_at is null and line = 'complaints'"),
    ("work_item (split_from)", "", "split_from is not null"),
}

REFERENCES = {
    "absence.account -> account",
    "absence.deputy -> account",
    "absence.site -> site",
    "acquaintance.customer -> customer",
    "acquaintance.site -> site",
    "alarm.answered_by -> account",
    "alarm.raised_by -> account",
    "alarm.site -> site",
    "arrival.booking -> booking",
    "arrival.door -> door",
    "arrival.item -> work_item",
    "arrival.site -> site",
    "arrival.station -> station",
    "arrival.type -> visit_type",
    "blackout.by -> account",
    "blackout.site -> site",
    "blackout.type -> visit_type",
    "block.by -> account",
    "block.lifted_by -> account",
    "block.site -> site",
    "board.published_by -> account",
    "board.site -> site",
    "board.written_by -> account",
    "board_reading.board -> board",
    "booking.arrived_by -> account",
    "booking.asked_person -> account",
    "booking.asked_place -> place",
    "booking.customer -> customer",
    "booking.follows -> booking",
    "booking.item -> work_item",
    "booking.place -> place",
    "booking.ready_by -> account",
    "booking.recurrence -> recurrence",
    "booking.received_by -> account",
    "booking.site -> site",
    "booking.type -> visit_type",
    "bulk.by -> account",
    "bulk.site -> site",
    "category.site -> site",
    "cause.site -> site",
    "clock.item -> work_item",
    "compensation.decider -> account",
    "compensation.item -> work_item",
    "compensation.proposer -> account",
    "compensation.site -> site",
    "complaint.customer -> customer",
    "complaint.item -> work_item",
    "corrective_action.checker -> account",
    "corrective_action.item -> work_item",
    "corrective_action.owner -> account",
    "day.type -> visit_type",
    "delivery.event -> event",
    "digest.site -> site",
    "display.made_by -> account",
    "display.site -> site",
    "door.place -> place",
    "door.site -> site",
    "engagement.booking -> booking",
    "engagement.resource -> resource",
    "entry.author -> account",
    "entry.event -> event",
    "entry.item -> work_item",
    "escalation.acknowledged_by -> account",
    "escalation.clock -> clock",
    "hours.site -> site",
    "export.decided_by -> account",
    "export.person -> account",
    "export.site -> site",
    "extension.asked_by -> account",
    "extension.decided_by -> account",
    "extension.item -> work_item",
    "fact.item -> work_item",
    "fact.site -> site",
    "membership.account -> account",
    "membership.site -> site",
    "officer.account -> account",
    "officer.site -> site",
    "party.item -> work_item",
    "named.account -> account",
    "named.item -> work_item",
    "pause.began_by -> account",
    "pause.ended_by -> account",
    "pause.item -> work_item",
    "phrases.site -> site",
    "place.site -> site",
    "policy.site -> site",
    "preparation.booking -> booking",
    "preparation.done_by -> account",
    "product.item -> work_item",
    "proof.site -> site",
    "remembered.customer -> customer",
    "recurrence.by -> account",
    "recurrence.site -> site",
    "reservation.booking -> booking",
    "reservation.type -> visit_type",
    "resource.account -> account",
    "resource.place -> place",
    "resource.site -> site",
    "return_note.decided_by -> account",
    "return_note.instructed_by -> account",
    "return_note.issued_by -> account",
    "return_note.item -> work_item",
    "return_note.received_by -> account",
    "saved_report.created_by -> account",
    "saved_report.site -> site",
    "series.site -> site",
    "session.account -> account",
    "special_day.site -> site",
    "station.site -> site",
    "template.site -> site",
    "presence.account -> account",
    "presence.item -> work_item",
    "task.asked_by -> account",
    "task.ended_by -> account",
    "task.item -> work_item",
    "task.owner -> account",
    "task.site -> site",
    "ticket.type -> visit_type",
    "visit_day.type -> visit_type",
    "visit_hours.type -> visit_type",
    "visit_type.place -> place",
    "visit_type.site -> site",
    "work_item.category -> category",
    "work_item.filed_by -> account",
    "work_item.first_asked -> account",
    "work_item.giver -> account",
    "work_item.merged_into -> work_item",
    "work_item.owner -> account",
    "work_item.place -> place",
    "work_item.site -> site",
    "work_item.split_from -> work_item",
}

TRIGGERS = {
    "access_entry DELETE", "access_entry UPDATE", "entry INSERT", "event DELETE", "event UPDATE", "event INSERT",
}  # fmt: skip

NULLABLE = {
    "absence.begun_at",
    "absence.cancelled_at",
    "access_entry.account",
    "access_entry.entry",
    "access_entry.site",
    "access_entry.subject",
    "account.disabled_at",
    "alarm.answered_at",
    "alarm.answered_by",
    "arrival.alerted_at",
    "arrival.booking",
    "arrival.called_at",
    "arrival.door",
    "arrival.ended_at",
    "arrival.host_contacted_at",
    "arrival.not_before",
    "arrival.rung_at",
    "arrival.served_at",
    "arrival.station",
    "blackout.by",
    "blackout.type",
    "block.lifted_at",
    "block.lifted_by",
    "block.site",
    "block.until",
    "board.ended_at",
    "board.published_at",
    "board.published_by",
    "booking.arrived_at",
    "booking.arrived_by",
    "booking.asked_begins_at",
    "booking.asked_person",
    "booking.asked_place",
    "booking.asked_until",
    "booking.begins_at",
    "booking.confirmed_at",
    "booking.customer",
    "booking.ends_at",
    "booking.follows",
    "booking.place",
    "booking.ready_at",
    "booking.ready_by",
    "booking.recurrence",
    "booking.received_at",
    "booking.received_by",
    "booking.seen_off_at",
    "booking.lined_up_at",
    "booking.reminded_first",
    "booking.reminded_last",
    "booking.wanted_from",
    "booking.wanted_to",
    "clock.missed_at",
    "clock.paused_at",
    "clock.policy",
    "clock.stopped_at",
    "clock.warned_at",
    "complaint.accepted_at",
    "complaint.answered_at",
    "complaint.customer",
    "complaint.forwarded_at",
    "complaint.rating",
    "complaint.reminded_at",
    "complaint.satisfied",
    "complaint.silent_from",
    "complaint.verified_at",
    "complaint.visited_at",
    "compensation.decided_at",
    "compensation.decider",
    "corrective_action.checked_at",
    "corrective_action.checker",
    "corrective_action.effect",
    "delivery.done_at",
    "delivery.site",
    "display.revoked_at",
    "display.seen_at",
    "door.place",
    "engagement.expires_at",
    "entry.author",
    "escalation.acknowledged_at",
    "escalation.acknowledged_by",
    "escalation.next_at",
    "event.by",
    "event.site",
    "export.decided_at",
    "export.decided_by",
    "export.ended_at",
    "export.held_until",
    "extension.decided_at",
    "extension.decided_by",
    "fact.closed",
    "fact.fen",
    "fact.satisfied",
    "fact.rating",
    "fact.acknowledge_own",
    "fact.acknowledge_wall",
    "fact.acknowledge_late",
    "fact.answer_own",
    "fact.answer_wall",
    "fact.answer_late",
    "fact.resolve_own",
    "fact.resolve_wall",
    "fact.resolve_late",
    "membership.site",
    "pause.began_by",
    "pause.ended_at",
    "pause.ended_by",
    "pause.until",
    "photo.file",
    "proof.proven_at",
    "reservation.booking",
    "reservation.browser",
    "reservation.expires_at",
    "resource.account",
    "resource.place",
    "return_note.decided_at",
    "return_note.decided_by",
    "return_note.instructed_by",
    "return_note.received_at",
    "return_note.received_by",
    "return_note.shipped_at",
    "session.ended_at",
    "task.asked_by",
    "task.ended_at",
    "task.ended_by",
    "task.owner",
    "visit_type.lead_minutes",
    "visit_type.limit_hours",
    "visit_type.place",
    "work_item.closed_at",
    "work_item.filed_by",
    "work_item.first_asked",
    "work_item.giver",
    "work_item.leaves_at",
    "work_item.merged_into",
    "work_item.owner",
    "work_item.place",
    "work_item.split_from",
}


async def test_the_tables_say_nothing_that_no_migration_makes() -> None:
    found = await AutoMigrationManager().get_alter_statements(app_config=APP_CONFIG)

    assert list(chain(*(alteration.statements for alteration in found))) == []


async def test_there_is_one_line_of_migrations_each_with_a_description() -> None:
    files = sorted(settings.ROOT.joinpath("migrations").glob("*.py"))

    assert all(re.fullmatch(r"portal_\d{4}_\d\d_\d\dt\d\d_\d\d_\d\d_\d{6}", path.stem) for path in files)
    for path in files:
        assert re.search(r'^DESCRIPTION = "\S', path.read_text(encoding="utf-8"), re.MULTILINE), path.name


async def test_a_migrated_database_is_current() -> None:
    assert await schema.is_current()


async def test_the_indexes_are_these() -> None:
    assert await (sqlite_indexes() if sqlite() else postgres_indexes()) == INDEXES


async def test_every_reference_forbids_removal_of_what_it_names() -> None:
    assert await (sqlite_references() if sqlite() else postgres_references()) == REFERENCES


async def test_the_triggers_are_these() -> None:
    query = (
        "SELECT tbl_name AS t, sql AS verb FROM sqlite_master WHERE type = 'trigger'"
        if sqlite()
        else "SELECT event_object_table AS t, event_manipulation AS verb FROM information_schema.triggers"
    )
    rows = await asked(query)

    verbs = re.compile("UPDATE|DELETE|INSERT")
    assert {f"{row['t']} {verbs.findall(str(row['verb']))[0]}" for row in rows} == TRIGGERS


async def test_only_these_columns_may_be_empty() -> None:
    found = set()
    for table in await tables():
        if sqlite():
            rows = await asked(f"SELECT * FROM pragma_table_info('{table}')")
            found |= {f"{table}.{row['name']}" for row in rows if not row["notnull"] and not row["pk"]}
        else:
            rows = await asked(
                f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' "
                "AND table_schema = 'public' AND is_nullable = 'YES'"
            )
            found |= {f"{table}.{row['column_name']}" for row in rows}

    assert found == NULLABLE


def sqlite() -> bool:
    return environment.ENGINE == "sqlite"


async def asked(sql: str) -> Rows:
    rows: Rows = await database.engine().run_ddl(sql)
    return [dict(row) for row in rows]


async def tables() -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if sqlite()
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    return sorted(str(row["name"]) for row in await asked(query) if row["name"] != "migration")


async def sqlite_indexes() -> set[tuple[str, str, str]]:
    found = set()
    for table in await tables():
        for index in await asked(f"SELECT * FROM pragma_index_list('{table}')"):
            if index["origin"] == "pk":
                continue
            columns = await asked(f"SELECT name FROM pragma_index_info('{index['name']}') ORDER BY seqno")
            made = await asked(f"SELECT sql FROM sqlite_master WHERE name = '{index['name']}'")
            found.add(described(table, columns, bool(index["unique"]), str(made[0]["sql"] or "")))
    return found


async def postgres_indexes() -> set[tuple[str, str, str]]:
    found = set()
    rows = await asked(
        "SELECT c.relname AS table, i.indisunique AS once, pg_get_indexdef(i.indexrelid) AS sql FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND NOT i.indisprimary AND c.relname <> 'migration'"
    )
    for row in rows:
        sql = str(row["sql"])
        inside = re.search(r"USING btree \((.*?)\)(?: WHERE|$)", sql)
        assert inside, sql
        columns: Rows = [{"name": name.strip(' "')} for name in inside[1].split(",")]
        found.add(described(str(row["table"]), columns, bool(row["once"]), sql))
    return found


def described(table: str, columns: Rows, once: bool, sql: str) -> tuple[str, str, str]:
    condition = re.sub(r"[()\"]|::text", "", sql.partition(" WHERE ")[2]).lower().strip()
    return f"{table} ({', '.join(str(row['name']) for row in columns)})", "unique" if once else "", condition


async def sqlite_references() -> set[str]:
    found = set()
    for table in await tables():
        for row in await asked(f"SELECT * FROM pragma_foreign_key_list('{table}')"):
            assert (row["on_delete"], row["on_update"]) == ("RESTRICT", "RESTRICT"), (table, row)
            found.add(f"{table}.{row['from']} -> {row['table']}")
    return found


async def postgres_references() -> set[str]:
    rows = await asked(
        "SELECT c.conrelid::regclass::text AS t, a.attname AS name, c.confrelid::regclass::text AS target, "
        "c.confdeltype::text AS gone, c.confupdtype::text AS changed FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
    )
    assert all((row["gone"], row["changed"]) == ("r", "r") for row in rows), rows
    return {f"{row['t']}.{row['name']} -> {row['target']}" for row in rows}
