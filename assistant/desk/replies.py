"""Finding a canned reply while one types: by its shortcut, its words, or how they sound."""

from collections.abc import Sequence
from typing import Final

from crm_core.desk.replies import SCOPES, Reply
from knowledge_base.spelling import spelt_at
from nlp.words import fold

MOST: Final = 20


def found_by(typed: str, among: Sequence[Reply], most: int = MOST) -> list[Reply]:
    """The replies that are meant by what was typed after the `/`, the likeliest first; everything for nothing typed."""
    wanted = fold(typed).text.strip().lstrip("/")
    if not wanted:
        return list(among[:most])
    scored = [(score, place, one) for place, one in enumerate(among) if (score := _score(wanted, one)) is not None]
    scored.sort(key=lambda one: (one[0], SCOPES.index(one[2].scope), one[1]))
    return [one for _, _, one in scored[:most]]


def _score(wanted: str, one: Reply) -> int | None:
    """How near a reply is, 0 the nearest; None where it is not meant."""
    shortcut, title, text = (fold(part).text for part in (one.shortcut, one.title, one.text))
    if shortcut == wanted:
        return 0
    if shortcut.startswith(wanted):
        return 1
    if title.startswith(wanted):
        return 2
    if wanted.isascii() and wanted.isalnum():
        at = spelt_at(one.title, wanted)
        if at is not None:
            return 2 if at == 0 else 4
    if wanted in shortcut or wanted in title:
        return 3
    return 5 if wanted in text else None
