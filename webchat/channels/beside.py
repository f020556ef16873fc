"""Words beside a talk that is held in another client: for the desk, never for the shopper."""

from crm_core.database import Tx
from crm_core.desk import following, notes
from webchat.channels.port import House
from webchat.passing import Word
from webchat.turns import settled


async def note_beside(house: House, conversation: str, author: str, text: str, name: str) -> None:
    """Write a note once under its name, and show it; nothing where there is no session to write it to."""

    def work(tx: Tx) -> str | None:
        starts = following.session_starts(tx, [conversation])[conversation]
        if not starts:
            return None
        session = f"{conversation}:{starts[-1]}"
        notes.write(tx, session, conversation, author, text, at=house.assistant.clock(), client_id=name)
        return session

    session = await settled(house.assistant.record.write(work))
    if session is not None:
        house.passing.say(Word("noted", conversation, author, session))
