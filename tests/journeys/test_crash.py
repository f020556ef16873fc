"""`kill -9` between any two steps: what was acknowledged is there, and is answered once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.journeys.conftest import WIDGET_KEY, Shopper


class Process:
    """`zhanggui serve` as a process that can be killed."""

    def __init__(self, data: Path, port: int = 0, **environment: str):
        self.data = data
        env = {**os.environ, "ZHANGGUI_WIDGET_KEY": WIDGET_KEY, "ZHANGGUI_BURST_WAIT": "0", **environment}
        command = [sys.executable, "-m", "webchat.cli", "serve", "--port", str(port), "--data", str(data)]
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        assert line.startswith("ready http://"), line
        self.url = line.split()[1]

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture
def data(tea_shop_data: Path, tmp_path: Path) -> Path:
    shutil.copytree(tea_shop_data, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def process(data: Path) -> Iterator[Process]:
    running = Process(data)
    yield running
    running.kill()


def all_entries(shopper: Shopper, count: int) -> list[dict]:
    return [shopper.until(lambda frame: frame["t"] == "entry", timeout=30) for _ in range(count)]


def test_no_acknowledged_message_is_lost_or_doubled_and_each_is_answered(process: Process) -> None:
    acknowledged: list[str] = []
    shopper = Shopper(process.url)
    token, running = shopper.token, process
    for round_ in range(3):
        try:
            for n in range(6):
                client_id = shopper.say("可以开发票吗" if n % 2 else "发什么快递")
                if n == 5:
                    running.kill()  # between saying and whatever comes next
                ack = shopper.until(lambda frame, wanted=client_id: frame["t"] == "ack" and frame["id"] == wanted, 5)
                acknowledged.append(ack["id"])
        except (ConnectionClosed, TimeoutError):
            pass
        running.kill()
        running = Process(process.data)
        shopper = Shopper(running.url, token=token)
        time.sleep(0.1 * round_)
    answer = shopper.ask("满多少包邮")
    assert "59元" in answer["text"]
    replayed = Shopper(running.url, token=token)
    seen = []
    while not seen or seen[-1]["seq"] < answer["seq"]:
        seen.append(replayed.until(lambda frame: frame["t"] == "entry"))
    ids = [entry["id"] for entry in seen if entry["from"] == "shopper"]
    assert len(ids) == len(set(ids))
    assert set(acknowledged) <= set(ids)
    assert seen[-1]["from"] == "bot"
    running.kill()


def heard_by_a_process_that_died(data: Path) -> Shopper:
    """A gateway whose turns never come: it hears, and dies."""
    deaf = Process(data, ZHANGGUI_BURST_WAIT="4")
    shopper = Shopper(deaf.url)
    client_id = shopper.say("你好")
    shopper.until(lambda frame: frame["t"] == "ack" and frame["id"] == client_id)
    deaf.kill()
    return shopper


def test_a_question_heard_by_a_process_that_died_is_still_answered_when_the_shopper_returns(data: Path) -> None:
    shopper = heard_by_a_process_that_died(data)
    again = Process(data)
    back = Shopper(again.url, token=shopper.token)
    said, answer = all_entries(back, 2)
    assert (said["from"], answer["from"]) == ("shopper", "bot")
    again.kill()


def test_a_question_heard_by_a_process_that_died_is_answered_even_if_the_shopper_never_returns(data: Path) -> None:
    shopper = heard_by_a_process_that_died(data)
    again = Process(data)
    time.sleep(17)  # the duty falls due after 15 s
    back = Shopper(again.url, token=shopper.token)
    welcome = back.until(lambda frame: frame["t"] == "welcome")
    assert welcome["seq"] == 3, "opened, said, answered before anyone asked"
    again.kill()


def test_a_restart_is_announced_and_the_shopper_goes_on(data: Path) -> None:
    running = Process(data)
    shopper = Shopper(running.url)
    shopper.ask("发什么快递")
    running.stop()
    with pytest.raises((ConnectionClosed, InvalidMessage)) as closed:
        while True:
            json.loads(shopper.socket.recv(timeout=5))
    assert closed.value.rcvd.code == 1012
    again = Process(data)
    back = Shopper(again.url, token=shopper.token, since=shopper.since)
    assert "电子普通发票" in back.ask("可以开发票吗")["text"]
    again.kill()


def test_a_second_start_on_a_taken_port_says_so(process: Process) -> None:
    port = process.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "webchat.cli", "serve", "--port", port, "--data", str(process.data)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode != 0
    assert "Traceback" not in second.stderr
