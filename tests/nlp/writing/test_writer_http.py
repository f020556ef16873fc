"""A model that is slow, wrong or gone is silent in time, and is left alone for a while."""

import time
from collections.abc import Iterator

import pytest

from nlp.writing import writer_http
from nlp.writing.writer import Choice, Tool, WriterSilent
from nlp.writing.writer_http import HttpWriter
from tests.nlp.writing.model_server import Model, model_server, slowly

TOOLS = [Tool("logistics", "查物流"), Tool("search_knowledge", "查规则")]


@pytest.fixture
def model() -> Iterator[Model]:
    with model_server() as model:
        yield model


def _writer(model: Model, **more) -> HttpWriter:
    return HttpWriter(model.url, "tea-7b", **more)


def test_a_wording_comes_piece_by_piece_from_the_facts_and_the_question(model):
    model.words = lambda asked: iter(["已发", "货。"])
    assert list(_writer(model, api_key="sk-1").phrase("发了吗", ["订单已发货"], ["在吗", "在的"])) == ["已发", "货。"]
    [asked] = model.asked
    assert asked["model"] == "tea-7b"
    assert model.keys == ["Bearer sk-1"]
    system, before, question = (message["content"] for message in asked["messages"])
    assert "依据" in system
    assert "在吗" in before
    assert "订单已发货" in question
    assert "发了吗" in question


def test_a_tool_is_chosen_with_the_question_standing_alone(model):
    model.call = lambda asked: ("logistics", '{"question": "我的包裹到哪了"}')
    assert _writer(model).choose("到哪了", [], TOOLS) == Choice("logistics", "我的包裹到哪了")
    names = [tool["function"]["name"] for tool in model.asked[0]["tools"]]
    assert names == ["logistics", "search_knowledge"]


@pytest.mark.parametrize("called", [None, ("rm_rf", '{"question": "x"}'), ("logistics", '{"question": "  "}')])
def test_no_tool_or_one_that_was_not_offered_is_none(model, called):
    model.call = lambda asked: called
    assert _writer(model).choose("到哪了", [], TOOLS) is None


@pytest.mark.parametrize("arguments", ["{", "[]", '{"q": 1}', "null"])
def test_a_call_that_cannot_be_read_is_silence(model, arguments):
    model.call = lambda asked: ("logistics", arguments)
    with pytest.raises(WriterSilent, match="格式"):
        _writer(model).choose("到哪了", [], TOOLS)


@pytest.mark.parametrize(
    ("status", "raw", "reason"),
    [(500, b"{}", "HTTP 500"), (401, b"{}", "HTTP 401"), (200, b"<html>", None), (200, b'{"choices": []}', None)],
)
def test_a_server_that_answers_wrongly_is_silence(model, status, raw, reason):
    model.status, model.raw = status, raw
    with pytest.raises(WriterSilent, match=reason):
        _writer(model).choose("到哪了", [], TOOLS)


def test_a_server_that_hangs_or_trickles_is_silent_in_time(model):
    for words in (lambda asked: slowly("慢", 5), lambda asked: slowly("慢" * 100, 0.05)):
        model.words = words
        started = time.monotonic()
        with pytest.raises(WriterSilent, match="超时"):
            list(_writer(model, seconds=0.4).phrase("问", ["事实"], []))
        assert time.monotonic() - started < 2


def test_a_model_that_does_not_stop_is_cut_off(model):
    model.words = lambda asked: iter(["很长" * 500] * 50)
    with pytest.raises(WriterSilent, match="过长"):
        list(_writer(model).phrase("问", ["事实"], []))


def test_nobody_there_is_silence():
    with pytest.raises(WriterSilent, match="连不上"):
        HttpWriter("http://127.0.0.1:1/v1", "x").choose("问", [], TOOLS)


def test_after_failures_in_a_row_the_server_is_left_alone_and_tried_again_later(model, monkeypatch):
    monkeypatch.setattr(writer_http, "REST", 0.2)
    writer = _writer(model)
    model.status = 503
    for _ in range(writer_http.FAILURES + 4):
        with pytest.raises(WriterSilent):
            writer.choose("问", [], TOOLS)
    assert len(model.asked) == writer_http.FAILURES
    time.sleep(0.25)
    model.status = 200
    assert writer.choose("问", [], TOOLS) is None


def test_a_listener_that_has_heard_enough_is_no_failure_of_the_server(model):
    model.words = lambda asked: iter(["一。"] * 30)
    writer = _writer(model)
    for _ in range(writer_http.FAILURES + 1):
        pieces = writer.phrase("问", ["事实"], [])
        next(pieces)
        pieces.close()
    assert len(model.asked) == writer_http.FAILURES + 1


def test_the_models_of_a_server_are_named(model):
    assert _writer(model).models() == ["tea-7b"]
