"""Where the built-in understanding finds nothing, a language model may say what to look up; what is found decides."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue import Dialogue
from assistant.grounding import Asking, gather
from assistant.parts import Assistant
from assistant.policy import Decision, decide
from assistant.skills.table import SKILLS
from nlp.reading.intents import intents as named_intents
from nlp.writing.writer import Tool, Writer, WriterSilent

KNOWLEDGE = Tool("search_knowledge", "查店铺的规则、活动、售后政策和商品使用知识")
log = logging.getLogger(__name__)


def second_look(
    a: Assistant,
    writer: Writer,
    customer: str | None,
    dialogue: Dialogue,
    asked: Sequence[Asking],
    decisions: Sequence[Decision],
) -> list[Decision]:
    """The decisions, with the first that found nothing looked up once more as the model suggests.

    The model names a skill and a question, never an order or a customer: those come from the sign-in and from what the
    shopper typed, so a message that talks the model into something gains nothing by it.
    """
    looked = list(decisions)
    for place, (asking, decision) in enumerate(zip(asked, decisions, strict=True)):
        if decision.kind != "unsure":
            continue
        try:
            choice = writer.choose(asking.said, dialogue.said, tools())
        except WriterSilent as silent:
            log.warning("the language model chose nothing: %s", silent)
            break
        if choice is None:
            break
        skill = choice.tool if choice.tool in SKILLS else None
        reading = a.reader.read(choice.question, a.clock())
        again = replace(asking, text=choice.question, reading=reading, skill=skill)
        better = decide(dialogue, gather(a, customer, dialogue, again))
        if better.kind != "unsure":
            looked[place] = better
        break  # one question a turn: a second call would outlast the shopper's patience
    return looked


def tools() -> list[Tool]:
    """What the model may choose from: every skill by the needs it serves, and the knowledge."""
    named = named_intents()
    skills = [
        Tool(name, "、".join(sorted(named[intent].label for intent in row.intents if intent in named)) or name)
        for name, row in SKILLS.items()
    ]
    return [KNOWLEDGE, *skills]
