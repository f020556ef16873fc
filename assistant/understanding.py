"""What a turn asks: the burst cut into questions, each made to stand alone and bound to what it names."""

import re

from assistant.choosing import chosen
from assistant.dialogue import Dialogue
from assistant.grounding import Asking
from assistant.parts import Assistant
from assistant.skills.table import GO_ON
from nlp.reading.reading import Reading
from nlp.rewriting import rewrite

MOST_QUESTIONS = 3
_CORRECTION = re.compile(r"\s*(?:不是|不对|错了|搞错|弄错|我(?:说|问)的(?:不是|是))")
_QUESTION_END = re.compile(r"(?<=[？?])")
_EMPTY = " ，,。.！!？?~～"
_ASKING = re.compile(
    r"[吗呢么嘛没不][呀啊的]?[。.！!~]*$|什么|啥|怎么|咋|如何|多少|多久"
    r"|几[天个时点]|哪|谁|能不能|可不可以|有没有|是不是"
)
_WHOLE = 5  # characters; a shorter piece is a part of what stands before it
_AROUND_A_NUMBER = 5  # characters: 订单, 单号是
_SHORT = 10  # characters of a message that only names another order
_ANOTHER = re.compile(r"(?:那个|那单|那件|那款|这个|这单|的呢|呢)[吧呀啊。.]?$")


def askings(a: Assistant, dialogue: Dialogue, reading: Reading) -> list[Asking]:
    """The questions of the unanswered messages, in the order they were asked; at least one."""
    last = dialogue.unanswered[-1]
    named = next((entity.value for entity in reading.entities if entity.kind == "order_id"), None)
    order = named or next((said.order for said in reversed(dialogue.unanswered) if said.order), None)
    sku = next((said.sku for said in reversed(dialogue.unanswered) if said.sku), None)
    going_on = _chosen(a, dialogue, reading, order, sku) or _about_another(a, dialogue, reading, order)
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


def _about_another(a: Assistant, dialogue: Dialogue, reading: Reading, order: str | None) -> Asking | None:
    """The last question once more, about another order: 不是这个，是上个月那单 or just 台灯那个."""
    text = reading.text.strip()
    bare = order is not None and not reading.intents and len(text) <= len(order) + _AROUND_A_NUMBER
    if dialogue.question is None or dialogue.skill not in GO_ON:
        # A number and nothing else: the shopper wants to know about that order.
        return Asking(text, text, reading, order, named=True, skill="order_status") if bare else None
    corrects = _CORRECTION.match(text) is not None
    if not corrects and not bare and (reading.intents or len(text) > _SHORT or not _ANOTHER.search(text)):
        return None
    question = a.reader.read(dialogue.question, dialogue.unanswered[-1].at)
    return Asking(
        question.text,
        text,
        question,
        order or dialogue.focus_order,
        named=order is not None,
        skill=dialogue.skill,
        corrects=corrects,
    )


def split_questions(text: str) -> list[str]:
    """The questions of a burst: fragments are one, until a question mark or a message that asks by itself ends it.

    A piece without a question of its own (我刚下的单。) belongs to the question after it, a last one to that before.
    """
    pieces: list[str] = []
    fragments: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        fragments.append(line)
        if _asks(line):
            pieces += _QUESTION_END.split("，".join(fragments))
            fragments = []
    pieces += _QUESTION_END.split("，".join(fragments))
    pieces = [piece.strip() for piece in pieces if piece.strip(_EMPTY)]
    if len(pieces) > 1 and not pieces[-1].endswith(("？", "?")) and not _asks(pieces[-1]):
        last = pieces.pop()
        pieces.append(f"{pieces.pop()}，{last}")
    return pieces or [text]


def _asks(piece: str) -> bool:
    """Is it a question that needs nothing beside it?"""
    return len(piece) >= _WHOLE and _ASKING.search(piece) is not None
