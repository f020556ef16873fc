"""Where this house may knock: an address is resolved, checked, and then spoken to at exactly that address.

Who registers a webhook must not make the gateway speak to what only the gateway can reach: itself, the database, the
network it stands in, or the metadata service of its cloud. A name is resolved once, every address it stands for is
checked, and the connection goes to a checked one, so that a second answer of the name server changes nothing.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

RESOLVES_IN = 5.0  # seconds
LONGEST_URL = 2_000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Public numbers behind which a cloud answers with its own secrets.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Forbidden(Exception):
    """An address that is not spoken to; the message says why, in the words of the shop's people."""


@dataclass(frozen=True)
class Target:
    """A URL and the address it is spoken to at."""

    url: SplitResult
    address: Address
    port: int

    @property
    def host(self) -> str:
        """The name in the URL: what the certificate is checked against."""
        return self.url.hostname or ""

    @property
    def pinned(self) -> str:
        """The URL with the address in the place of the name."""
        at = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return self.url._replace(netloc=f"{at}:{self.port}", fragment="").geturl()

    @property
    def host_header(self) -> str:
        """The host as the URL writes it."""
        return self.url.netloc


def is_public(address: Address) -> bool:
    """May anybody on the internet reach this address? What is wrapped in an IPv6 address counts for what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and any(address in network for network in _NAT64):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is None and int(address) >> 32 == 0:
            inner = ipaddress.IPv4Address(int(address))  # ::127.0.0.1
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in _METADATA


def checked_url(url: str, *, private: bool) -> SplitResult:
    """The URL taken apart. Raises Forbidden for one that is not spoken to; with `private` http is, too."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise Forbidden("地址写得不对") from None
    if len(url) > LONGEST_URL or any(character.isspace() or ord(character) < 32 for character in url.strip()):
        raise Forbidden("地址写得不对")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Forbidden("地址应以 https:// 开头")
    if not parts.hostname or port == 0:
        raise Forbidden("地址里没有主机名")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("地址里不能带用户名和密码")
    return parts


async def target_of(url: str, *, private: bool) -> Target:
    """Where a URL leads. Raises Forbidden where that is nowhere, or (without `private`) not on the public internet."""
    parts = checked_url(url, private=private)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(RESOLVES_IN):
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise Forbidden(f"{parts.hostname} 这个域名解析不了") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses:
        raise Forbidden(f"{parts.hostname} 这个域名解析不了")
    if not private and not all(is_public(address) for address in addresses):
        raise Forbidden(f"{parts.hostname} 指向内网或本机地址，不能作为回调地址")
    return Target(parts, addresses[0], port)
