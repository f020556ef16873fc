"""Messages that ask nothing: a greeting, thanks, a goodbye."""

from assistant import phrases
from nlp.reading.reading import Reading

REPLIES = {
    "greet": phrases.GREETING,
    "thank": phrases.THANKS,
    "goodbye": phrases.GOODBYE,
    "acknowledge": phrases.ACKNOWLEDGED,
    "ask_if_bot": phrases.IF_BOT,
}


def social_reply(reading: Reading) -> str | None:
    """The fixed reply when small talk is all the message holds."""
    if not reading.intents:
        return None
    names = [intent.name for intent in reading.intents if intent.p >= 0.5]
    return REPLIES[names[0]] if names and all(name in REPLIES for name in names) else None
