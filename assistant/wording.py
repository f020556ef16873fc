"""A language model's wording of an answer that stands already; kept only where it says nothing of its own."""

import logging
from collections.abc import Callable, Sequence

import msgspec

from assistant.figures import unsupported
from crm_core.conversations.events import BotReplied
from nlp.writing.faithful import sentences, strays
from nlp.writing.writer import Writer, WriterSilent

LONGEST = 400  # characters: who wants to read more taps the source
ENDS = ("。", "！", "？", "!", "?", "\n")
Tell = Callable[[str], None]
log = logging.getLogger(__name__)


def reworded(writer: Writer, said: Sequence[str], asked: str, reply: BotReplied, tell: Tell) -> BotReplied:
    """The reply in the model's words, or as it was.

    Sentence by sentence, each held against the reply's own lines before it is shown by `tell`, which gets the text so
    far: what is wrong is never seen. One sentence that says more than the facts ends it, and the built-in words stand.
    """
    facts = reply.text.splitlines()
    if reply.decision != "answer" or not facts:
        return reply
    written = shown = ""
    try:
        for piece in writer.phrase(asked, facts, said):
            written += piece
            if (text := _finished(written)) != shown:
                if not _may_be_said(text, facts, asked):
                    return reply
                shown = text
                tell(text)
    except WriterSilent as silent:
        log.warning("the language model did not word an answer: %s", silent)
        return reply
    text = "".join(sentences(written))
    if not text or not _may_be_said(text, facts, asked):
        return reply
    return msgspec.structs.replace(reply, text=text)


def _finished(written: str) -> str:
    """The sentences that are whole; the one that is being written is left out."""
    found = sentences(written)
    return "".join(found if written.rstrip(" ").endswith(ENDS) else found[:-1])


def _may_be_said(text: str, facts: Sequence[str], asked: str) -> bool:
    return (
        len(text) <= LONGEST
        and not unsupported(text, facts)
        and not any(strays(sentence, facts, asked) for sentence in sentences(text))
    )
