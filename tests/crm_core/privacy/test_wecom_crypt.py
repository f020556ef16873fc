"""The callbacks of 企业微信: opened only with the right token, key and receiver."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.privacy.wecom_crypt import NotTheirs, WeComCrypt

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OURS = WeComCrypt("token", KEY, "ww1")


def opened(crypt: WeComCrypt, sealed: str, signature: str | None = None) -> str:
    return crypt.open(sealed, signature or crypt.signature("1", "n", sealed), "1", "n")


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(text: str) -> None:
    assert opened(OURS, OURS.seal(text)) == text


def test_the_example_of_the_documents() -> None:
    """The published example of 企业微信's developer site: token, key, corp id and a callback that belong together."""
    crypt = WeComCrypt("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
    echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert crypt.open(echo, signature, "1409659589", "263014780") == "1616140317555161061"


def test_what_is_not_theirs() -> None:
    sealed = OURS.seal("hello")
    for other in (
        WeComCrypt("token", KEY[::-1], "ww1"),
        WeComCrypt("token", KEY, "ww2"),
    ):
        with pytest.raises(NotTheirs):
            opened(other, sealed)
    with pytest.raises(NotTheirs):
        opened(OURS, sealed, "0" * 40)
    with pytest.raises(NotTheirs):
        opened(OURS, sealed, "签名")
    with pytest.raises(ValueError, match="EncodingAESKey"):
        WeComCrypt("token", "short", "ww1")


@given(st.binary(max_size=160))
def test_anything_at_all(raw: bytes) -> None:
    with pytest.raises(NotTheirs):
        opened(OURS, base64.b64encode(raw).decode())
    with pytest.raises(NotTheirs):
        opened(OURS, raw.decode("latin-1"))
