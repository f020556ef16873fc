"""Whatever stands in the cells, an import ends, and every row is either taken or told."""

import contextlib
import csv
import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.imports import cells, moments
from assistant.imports.cells import WrongCell
from assistant.imports.kind import Setting
from assistant.imports.places import city
from assistant.imports.platforms import EXPORTS
from assistant.imports.statuses import order_status
from assistant.imports.table import KINDS
from crm_core.database import Database

AWKWARD = [
    "",
    "-",
    "0",
    "1",
    "A",
    "C1",
    "99.00",
    "￥9",
    "2026-05-01",
    "2026-05-01 10:00",
    "46024",
    "6.9E+18",
    "shipped",
    "待发货",
    "13800001234",
    "138****1234",
    "##abcdefgh",
    "a;b；c",
    "=1+1",
    "合计",
    "\x00",
    "\u200b",
    "😀",
    "'x",
    "[1]",
    "{}",
    "{" * 50,
    "9" * 30,
    "-1",
    "nan",
    "是",
    "track",
    "goes_with",
    "agent",
    "x" * 200,
    "1;x",
]
CELLS = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=12))
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), CELLS
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def headers_of(kind: str, record: Database) -> list[str]:
    layout = KINDS[kind](Setting(record, lambda: None, None)).layout  # type: ignore[arg-type]
    return [one.name for one in layout.columns]


def check(shop, kind: str, path: Path, **given_: object) -> None:
    first = shop.take(kind, path, **given_)
    if first.unusable is not None:
        assert "\n" not in first.unusable
        return
    assert first.taken + first.rejected == first.rows
    assert all(one.reason for one in first.first_rejects)
    again = shop.take(kind, path, **given_)
    assert (again.taken, again.rejected) == (first.taken, first.rejected)
    assert again.unchanged == again.taken or kind in ("products", "coupons", "orders", "customers", "relations")


@pytest.mark.parametrize("kind", sorted(KINDS))
@QUICK
@given(data=st.data())
def test_garbage_in_a_sheet_is_taken_or_told(shop, kind: str, data: st.DataObject) -> None:
    names = [*headers_of(kind, shop.record), "别的"]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(names) + 1), max_size=6))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(rows)
    path = shop.file(out.getvalue().encode("utf-8", "replace"))
    check(shop, kind, path)


@pytest.mark.parametrize("kind", sorted(KINDS))
@QUICK
@given(data=st.data())
def test_garbage_in_json_lines_is_taken_or_told(shop, kind: str, data: st.DataObject) -> None:
    names = headers_of(kind, shop.record)
    objects = data.draw(
        st.lists(st.dictionaries(st.sampled_from([*names, "别的"]), JSON, max_size=8), min_size=1, max_size=5)
    )
    try:
        lines = b"\n".join(msgspec.json.encode(one) for one in objects)
    except (msgspec.MsgspecError, UnicodeError, OverflowError):
        return
    check(shop, kind, shop.file(lines, "a.jsonl"))


@pytest.mark.parametrize("platform", sorted(EXPORTS))
@QUICK
@given(data=st.data())
def test_garbage_in_a_platforms_export_is_taken_or_told(shop, platform: str, data: st.DataObject) -> None:
    names = [one.aliases[0] for one in EXPORTS[platform].layout().columns]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=6))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(rows)
    check(shop, "orders", shop.file(out.getvalue().encode("utf-8", "replace")), platform=platform)


READERS = [
    cells.text,
    cells.identifier,
    cells.money,
    cells.whole(),
    cells.phone,
    cells.words,
    cells.truth,
    cells.json_object,
    cells.kept,
    moments.moment,
    moments.until,
    moments.day,
    order_status,
    city,
]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@settings(max_examples=60, deadline=None)
@given(cell=JSON)
def test_a_reader_reads_or_says_what_it_expected(read, cell: object) -> None:
    with contextlib.suppress(WrongCell):  # anything else fails the test
        read(cell)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789-/.年月日时分秒: 下午上午TZ+APM", max_size=24))
def test_something_like_a_time_is_read_or_refused(said: str) -> None:
    for read in (moments.moment, moments.until, moments.day):
        try:
            found = read(said)
        except WrongCell:
            continue
        assert found is None or isinstance(found, str) or found.tzinfo is not None
