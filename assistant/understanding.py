"""What a turn asks: the burst cut into questions, each made to stand alone and bound to what it names."""

import re

from assistant import phrases
from assistant.choosing import chosen
from assistant.dialogue import Dialogue
from assistant.grounding import Asking
from assistant.parts import Assistant
from assistant.skills.table import GO_ON
from nlp.reading.reading import Reading
from nlp.rewriting import rewrite

MOST_QUESTIONS = 3
_CORRECTION = re.compile(
    r"\s*(?:不是|不对|错了|搞错|弄错|我(?:说|问)的?(?:不是|是|的)?)[^，,。 ]{0,6}?[，,。 ]*(?:我[说问]的?是?)?"
    r"|\s*(?:另一?[个单件]|另外[那一][个单件])"
)
_QUESTION_END = re.compile(r"(?<=[？?])")
_EMPTY = " ，,。.！!？?~～"
_ASKING = re.compile(
    r"[吗呢么嘛没不伐][呀啊的]?[。.！!~]*$|什么|啥|怎么|咋|如何|多少|多久|好多"
    r"|几[\u4e00-\u9fffa-z]|哪|谁|能不能|可不可以|有没有|是不是|多[大长重高宽厚深远快]|[行好对]不[行好对]"
)
_WHOLE = 4  # characters; a shorter piece is a part of what stands before it
_AROUND_A_NUMBER = 5  # characters: 订单, 单号是
_LEANING = 10  # characters of a second question that names no topic of its own
_CLEAR = 0.6  # an intent from here on makes a short message a question of its own
_SHORT = 10  # characters of a message that only names another order
_ANOTHER = re.compile(r"(?:那个|那单|那件|那款|这个|这单|的呢|[呢嘞咧])[吧呀啊。.]?$|^那[^么]|^还有|^另")
_PARTS = re.compile(r"[\s，,。；;]+|(?<=[吗不没呢么嘛])(?=还有)|(?=另外|还有(?!货|吗|没|么|券|多少|几)|对了|顺便|然后)")
_JOINS = re.compile(r"^(?:另外|还有|对了|顺便(?:问一?下)?|然后|再问一?下|那)")
_HAVE = re.compile(r"[有能可].[吗么嘛不没]")  # 有券不: as short as a question gets
_OWN_QUESTION = 4  # characters of a part that asks something of its own
_YES = re.compile(
    r"^(?:好的?|可以|行|嗯+|是的?|对的?|要|需要|确认|确定|麻烦了?|帮我.{0,6}|ok|没问题"
    r"|就这样|提交吧?|催吧?|办吧|登记吧?|好[呀啊吧])[的吧呀啊了。.！!~ ]*$",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:不用|先不|不要|算了|不了|取消|别|不需要|再想想|暂时不|不必|no)", re.IGNORECASE)


def askings(a: Assistant, dialogue: Dialogue, reading: Reading) -> list[Asking]:
    """The questions of the unanswered messages, in the order they were asked; at least one."""
    last = dialogue.unanswered[-1]
    named = next((entity.value for entity in reading.entities if entity.kind == "order_id"), None)
    order = named or next((said.order for said in reversed(dialogue.unanswered) if said.order), None)
    sku = next((said.sku for said in reversed(dialogue.unanswered) if said.sku), None)
    answered = _said_yes_or_no(a, dialogue, reading)
    if answered is not None:
        return [answered]
    going_on = _chosen(a, dialogue, reading, order, sku) or _about_another(a, dialogue, reading, order)
    if going_on is not None:
        return [going_on]
    corrects = _CORRECTION.match(reading.text) is not None and dialogue.question is not None
    said = _CORRECTION.sub("", reading.text, count=1).strip() if corrects else reading.text
    pieces = split_questions(said or reading.text)
    asked: list[Asking] = []
    for piece in pieces[:MOST_QUESTIONS]:
        text = rewrite(piece, dialogue.said)
        if asked and text == piece and len(piece) <= _LEANING:
            # 破壁机保修几年 还有能打冰块不: the second question is about the thing of the first.
            text = f"{pieces[0]}，{piece}"
        own = reading if len(pieces) == 1 else a.reader.read(piece, last.at)
        # A fragment that asks nothing by itself asks what it completes.
        understood = own if own.intents or text == piece else a.reader.read(text, last.at)
        asked.append(Asking(text, piece, understood, order, sku, named=order is not None, corrects=corrects))
    return asked


