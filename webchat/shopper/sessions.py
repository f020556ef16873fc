"""How a shopper gets in: an identity of the shop's back end, or none, becomes a conversation token."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from crm_core.customers import customers
from webchat.identity import NotYou
from webchat.problems import Problem
from webchat.wiring import Gateway

LONGEST_TOKEN = 8_192


class Entrance(BaseModel):
    """What a widget brings: an identity token, or nothing."""

    model_config = ConfigDict(extra="ignore")

    identity: str | None = None


class Admitted(BaseModel):
    """What a widget gets: a token for one conversation."""

    token: str
    conversation: str
    customer_known: bool


def router(gateway: Gateway) -> APIRouter:
    """The route of the entrance."""
    routes = APIRouter()

    @routes.post("/api/shopper/sessions")
    async def enter(entrance: Entrance) -> Admitted:
        now = gateway.assistant.clock()
        customer = None
        if entrance.identity is not None:
            if len(entrance.identity) > LONGEST_TOKEN:
                raise Problem(401, "identity_invalid", "身份令牌太长")
            try:
                customer = gateway.identity.customer_of(entrance.identity, now)
            except NotYou as error:
                raise Problem(401, error.code, str(error)) from None
        thread = gateway.identity.thread_for(customer)
        known = customer is not None and await gateway.turns.thought(is_known, gateway, customer)
        return Admitted(
            token=gateway.identity.token(thread, now), conversation=thread.conversation, customer_known=known
        )

    return routes


def is_known(gateway: Gateway, customer: str) -> bool:
    """Does the record have this customer?"""
    with gateway.assistant.record.reading() as tx:
        return bool(customers.known(tx, [customer]))
