"""No frame, however wrong, is more than refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, HandoffRequested, ShopperSpoke, Source
from webchat.frames import Refused, Say, for_shopper, read_frame

NOW = datetime(2026, 5, 1, 2, 3, 4, 567000, UTC)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["hello", "say", "typing", "read", "human", "cancel_wait", "rate", "ping", "nonsense"])
keys = st.sampled_from(["id", "text", "since", "seq", "solved", "stars", "sku", "order", "log"])


@given(st.binary(max_size=200))
def test_bytes(frame: bytes) -> None:
    with pytest.raises(Refused):
        read_frame(frame)


@given(names, st.dictionaries(keys, anything, max_size=5))
def test_json_of_the_right_keys(name: str, values: dict) -> None:
    code, message = "", "taken"
    try:
        read_frame(json.dumps({"t": name, **values}))
    except Refused as refusal:
        code, message = refusal.code, refusal.message
    assert code in {"", "bad_frame", "too_long"}
    assert message


@given(st.text(min_size=1, max_size=2000))
def test_every_text_that_can_be_kept_is_taken_unchanged(text: str) -> None:
    try:
        frame = read_frame(json.dumps({"t": "say", "id": "a", "text": text}))
    except Refused:
        assert not text.strip() or "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
    else:
        assert isinstance(frame, Say)
        assert frame.text == text


def test_deep_nesting_is_refused_and_not_followed() -> None:
    with pytest.raises(Refused):
        read_frame('{"t":"say","id":"a","text":' + "[" * 7000 + "]" * 7000 + "}")


def test_a_shopper_sees_what_is_for_shoppers_and_nothing_else() -> None:
    source = Source("article", "a1", "包邮吗")
    shown = json.loads(for_shopper(Entry("c", 7, NOW, BotReplied("满59元包邮", 6, "answer", (source,))), 6) or "")
    assert shown == {
        "t": "entry",
        "seq": 7,
        "at": "2026-05-01T02:03:04.567Z",
        "from": "bot",
        "kind": "text",
        "text": "满59元包邮",
        "prev": 6,
        "sources": [{"kind": "article", "id": "a1", "title": "包邮吗"}],
        "cards": [],
        "choices": [],
    }
    own = json.loads(for_shopper(Entry("c", 6, NOW, ShopperSpoke("包邮吗", "m1")), 0) or "")
    assert (own["from"], own["id"]) == ("shopper", "m1")
    assert json.loads(for_shopper(Entry("c", 8, NOW, AgentSpoke("您好", "小王")), 7) or "")["from"] == "agent"
    assert for_shopper(Entry("c", 9, NOW, HandoffRequested("asked_for_person", 1, "转人工")), 8) is None
