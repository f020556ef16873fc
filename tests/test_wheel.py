"""What is installed is whole: the wheel holds every asset and works from another folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import readme


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked away from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=readme.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_file_of_the_rooms_is_in_the_wheel(unpacked: Path) -> None:
    files = [path for room in readme.ROOMS for path in (readme.ROOT / room).rglob("*") if path.is_file()]
    names = [path.relative_to(readme.ROOT) for path in files if "__pycache__" not in path.parts]
    assert len(names) > 100
    assert [name for name in names if not (unpacked / name).exists()] == []


def test_the_demo_opens_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"}
    script = (
        "import sys, pathlib, webchat; assert pathlib.Path(webchat.__file__).is_relative_to(sys.argv[1]); "
        "from webchat.settings import Settings; from webchat.wiring import open_record, wire; "
        "from webchat.demo.opening import open_demo_shop; settings = Settings(data=pathlib.Path('shop')); "
        "record = open_record(settings); open_demo_shop(record, settings, print); record.close(); "
        "gateway = wire(settings); print(gateway.assistant.shelf.search('满多少包邮').hits[0].article.text); "
        "from webchat.pages import STATIC; assert (STATIC / 'widget.js').exists()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(unpacked)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "包邮" in done.stdout
