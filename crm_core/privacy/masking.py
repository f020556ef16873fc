"""What of a personal field may be shown to whoever need not know it."""

import re


def phone(number: str | None) -> str | None:
    """13800001234 as 138****1234; other numbers show their last two digits at most."""
    if number is None:
        return None
    digits = re.sub(r"\D", "", number)
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[7:]}"
    return "*" * max(len(digits) - 2, 3) + (digits[-2:] if len(digits) > 4 else "")


def name(full: str | None) -> str | None:
    """王小美 as 王**: the first character, and a star for each that is left out (three at most)."""
    if not full:
        return None
    return full[0] + "*" * min(max(len(full) - 1, 1), 3)
