"""The kinds of sheet that can be imported, each by its name in the contract."""

from collections.abc import Callable

from assistant.imports.agents import Agents
from assistant.imports.chats import Chats
from assistant.imports.coupons import Coupons
from assistant.imports.customers import Customers
from assistant.imports.events import Events
from assistant.imports.kind import Kind, Setting
from assistant.imports.logistics import Logistics
from assistant.imports.orders import Orders
from assistant.imports.products import Products
from assistant.imports.relations import Relations
from assistant.imports.replies import Replies

KINDS: dict[str, Callable[[Setting], Kind]] = {
    "products": Products,
    "relations": Relations,
    "customers": Customers,
    "orders": Orders,
    "logistics": Logistics,
    "events": Events,
    "chats": Chats,
    "agents": Agents,
    "coupons": Coupons,
    "replies": Replies,
}
