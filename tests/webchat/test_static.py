"""The static files: small enough for a phone, nothing foreign changed, nothing fetched from elsewhere."""

import gzip
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

STATIC = Path(str(files("webchat"))) / "static"
VENDOR = STATIC / "vendor"
BUDGET = 25_000  # bytes, gzipped, file by file as they travel


def gzipped(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def imported_by(path: Path) -> set[Path]:
    """A module and all it imports, in turn; what it fetches only when needed is left out."""
    found = {path}
    for name in re.findall(r'^import .*?"(.+?)";$', path.read_text(encoding="utf-8"), re.MULTILINE):
        found |= imported_by((path.parent / name).resolve())
    return found


def test_the_widget_fits_its_budget() -> None:
    modules = imported_by(STATIC / "widget.js")
    size = gzipped(*modules)
    print(f"widget: {size} bytes gzipped in {len(modules)} files; English: {gzipped(STATIC / 'widget/en.js')} more")

    assert {path.name for path in modules} >= {"widget.js", "socket.js", "panel.js", "zh-CN.js", "preact.js"}
    assert size <= BUDGET
    # English travels only to who reads it.
    assert set((STATIC / "widget").iterdir()) - modules == {STATIC / "widget/en.js"}
    assert gzipped(STATIC / "widget/en.js") < 1_000


def test_both_languages_say_the_same_things() -> None:
    keys = [
        re.findall(r"^  (\w+): ", (STATIC / "widget" / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("zh-CN.js", "en.js")
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


def test_every_word_the_widget_asks_for_exists() -> None:
    words = set(re.findall(r"^  (\w+): ", (STATIC / "widget/en.js").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r'\bt\("(\w+)"', (STATIC / "widget/panel.js").read_text(encoding="utf-8")))

    assert asked <= words


def test_vendored_files_are_what_they_say() -> None:
    listed = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))["files"]
    present = {path.name for path in VENDOR.iterdir()} - {"VENDOR.json", "LICENSES.txt"}

    assert set(listed) == present
    for name, entry in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"], name
        for package in entry["packages"]:
            assert package["version"]
            assert package["licence"]
            assert package["integrity"].startswith("sha512-")


@pytest.mark.parametrize(
    "name", ["widget", "shop", "knowledge", "desk", "staff", "widget.js", "chat.html", "chat.js", "chat.css"]
)
def test_nothing_of_ours_names_another_host_or_breaks_the_policy(name: str) -> None:
    place = STATIC / name
    for path in [place] if place.is_file() else place.iterdir():
        text = path.read_text(encoding="utf-8")
        addresses = set(re.findall(r"\bhttps?://[\w.]+", text)) - {"http://www.w3.org", "https://HOST"}
        assert addresses == set(), path
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|\son\w+=\"|\sstyle=\"", text), path
