"""Confidential items: whom they are about, and that only few see them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, ForeignKey, Integer
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Unique
from piccolo.table import Table

ID = "2026-11-22T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Whom an item is about, restricted items"

USUAL = {
    "null": False, "primary_key": False, "unique": False, "index": False,
    "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
}


class Account(Table, tablename="account", schema=None):
    id = UUID(default=None, primary_key=True)


class WorkItem(Table, tablename="work_item", schema=None):
    id = UUID(default=None, primary_key=True)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_table(class_name="Named", tablename="named", schema=None, columns=None)
    manager.add_column(
        table_class_name="Named", tablename="named", column_name="id", db_column_name="id", column_class_name="UUID",
        column_class=UUID, params={**USUAL, "default": None, "primary_key": True}, schema=None,
    )
    for name, table in (("item", WorkItem), ("account", Account)):
        manager.add_column(
            table_class_name="Named", tablename="named", column_name=name, db_column_name=name,
            column_class_name="ForeignKey", column_class=ForeignKey, schema=None,
            params={**USUAL, "references": table, "on_delete": OnDelete.restrict, "on_update": OnUpdate.restrict,
                    "target_column": None, "default": None},
        )
    manager.add_constraint(
        table_class_name="Named", tablename="named", constraint_name="named_once", constraint_class=Unique,
        params={"columns": ["item", "account"], "nulls_distinct": True}, schema=None,
    )
    for name, kind, usual in (("restricted", Boolean, False), ("circle", Integer, 0)):
        manager.add_column(
            table_class_name="WorkItem", tablename="work_item", column_name=name, db_column_name=name,
            column_class_name=kind.__name__, column_class=kind, params={**USUAL, "default": usual}, schema=None,
        )
    return manager
