"""Who looks and who types, as long as it is said again."""

from webchat.staff.lookers import LOOK_LASTS, TYPING_LASTS, Lookers


def test_only_a_change_is_news() -> None:
    lookers = Lookers()
    assert lookers.looks("s", "ann", 0.0)
    assert not lookers.looks("s", "ann", 20.0)
    assert lookers.looks("s", "bob", 20.0)
    assert lookers.looking("s", 20.0) == ["ann", "bob"]
    assert lookers.leaves("s", "ann")
    assert not lookers.leaves("s", "ann")
    assert lookers.looking("s", 20.0) == ["bob"]


def test_what_is_not_said_again_is_forgotten() -> None:
    lookers = Lookers()
    lookers.looks("s", "ann", 0.0)
    lookers.types("s", "ann", 0.0)
    assert lookers.typing("s", TYPING_LASTS) == ["ann"]
    assert lookers.typing("s", TYPING_LASTS + 1) == []
    assert lookers.forget(TYPING_LASTS + 1) == ["s"]
    assert lookers.looking("s", LOOK_LASTS) == ["ann"]
    assert lookers.forget(LOOK_LASTS + 1) == ["s"]
    assert lookers.forget(LOOK_LASTS + 2) == []
    assert lookers.looks("s", "ann", LOOK_LASTS + 2), "coming back is news"
