"""Beside another shop's goods: our own facts, and not a word about theirs."""

from assistant.money import yuan
from assistant.skills import attributes
from assistant.skills.meant import meant
from assistant.skills.skill import Finding, Question, Sentence
from assistant.skills.wording import product_card, product_source
from crm_core.database import Tx

_MOST_FACTS = 4


def rival(tx: Tx, question: Question) -> Finding | None:
    """What the record says of the shop's own product; None where no other brand is named."""
    if not question.reading.competitors:
        return None
    which = meant(tx, question)
    if which is None:
        said = "别家的商品我没有依据，不能替您评价。您告诉我在看我们的哪一款，我把它的资料列给您比。"
        return Finding((Sentence(said, ()),), last_resort=True)
    product = which.one
    facts = [f"{name} {attributes.shown(value)}" for name, value in product.attributes.items()][:_MOST_FACTS]
    price = yuan(product.price)
    if price is not None:
        facts.append(f"价格 {price}")
    if product.description:
        facts.append(product.description.rstrip("。"))
    own = Sentence(f"{product.name}：{'，'.join(facts)}。", (product_source(product),), (product.name, *facts))
    fair = Sentence("别家的商品我没有依据，不能替您评价，您可以拿这些和它比。", ())
    return Finding((own, fair), cards=(product_card(product),), focus_sku=product.sku)
