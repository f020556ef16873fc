import pytest

from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.intent_head import LEAST, MOST, IntentHead
from nlp.reading.intents import intents
from nlp.words import fold


def best(text: str) -> str:
    return IntentHead.shipped().likely(fold(text).text)[0][0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("发什么快递", "ask_courier"),
        ("我要换货", "request_exchange"),
        ("怎么还不发货啊", "urge_dispatch"),
        ("优惠券用不了", "coupon_fails"),
        ("能便宜点吗", "bargain"),
        ("可以开发票吗", "ask_invoice"),
        ("这个是什么材质的", "ask_material"),
        ("地址填错了，帮我改一下", "change_recipient"),
        ("快递到哪了", "ask_logistics"),
        ("是正品吗", "ask_authenticity"),
    ],
)
def test_plain_questions_find_their_intent(text: str, name: str) -> None:
    assert best(text) == name


def test_probabilities_fall_and_stay_between_the_floor_and_one() -> None:
    found = IntentHead.shipped().likely("怎么退货，运费谁出")
    chances = [chance for _, chance in found]
    assert 0 < len(found) <= MOST
    assert chances == sorted(chances, reverse=True)
    assert all(LEAST <= chance < 1 for chance in chances)


def test_every_intent_of_the_list_can_be_named() -> None:
    assert set(IntentHead.shipped().names) == set(intents())


def test_nonsense_gets_no_confident_intent() -> None:
    assert all(chance < 0.6 for _, chance in IntentHead.shipped().likely("齉龘靐"))


def test_a_vector_of_another_embedding_is_not_used() -> None:
    head = IntentHead.shipped()
    text = "发什么快递"
    alone = head.predict(text)
    assert head.predict(text, StaticEmbedder.shipped().encode([text])[0][:128]) == alone
    assert head.predict(text, StaticEmbedder.shipped().encode([text])[0]) != alone
