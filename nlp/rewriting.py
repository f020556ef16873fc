"""A question that leans on what was said before, made to stand alone."""

from collections.abc import Sequence

from nlp.words import fold

_LEANING = ("那", "那么", "它", "这个", "那个", "这款", "那款")
_SHORT = 8  # folded characters; a longer message carries its own topic


def rewrite(text: str, said: Sequence[str]) -> str:
    """The question with its topic restored; itself when it needs none. `said` alternates shopper and bot, oldest first."""
    folded = fold(text).text
    if len(folded) > _SHORT or not said or (not folded.startswith(_LEANING) and not folded.endswith("呢")):
        return text
    return f"{said[-2]}，{text}" if len(said) > 1 else text
