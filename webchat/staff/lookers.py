"""Who looks at which session and who is typing in it, over all processes; forgotten when not said again."""

from collections.abc import Iterable

LOOK_LASTS = 50.0  # seconds; said again every 20
TYPING_LASTS = 6.0


class Lookers:
    """What was last said about who looks where. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._looking: dict[str, dict[str, float]] = {}
        self._typing: dict[str, dict[str, float]] = {}

    def looks(self, session: str, login: str, now: float) -> bool:
        """Somebody has the session open; is that news?"""
        new = login not in self.looking(session, now)
        self._looking.setdefault(session, {})[login] = now
        return new

    def types(self, session: str, login: str, now: float) -> bool:
        """Somebody is typing in it; is that news?"""
        new = login not in self.typing(session, now)
        self._typing.setdefault(session, {})[login] = now
        return new

    def leaves(self, session: str, login: str) -> bool:
        """Somebody looks away; is that news?"""
        self._typing.get(session, {}).pop(login, None)
        return self._looking.get(session, {}).pop(login, None) is not None

    def looking(self, session: str, now: float) -> list[str]:
        """Who has the session open."""
        return _since(self._looking, session, now - LOOK_LASTS)

    def typing(self, session: str, now: float) -> list[str]:
        """Who is typing in it."""
        return _since(self._typing, session, now - TYPING_LASTS)

    def forget(self, now: float) -> list[str]:
        """Let go of what was not said again; the sessions in which that changed something."""
        changed = {*_forget(self._looking, now - LOOK_LASTS), *_forget(self._typing, now - TYPING_LASTS)}
        return sorted(changed)


def _since(said: dict[str, dict[str, float]], session: str, since: float) -> list[str]:
    return sorted(login for login, at in said.get(session, {}).items() if at >= since)


def _forget(said: dict[str, dict[str, float]], before: float) -> Iterable[str]:
    for session, people in list(said.items()):
        for login in [login for login, at in people.items() if at < before]:
            del people[login]
            yield session
        if not people:
            del said[session]
