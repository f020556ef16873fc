"""Which of the offered choices did the shopper mean?"""

import re
from collections.abc import Sequence

from crm_core.conversations.events import Choice
from nlp.words import fold, terms

_ORDINAL = re.compile(r"第([一二三四五六1-6])|^([一二三四五六1-6])$|([上前]面|最近|最新)|(最后|下面|最早|最先)")
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_CLEARLY = 0.3  # share of a reply's terms that a choice must hold …
_MARGIN = 0.1  # … and by how much more than the next one


def chosen(choices: Sequence[Choice], text: str, order: str | None = None) -> Choice | None:
    """The choice that was tapped, numbered or described in words; None when the text does not single one out."""
    for choice in choices:
        if text == choice.say or (order is not None and choice.order == order):
            return choice
    folded = fold(text).text.strip()
    numbered = _ORDINAL.search(folded)
    if numbered and len(folded) <= 8:
        index = _index(numbered, len(choices))
        if index is not None:
            return choices[index]
    return _described(choices, folded)


def _index(match: re.Match[str], count: int) -> int | None:
    if match[3]:
        return 0
    if match[4]:
        return count - 1
    spoken = match[1] or match[2]
    number = _NUMBERS.get(spoken) or int(spoken)
    return number - 1 if number <= count else None


def _described(choices: Sequence[Choice], text: str) -> Choice | None:
    said = set(terms(text))
    if not said:
        return None
    scored = sorted(
        ((len(said & set(terms(choice.text))) / len(said), i) for i, choice in enumerate(choices)), reverse=True
    )
    best = scored[0]
    second = scored[1][0] if len(scored) > 1 else 0.0
    return choices[best[1]] if best[0] >= _CLEARLY and best[0] - second >= _MARGIN else None
