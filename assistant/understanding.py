"""What a turn asks: the burst cut into questions, each made to stand alone and bound to what it names."""

import re

from nlp.reading.reading import Reading
from nlp.rewriting import rewrite

from assistant.choosing import chosen
from assistant.dialogue import Dialogue
from assistant.grounding import Asking
from assistant.parts import Assistant

MOST_QUESTIONS = 3
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")
_FRAGMENT = 5  # characters; shorter pieces are part of what stands beside them


def askings(a: Assistant, dialogue: Dialogue, reading: Reading) -> list[Asking]:
    """The questions of the unanswered messages, in the order they were asked; at least one."""
    last = dialogue.unanswered[-1]
    named = next((entity.value for entity in reading.entities if entity.kind == "order_id"), None)
    order = named or next((said.order for said in reversed(dialogue.unanswered) if said.order), None)
    sku = next((said.sku for said in reversed(dialogue.unanswered) if said.sku), None)
    if dialogue.asked is not None:
        choice = chosen(dialogue.asked.choices, reading.text, order)
        if choice is not None:
            question = a.reader.read(dialogue.asked.question, last.at)
            return [
                Asking(question.text, question, choice.order, choice.sku or sku, named=True, skill=dialogue.asked.skill)
            ]
    pieces = split_questions(reading.text)
    asked = []
    for piece in pieces[:MOST_QUESTIONS]:
        text = rewrite(piece, dialogue.said)
        whole = len(pieces) == 1 and text == reading.text
        asked.append(Asking(text, reading if whole else a.reader.read(text, last.at), order, sku, named is not None))
    return asked


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
