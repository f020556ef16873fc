"""Where the house may knock: every way to write an address that only the house can reach is refused."""

import ipaddress

import pytest

from webchat.outward import Forbidden, checked_url, is_public, target_of

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_outside(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://localhost/",
        "https://[::1]:8443/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0/",
    ],
)
async def test_a_name_or_number_that_leads_inside(url: str) -> None:
    with pytest.raises(Forbidden):
        await target_of(url, private=False)


async def test_a_name_that_nobody_has() -> None:
    with pytest.raises(Forbidden, match="解析不了"):
        await target_of("https://no-such-host.invalid/", private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https:///nothing",
        "https://user:password@shop.example/",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://shop.example/a b",
        "https://shop.example/\r\nx: y",
        "https://[::1",
        "shop.example",
    ],
)
def test_a_url_that_is_none_of_ours(url: str) -> None:
    with pytest.raises(Forbidden):
        checked_url(url, private=False)


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    target = await target_of("http://localhost:8080/a?b=c#d", private=True)
    assert target.pinned in {"http://127.0.0.1:8080/a?b=c", "http://[::1]:8080/a?b=c"}
    assert (target.host, target.host_header) == ("localhost", "localhost:8080")
