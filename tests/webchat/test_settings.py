"""A wrong setting stops the start with its name."""

import pytest

from webchat.settings import Settings, WrongSetting, load_settings, unknown_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHANGGUI_BURST_WAIT", "soon"),
        ("ZHANGGUI_BURST_WAIT", "-1"),
        ("ZHANGGUI_DATABASE_URL", "mysql://x"),
        ("ZHANGGUI_LIVE_URL", "nats://x"),
        ("ZHANGGUI_INDEX_URL", "chroma://"),
        ("ZHANGGUI_ZONE", "Mars/Base"),
        ("ZHANGGUI_OPEN_HOURS", "all day"),
        ("ZHANGGUI_OPEN_HOURS", "09:00-25:61"),
        ("ZHANGGUI_ALLOWED_ORIGINS", "shop.example"),
        ("ZHANGGUI_OPEN_HOURS", "25:00-99:00"),
        ("ZHANGGUI_TURN_THREADS", "0"),
        ("ZHANGGUI_WIDGET_KEY", "short"),
    ],
)
def test_it_is_named_with_what_was_expected(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=name):
        load_settings()


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ZHANGGUI_DATA", "/somewhere/else")
    assert load_settings(data=tmp_path).data == tmp_path
    assert str(load_settings(data=None).data) == "/somewhere/else"


def test_a_misspelt_setting_is_noticed_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_BURST_WIAT", "2")
    assert any("ZHANGGUI_BURST_WIAT" in note and "ZHANGGUI_BURST_WAIT" in note for note in unknown_settings())


def test_several_origins_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_ALLOWED_ORIGINS", "https://a.example, https://b.example:8443")
    assert load_settings().origins == ("https://a.example", "https://b.example:8443")


def test_vectors_beside_the_record_need_a_record_in_postgresql(tmp_path):
    here = Settings(data=tmp_path, database_url="postgresql+psycopg://shop@db/zhanggui", index_url="pgvector://")
    assert here.vector_server == "postgresql://shop@db/zhanggui"
    elsewhere = Settings(data=tmp_path, index_url="pgvector://shop@vectors/zhanggui")
    assert elsewhere.vector_server == "postgresql://shop@vectors/zhanggui"
    assert Settings(data=tmp_path).vector_server is None
    with pytest.raises(WrongSetting, match="ZHANGGUI_DATABASE_URL"):
        _ = Settings(data=tmp_path, index_url="pgvector://").vector_server
    with pytest.raises(WrongSetting, match="pgvector"):
        load_settings(data=tmp_path, index_url="milvus://")
