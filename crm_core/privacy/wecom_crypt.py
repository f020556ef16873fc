"""What 企业微信 sends and expects on callbacks: signed with SHA-1, sealed with AES-256-CBC under the account's own key.

The scheme is theirs: the key is 43 characters of base64, its first half is the initialisation vector, the padding goes
up to 32 bytes, and the text stands between 16 random bytes with its length, and the id of whom it is for.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
RANDOM = 16
LENGTH = 4


class NotTheirs(Exception):
    """Not signed, or not sealed, by whoever knows this token and key."""


class WeComCrypt:
    """Opens and seals messages for one receiver, the corp id."""

    def __init__(self, token: str, aes_key: str, receiver: str):
        """Take the three values of the callback page; raises ValueError for a key that is none."""
        try:
            self._key = base64.b64decode(aes_key + "=", validate=True)
        except ValueError:
            raise ValueError("EncodingAESKey") from None
        if len(self._key) != 32:
            raise ValueError("EncodingAESKey")
        self._token = token
        self._receiver = receiver.encode()

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        """The signature that belongs to a sealed text."""
        return hashlib.sha1("".join(sorted((self._token, timestamp, nonce, sealed))).encode()).hexdigest()

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """The text in a sealed one; raises NotTheirs for a wrong signature, key or receiver."""
        if not hmac.compare_digest(self.signature(timestamp, nonce, sealed).encode(), signature.encode()):
            raise NotTheirs("signature")
        try:
            raw = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise NotTheirs("not base64") from None
        if not raw or len(raw) % 16:
            raise NotTheirs("not whole blocks")
        cipher = Cipher(AES(self._key), CBC(self._key[:16])).decryptor()
        padded = cipher.update(raw) + cipher.finalize()
        content = padded[: -padded[-1]] if 1 <= padded[-1] <= BLOCK else b""
        length = int.from_bytes(content[RANDOM : RANDOM + LENGTH])
        text = content[RANDOM + LENGTH : RANDOM + LENGTH + length]
        if len(text) != length or content[RANDOM + LENGTH + length :] != self._receiver:
            raise NotTheirs("receiver")
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise NotTheirs("text") from None

    def seal(self, text: str) -> str:
        """A text sealed for the receiver."""
        said = text.encode()
        content = os.urandom(RANDOM) + len(said).to_bytes(LENGTH) + said + self._receiver
        padding = BLOCK - len(content) % BLOCK
        cipher = Cipher(AES(self._key), CBC(self._key[:16])).encryptor()
        return base64.b64encode(cipher.update(content + bytes([padding]) * padding) + cipher.finalize()).decode()
