"""The `portal` command, and what each of its words leads to."""

import os
from typing import Any

import click

from portal.commands import (
    check,
    create_admin,
    create_site,
    create_staff,
    demo,
    disable,
    enable,
    migrate,
    run,
    set_password,
    work,
)  # fmt: skip
from portal.commands.door import Refused
from portal.i18n import translations
from portal.settings import BadSettings


class Doors(click.Group):
    """Settings that cannot be right end every command with the sentence that says so."""

    def invoke(self, ctx: click.Context) -> Any:
        translations.set_language("en")
        os.umask(0o077)  # database, photos and keys are their owner's alone
        try:
            return super().invoke(ctx)
        except BadSettings as error:
            raise Refused(f"{error}.") from error


@click.group(cls=Doors)
def main() -> None:
    """Keqing (客情): the portal's commands. Settings come from the environment (PORTAL_…); the README lists them."""


for command in (
    run.run, work.work, migrate.migrate, demo.demo, create_admin.create_admin, create_site.create_site,
    create_staff.create_staff, set_password.set_password, disable.disable, enable.enable, check.check,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    main()
