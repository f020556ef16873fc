"""What a shopper agreed to becomes a ticket, in the commit that says so; the same thing asked for twice stays one."""

from assistant.desk.tickets import open_ticket
from assistant.parts import Assistant
from crm_core.conversations.events import BotReplied
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.desk.tickets import NewTicket


def write_down(a: Assistant, tx: Tx, thread: Thread, session: str | None, reply: BotReplied) -> None:
    """Open the tickets of a reply."""
    for errand in reply.errands:
        wanted = NewTicket(
            errand.type,
            errand.summary,
            session=session,
            conversation=thread.conversation,
            customer=thread.customer,
            order=errand.order,
            sku=errand.sku,
            key=errand.key if errand.order is not None else f"{errand.key}:{thread.conversation}",
        )
        open_ticket(a, tx, wanted, a.clock())
