"""Whoever does what in whatever order: one owner, a muted bot is silent, nobody is forgotten, the log is the truth."""

import pytest

from crm_core.privacy.fields import FieldKeys
from tests.conftest import SECRET
from tests.properties.desk_play import Play
from tests.properties.played import PlayedDatabase

STEPS = 60


def test_no_interleaving_of_shoppers_bot_agents_timers_and_crashes_breaks_a_session(database_url: str) -> None:
    record = PlayedDatabase(database_url, FieldKeys(SECRET))
    play = Play(record)
    for seed in range(60 if database_url.startswith("sqlite") else 25):
        play.run(seed, STEPS)
    seen = play.counts
    record.close()
    # A play in which nothing happens proves nothing.
    assert seen["router offers"] > 0
    assert seen["refused: NotPossible"] > 20
    assert seen["commits"] > 200
    assert seen["replayed rows"] > 100


def test_the_play_sees_it_when_the_bot_speaks_out_of_turn(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_core.conversations import timeline
    from tests.properties.desk_play import Broken

    # A store without the fence, and a bot that never looks whose session it is.
    monkeypatch.setattr(timeline, "_let_through", lambda _session, event: event)
    monkeypatch.setattr("assistant.turns._listened", lambda a, thread, _: _babble(a, thread))
    record = PlayedDatabase(database_url, FieldKeys(SECRET))
    play = Play(record)
    with pytest.raises(Broken, match="the bot spoke"):
        for seed in range(100):
            play.run(seed, STEPS)
    record.close()


def _babble(a, thread):  # type: ignore[no-untyped-def]
    from crm_core.conversations import timeline
    from crm_core.conversations.events import BotReplied

    def work(tx):  # type: ignore[no-untyped-def]
        return timeline.append(tx, thread, [(BotReplied("我来答", 0, "answer"), None)], at=a.clock())

    return a.record.write(work, thread.conversation)
