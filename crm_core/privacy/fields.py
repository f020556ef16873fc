"""Sealed fields and keyed hashes, derived from the shop's one secret."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12


class WrongKey(Exception):
    """A sealed field does not open: the secret differs from the one it was written under, or the bytes were altered."""


class FieldKeys:
    """The two keys of a shop, each derived for its one purpose (HKDF, RFC 5869) from `ZHANGGUI_SECRET_KEY`.

    A plain SHA-256 of a phone number is no protection: all mainland numbers can be hashed in minutes. Equality search
    therefore uses HMAC under a key that never enters the database.
    """

    def __init__(self, secret: str):
        self._seal = AESGCM(_derive(secret, b"fields"))
        self._index = _derive(secret, b"index")

    def seal(self, value: str | None, place: str) -> bytes | None:
        """Encrypt `value` with AES-256-GCM, bound to `place` (table, column, row), so that it opens nowhere else."""
        if value is None:
            return None
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._seal.encrypt(nonce, value.encode(), place.encode())

    def open(self, sealed: bytes | None, place: str) -> str | None:
        """The value sealed at `place`; raises WrongKey when it does not open."""
        if sealed is None:
            return None
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._seal.decrypt(nonce, body, place.encode()).decode()
        except InvalidTag:
            raise WrongKey(place) from None

    def digest(self, kind: str, value: str) -> str:
        """The keyed hash under which a value of this kind can be looked up."""
        return hmac.new(self._index, f"{kind}|{value}".encode(), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhanggui|" + purpose).derive(secret.encode())
