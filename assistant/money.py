"""Money as a person reads it."""


def yuan(fen: int | None) -> str | None:
    """12900 fen as ¥129.00; None where the amount is unknown."""
    return None if fen is None else f"¥{fen / 100:,.2f}".replace(",", "")
