"""Has the shopper finished? A complete question is answered at once; a fragment waits for its rest."""

from assistant.dialogue import Dialogue
from nlp.reading.reading import Reading

# What a shopper opens with before the matter itself; alone it waits, for the rest usually follows.
OPENINGS = {"greet", "acknowledge", "wait_please"}
ENDS = tuple("。？！?!~～")
PARTICLES = tuple("吗呢么嘛不没啥吧呀")
COMPLETE_FROM = 6  # folded characters of a message with a clear intent
LONGEST_WAIT = 4.0  # seconds after the first fragment, whatever follows


def pause_for(dialogue: Dialogue, reading: Reading, burst_wait: float, waited: float) -> float:
    """How many more seconds to wait for the rest of the burst; 0 = answer now.

    `burst_wait` is the pause that ends a burst, `waited` what has passed since its first message.
    """
    if burst_wait <= 0 or reading.wants_human or dialogue.asked is not None:
        return 0.0
    text = reading.text.strip()
    names = [intent.name for intent in reading.intents]
    if names and names[0] in OPENINGS:
        complete = False
    else:
        asks = text.endswith(ENDS) or text.endswith(PARTICLES)
        complete = (asks and len(text) >= 3) or (bool(names) and len(text) >= COMPLETE_FROM)
    if complete:
        return 0.0
    return max(0.0, min(burst_wait, LONGEST_WAIT - waited))
