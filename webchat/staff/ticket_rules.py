"""The rules of tickets over HTTP: where they go, and above which amount whose word is needed."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from crm_core import audit
from crm_core.audit import Deed
from crm_core.database import Tx
from crm_core.desk import approvals, desk_rules, dispatch
from crm_core.desk.approvals import Limits
from crm_core.desk.dispatch import Rule
from crm_core.desk.sign_ins import Staff
from webchat.problems import Problem
from webchat.staff.door import needs
from webchat.staff.ticket_requests import told
from webchat.turns import settled
from webchat.wiring import Gateway


class OneRule(BaseModel):
    """A rule of dispatch: conditions, and what they lead to; `amount_from` in fen."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    types: list[str] = Field(default_factory=list, max_length=20)
    words: list[str] = Field(default_factory=list, max_length=100)
    tiers: list[str] = Field(default_factory=list, max_length=20)
    amount_from: int | None = None
    group: str = Field(default="", max_length=60)
    level: str = "normal"
    priority: int = 2
    minutes: int = 1440

    def rule(self) -> Rule:
        """The rule as the record keeps it."""
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.model_dump().items()
        }
        return Rule(**said)


class Rules(BaseModel):
    """All rules in their order, the first that fits decides; `version` is the one that was seen."""

    version: int = Field(ge=0)
    rules: list[OneRule] = Field(max_length=dispatch.MOST_RULES)


class TwoLimits(BaseModel):
    """Above which yuan a senior's and a lead's word is needed; `version` is the one that was seen."""

    version: int = Field(ge=0)
    senior: Decimal = Field(ge=0, max_digits=9, decimal_places=2)
    lead: Decimal = Field(ge=0, max_digits=9, decimal_places=2)


def router(gateway: Gateway) -> APIRouter:
    """The routes about rules; they come before those of one ticket."""
    routes = APIRouter(prefix="/api/tickets")
    a = gateway.assistant
    record = a.record
    anyone, lead = needs(gateway, "agent"), needs(gateway, "lead")

    @routes.get("/rules")
    def rules(who: Annotated[Staff, anyone]) -> dict[str, Any]:  # noqa: ARG001
        with record.reading() as tx:
            return _rules(desk_rules.document(tx, dispatch.DOCUMENT))

    @routes.put("/rules")
    async def set_rules(wanted: Rules, who: Annotated[Staff, lead]) -> dict[str, Any]:
        def work(tx: Tx) -> desk_rules.Document:
            kept = dispatch.set_rules(tx, [one.rule() for one in wanted.rules], who.login, a.clock(), wanted.version)
            audit.note(tx, Deed(who.login, "set_rules", dispatch.DOCUMENT), a.clock())
            return kept

        with told():
            return _rules(await settled(record.write(work)))

    @routes.get("/limits")
    def limits(who: Annotated[Staff, anyone]) -> dict[str, Any]:  # noqa: ARG001
        with record.reading() as tx:
            return _limits(tx)

    @routes.put("/limits")
    async def set_limits(wanted: TwoLimits, who: Annotated[Staff, needs(gateway, "admin")]) -> dict[str, Any]:
        def work(tx: Tx) -> dict[str, Any]:
            both = Limits(int(wanted.senior * 100), int(wanted.lead * 100))
            approvals.set_limits(tx, both, who.login, a.clock(), wanted.version)
            audit.note(tx, Deed(who.login, "set_rules", approvals.DOCUMENT), a.clock())
            return _limits(tx)

        try:
            with told():
                return await settled(record.write(work))
        except ValueError as error:
            raise Problem(422, "invalid_request", str(error)) from None

    return routes


def _rules(kept: desk_rules.Document) -> dict[str, Any]:
    return {"version": kept.version, "rules": [dispatch.as_json(rule) for rule in dispatch.rules_of(kept)]}


def _limits(tx: Tx) -> dict[str, Any]:
    both = approvals.limits(tx)
    version = desk_rules.document(tx, approvals.DOCUMENT).version
    return {"version": version, "senior": f"{both.senior / 100:.2f}", "lead": f"{both.lead / 100:.2f}"}
