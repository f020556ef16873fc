"""A callback is a few flat fields; whatever else a document may be is refused, and quickly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webchat.channels.wecom_xml import LONGEST, NotXml, fields_of


def test_fields() -> None:
    text = "<xml><A><![CDATA[1 < 2]]></A><B>二</B><C/><D><E>inner</E></D></xml>"
    assert fields_of(text) == {"A": "1 < 2", "B": "二", "C": "", "D": ""}


LOL = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(8)
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<xml>",
        "<a></b>",
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
        f"<!DOCTYPE x [{LOL}]><xml><A>&i;</A></xml>",
        "<a>" * 100 + "</a>" * 100,
        "<xml><A>&unknown;</A></xml>",
        f"<xml>{'x' * LONGEST}</xml>",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(NotXml):
        fields_of(text)


@given(st.text(max_size=300))
def test_anything_at_all(text: str) -> None:
    with suppress(NotXml):
        assert isinstance(fields_of(text), dict)
