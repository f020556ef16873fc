"""What the demo shop's page asks for: its products, its customers, and a sign-in as any of them."""

from itertools import islice

from fastapi import APIRouter
from pydantic import BaseModel

from assistant.money import yuan
from crm_core.commerce import orders, products, relations
from crm_core.commerce.products import Product
from crm_core.customers import customers
from crm_core.database import Database
from webchat.problems import Problem
from webchat.shopper.sessions import is_known
from webchat.wiring import Gateway

MOST_PRODUCTS = 500  # of one page


class SignIn(BaseModel):
    """The customer to be."""

    customer: str


def router(gateway: Gateway, *, sign_in: bool) -> APIRouter:
    """The routes of the shop page. `sign_in` adds the switch between customers, which only the demo may have."""
    routes = APIRouter(prefix="/demo", include_in_schema=False)
    record = gateway.assistant.record

    @routes.get("/products")
    async def sold() -> list[dict[str, object]]:
        return await gateway.turns.thought(list_products, record)

    @routes.get("/customers")
    async def people() -> list[dict[str, object]]:
        return await gateway.turns.thought(list_customers, record) if sign_in else []

    if not sign_in:
        return routes

    @routes.post("/identity")
    async def identity(wanted: SignIn) -> dict[str, str]:
        # The demo shop is its own back end; a real shop signs on its own server.
        known = await gateway.turns.thought(is_known, gateway, wanted.customer)
        if not known:
            raise Problem(404, "no_such_customer", f"演示店铺里没有顾客 {wanted.customer}")
        return {"identity": gateway.identity.identify(wanted.customer, gateway.assistant.clock())}

    return routes


def list_products(record: Database) -> list[dict[str, object]]:
    """The products as the shop page shows them."""
    with record.reading() as tx:
        shown = list(islice(products.all_products(tx), MOST_PRODUCTS))
        partners = relations.partners(tx, [product.sku for product in shown])
        return [_shown(product, partners[product.sku]) for product in shown]


def _shown(product: Product, goes_with: list[str]) -> dict[str, object]:
    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "brand": product.brand,
        "price": yuan(product.price),
        "stock": product.stock,
        "status": product.status,
        "attributes": product.attributes,
        "description": product.description,
        "goes_with": goes_with,
    }


def list_customers(record: Database) -> list[dict[str, object]]:
    """The demo's customers for the sign-in switch."""
    with record.reading() as tx:
        listed: list[dict[str, object]] = []
        for customer_id in customers.all_ids(tx):
            customer = customers.find(tx, customer_id)
            name, _ = customers.contact(tx, customer_id)
            listed.append(
                {
                    "id": customer_id,
                    "name": name or customer_id,
                    "level": customer.member_level if customer else None,
                    "orders": len(orders.orders_of(tx, customer_id)),
                }
            )
        return listed
