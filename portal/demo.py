"""The demonstration: four sites with their staff and a few hundred believable complaints."""


async def build() -> None:
    """Fill an empty database."""
