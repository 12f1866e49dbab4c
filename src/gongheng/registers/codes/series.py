"""The names of the series."""

LETTER = "E"
"""First character of the identifiers of tendering platforms, as in all published examples."""


def platform_identifier(region_code: str, serial: int = 1) -> str:
    """Return the 11-character identifier of a region's tendering platform: letter, region, serial."""
    return f"{LETTER}{region_code}{serial:04d}"


def daily(category: str, platform_code: str) -> str:
    """Return the series of a platform's transaction codes of a category."""
    return f"{category}-{platform_code}"
