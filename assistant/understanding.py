"""What a turn asks: the burst cut into questions, each made to stand alone and bound to what it names."""

import re

from assistant.choosing import chosen
from assistant.dialogue import Dialogue
from assistant.grounding import Asking
from assistant.parts import Assistant
from assistant.skills.table import ABOUT_ORDERS
from nlp.reading.reading import Reading
from nlp.rewriting import rewrite

MOST_QUESTIONS = 3
_CORRECTION = re.compile(r"\s*(?:不是|不对|错了|搞错|弄错|我(?:说|问)的(?:不是|是))")
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")
_FRAGMENT = 5  # characters; shorter pieces are part of what stands beside them


def askings(a: Assistant, dialogue: Dialogue, reading: Reading) -> list[Asking]:
    """The questions of the unanswered messages, in the order they were asked; at least one."""
    last = dialogue.unanswered[-1]
    named = next((entity.value for entity in reading.entities if entity.kind == "order_id"), None)
    order = named or next((said.order for said in reversed(dialogue.unanswered) if said.order), None)
    sku = next((said.sku for said in reversed(dialogue.unanswered) if said.sku), None)
    going_on = _chosen(a, dialogue, reading, order, sku) or _corrected(a, dialogue, reading, order)
    if going_on is not None:
        return [going_on]
    pieces = split_questions(reading.text)
    asked = []
    for piece in pieces[:MOST_QUESTIONS]:
        text = rewrite(piece, dialogue.said)
        own = reading if len(pieces) == 1 else a.reader.read(piece, last.at)
        # A fragment that asks nothing by itself asks what it completes.
        understood = own if own.intents or text == piece else a.reader.read(text, last.at)
        asked.append(Asking(text, piece, understood, order, sku, named=order is not None))
    return asked


def _chosen(a: Assistant, dialogue: Dialogue, reading: Reading, order: str | None, sku: str | None) -> Asking | None:
    """The question the bot asked back about, now that the shopper says which."""
    if dialogue.asked is None:
        return None
    choice = chosen(dialogue.asked.choices, reading.text, order)
    if choice is None:
        return None
    question = a.reader.read(dialogue.asked.question, dialogue.unanswered[-1].at)
    return Asking(
        question.text,
        question.text,
        question,
        choice.order,
        choice.sku or sku,
        named=choice.order is not None,
        skill=dialogue.asked.skill,
    )


def _corrected(a: Assistant, dialogue: Dialogue, reading: Reading, order: str | None) -> Asking | None:
    """The last question once more, about another order: 不是这个，是上个月那单."""
    if dialogue.question is None or dialogue.skill not in ABOUT_ORDERS or not _CORRECTION.match(reading.text):
        return None
    question = a.reader.read(dialogue.question, dialogue.unanswered[-1].at)
    return Asking(
        question.text,
        reading.text,
        question,
        order or dialogue.focus_order,
        named=order is not None,
        skill=dialogue.skill,
        corrects=True,
    )


def split_questions(text: str) -> list[str]:
    """The sentences of a burst that ask something, short fragments joined to the sentence before them."""
    pieces: list[str] = []
    for piece in (part.strip() for part in _SENTENCE_END.split(text)):
        if not piece:
            continue
        if pieces and (len(piece) < _FRAGMENT or len(pieces[-1]) < _FRAGMENT):
            pieces[-1] += "，" + piece if not pieces[-1].endswith(tuple("。！？!?；;")) else piece
        else:
            pieces.append(piece)
    return pieces or [text]
