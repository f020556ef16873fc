"""The last four digits of a phone, by which people at work find a caller; kept as a keyed hash."""

from collections.abc import Iterable

DIGITS = 4
KIND = "phone_tail"


def tail_of(phone: str) -> str | None:
    """The last four digits; None where there are no four."""
    digits = "".join(character for character in phone if character.isdigit())
    return digits[-DIGITS:] if len(digits) >= DIGITS else None


def with_tails(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Identities, (kind, value) each, and of each phone its tail."""
    found = list(names)
    tails = [(KIND, tail) for kind, value in found if kind == "phone" and (tail := tail_of(value)) is not None]
    return [*found, *tails]
