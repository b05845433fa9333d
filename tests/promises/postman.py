"""Workers in a process of their own, who send messages until none is due: `python -m tests.promises.postman 3`."""

import asyncio
import sys

from portal import database
from portal.notifications import delivery


async def carry() -> None:
    """One worker: new events get their messages, and what is due is sent."""
    await delivery.spread()
    await delivery.send_mail()


async def main(workers: int) -> None:
    """So many of them at once."""
    await database.open_pool()
    await asyncio.gather(*(database.spawn(carry()) for _worker in range(workers)))
    await database.close_pool()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