def _said_yes_or_no(a: Assistant, dialogue: Dialogue, reading: Reading) -> Asking | None:
    """The shopper's answer to a proposal: yes carries it out, no ends it, anything else is a new question."""
    if dialogue.asked is None or not dialogue.asked.choices or dialogue.asked.choices[0].say != phrases.YES:
        return None
    text = reading.text.strip()
    proposal = dialogue.asked.choices[0]
    if _NO.match(text) or text == phrases.NO:
        return Asking(text, text, reading, declined=True)
    if text != phrases.YES and not _YES.match(text):
        return None
    question = a.reader.read(dialogue.asked.question, dialogue.unanswered[-1].at)
    return Asking(
        question.text,
        question.text,
        question,
        proposal.order,
        proposal.sku,
        named=proposal.order is not None,
        picked=proposal.sku is not None,
        skill=dialogue.asked.skill,
        confirmed=True,
    )


def _chosen(a: Assistant, dialogue: Dialogue, reading: Reading, order: str | None, sku: str | None) -> Asking | None:
    """The question the bot asked back about, now that the shopper says which."""
    if dialogue.asked is None:
        return None
    choice = chosen(dialogue.asked.choices, reading.text, order)
    if choice is None:
        return None
    if choice.order is None and choice.sku is None:
        # Neither an order nor a product: what the button says is the question.
        said = a.reader.read(choice.say, dialogue.unanswered[-1].at)
        return Asking(said.text, said.text, said, order, sku, skill=dialogue.asked.skill)
    question = a.reader.read(dialogue.asked.question, dialogue.unanswered[-1].at)
    return Asking(
        question.text,
        question.text,
        question,
        choice.order,
        choice.sku or sku,
        named=choice.order is not None,
        picked=choice.sku is not None,
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
    asks_more = any(intent.p >= _CLEAR for intent in reading.intents)
    if not corrects and not bare and (asks_more or len(text) > _SHORT or not _ANOTHER.search(text)):
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
        for part in _parted(line):
            fragments.append(part)
            if _asks(part):
                pieces += _QUESTION_END.split("，".join(fragments))
                fragments = []
    pieces += _QUESTION_END.split("，".join(fragments))
    pieces = [piece.strip() for piece in pieces if piece.strip(_EMPTY)]
    if len(pieces) > 1 and not pieces[-1].endswith(("？", "?")) and not _asks(pieces[-1]):
        last = pieces.pop()
        pieces.append(f"{pieces.pop()}，{last}")
    return pieces or [text]


def _parted(line: str) -> list[str]:
    """A line cut where one question ends and another begins: 可以开发票吗，还有退货运费谁出.

    A part that asks nothing belongs to the question after it, one too short to stand alone to that before it.
    """
    parts = [part.strip() for part in _PARTS.split(line) if part and part.strip(_EMPTY)]
    cut: list[str] = []
    held = ""
    for part in parts:
        asks = (len(part) >= _OWN_QUESTION or _HAVE.match(part) is not None) and _ASKING.search(part) is not None
        if cut and not held and not asks and not _JOINS.match(part):
            cut[-1] = f"{cut[-1]} {part}"
            continue
        held = f"{held} {part}".strip()
        if asks:
            cut.append(held)
            held = ""
    if held:
        if cut:
            cut[-1] = f"{cut[-1]} {held}"
        else:
            cut.append(held)
    if len(cut) < 2:
        return [line]
    return [_JOINS.sub("", part).strip(_EMPTY) or part for part in cut]


def _asks(piece: str) -> bool:
    """Is it a question that needs nothing beside it?"""
    return (len(piece) >= _WHOLE or _HAVE.match(piece) is not None) and _ASKING.search(piece) is not None
