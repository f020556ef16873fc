"""Who is writing: the shop's identity tokens in, our own conversation tokens out; and tickets to the desk."""

import hashlib
import hmac
import uuid
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from crm_core.conversations.timeline import Thread

ALGORITHM = "HS256"  # one pinned algorithm: a token does not choose how it is checked
IDENTITY_LASTS_AT_MOST = timedelta(hours=24)
CLOCK_SKEW = timedelta(seconds=60)
ANONYMOUS_LASTS = timedelta(days=30)
SIGNED_IN_LASTS = timedelta(hours=24)
TICKET_LASTS = timedelta(seconds=60)

# Keys come from the operator; `zhanggui doctor` is where a short one is reported.
warnings.filterwarnings("ignore", category=jwt.warnings.InsecureKeyLengthWarning)


class NotYou(Exception):
    """A token that proves nothing; `code` is stable, the message is for the shop's developer."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Identity:
    """Issues and checks the tokens of shoppers.

    `secret` signs our own tokens; `widget_key` is what the shop's back end signs identities with, empty = nobody can
    be identified.
    """

    secret: str
    widget_key: str

    def customer_of(self, token: str, now: datetime) -> str:
        """The customer an identity token of the shop's back end names; raises NotYou."""
        if not self.widget_key:
            raise NotYou("identity_not_configured", "店铺没有设置 ZHANGGUI_WIDGET_KEY，无法验证买家身份")
        try:
            claims = jwt.decode(
                token,
                self.widget_key,
                algorithms=[ALGORITHM],
                options={"require": ["sub", "exp"], "verify_aud": False, "verify_iat": False},
                leeway=0,
            )
        except jwt.ExpiredSignatureError:
            raise NotYou("identity_expired", "身份令牌已过期，请由店铺后端重新签发") from None
        except jwt.PyJWTError:
            raise NotYou(
                "identity_invalid", "身份令牌无效：应为用 ZHANGGUI_WIDGET_KEY 以 HS256 签名、含 sub 与 exp 的 JWT"
            ) from None
        if claims["exp"] - now.timestamp() > (IDENTITY_LASTS_AT_MOST + CLOCK_SKEW).total_seconds():
            raise NotYou("identity_too_long", "身份令牌的有效期最长 24 小时")
        customer = claims["sub"]
        if not isinstance(customer, str) or not customer.strip() or len(customer) > 128:
            raise NotYou("identity_invalid", "身份令牌的 sub 应为顾客编号")
        return customer

    def identify(self, customer: str, now: datetime, lasts: timedelta = timedelta(hours=12)) -> str:
        """An identity token as the shop's back end would sign it (the demo shop is its own back end)."""
        return jwt.encode({"sub": customer, "exp": now + lasts}, self.widget_key, ALGORITHM)

    def thread_for(self, customer: str | None) -> Thread:
        """The conversation of a customer, always the same; a new one for an anonymous shopper.

        Nothing is written: a conversation comes into being with its first message.
        """
        if customer is None:
            return Thread(uuid.uuid4().hex)
        digest = hmac.new(self.secret.encode(), f"conversation|web|{customer}".encode(), hashlib.sha256)
        return Thread(digest.hexdigest()[:32], customer)

    def token(self, thread: Thread, now: datetime) -> str:
        """A token that opens this one conversation."""
        lasts = SIGNED_IN_LASTS if thread.customer else ANONYMOUS_LASTS
        claims = {"c": thread.conversation, "exp": now + lasts, "aud": "shopper"}
        if thread.customer:
            claims["u"] = thread.customer
        return jwt.encode(claims, self._own_key, ALGORITHM)

    def thread_of(self, token: str) -> Thread:
        """The conversation a token opens; raises NotYou."""
        try:
            claims = jwt.decode(token, self._own_key, algorithms=[ALGORITHM], audience="shopper")
            return Thread(claims["c"], claims.get("u"))
        except (jwt.PyJWTError, KeyError):
            raise NotYou("token_invalid", "会话令牌无效或已过期，请重新获取") from None

    def ticket(self, sign_in: str, now: datetime) -> str:
        """A token for the address of the desk's socket, good for a minute: addresses end up in logs."""
        return jwt.encode({"s": sign_in, "exp": now + TICKET_LASTS, "aud": "desk"}, self._own_key, ALGORITHM)

    def ticketed(self, ticket: str) -> str:
        """The sign-in that a ticket was given to; raises NotYou."""
        try:
            return str(jwt.decode(ticket, self._own_key, algorithms=[ALGORITHM], audience="desk")["s"])
        except (jwt.PyJWTError, KeyError):
            raise NotYou("token_invalid", "登录已失效，请重新登录") from None

    @property
    def _own_key(self) -> str:
        return hmac.new(self.secret.encode(), b"zhanggui|tokens", hashlib.sha256).hexdigest()
