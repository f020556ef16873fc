"""Budgets and golden cases in the record, on both databases."""

from datetime import UTC, datetime

import pytest

from crm_core import revisions
from crm_core.database import Database
from crm_core.knowledge import cuts, golden
from crm_core.knowledge.golden import GoldenCase
from crm_core.knowledge.versions import MovedOn

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DRAWN = {"cut": 0.7, "asked": 100, "answered": 60, "wrong": 0, "bound": 0.05, "labels": {"golden": 100}}
CASE = GoldenCase("g", "满多少包邮", "text", None, "59", "", None, None, None, "", 1, NOW, "lea")


def revision(database: Database, name: str) -> int:
    with database.reading() as tx:
        return revisions.number(tx, name)


def test_a_cut_holds_once_it_is_drawn_and_until_its_budget_is_taken_back(database: Database) -> None:
    with database.transaction() as tx:
        cuts.set_budget(tx, "退换", 0.02, seen=0, at=NOW, by="lea")
        assert cuts.in_force(tx) == {}
        cuts.draw(tx, {("退换", 0.02): {**DRAWN, "borrowed": False}}, at=NOW)
        assert cuts.in_force(tx) == {"退换": 0.7}
        cuts.set_budget(tx, "退换", 0.05, seen=1, at=NOW, by="lea")
        assert cuts.in_force(tx) == {"退换": 0.7}
    with database.transaction() as tx:
        assert cuts.remove(tx, "退换")
        assert not cuts.remove(tx, "退换")
        assert cuts.in_force(tx) == {}


def test_a_cut_drawn_for_a_budget_of_before_is_not_kept(database: Database) -> None:
    with database.transaction() as tx:
        cuts.set_budget(tx, "", 0.02, seen=0, at=NOW, by="lea")
        cuts.draw(tx, {("", 0.05): {**DRAWN, "borrowed": False}, ("gone", 0.1): {**DRAWN, "borrowed": False}}, at=NOW)
        (one,) = cuts.all_cuts(tx)
    assert (one.cut, one.computed_at) == (None, None)


def test_gateways_hear_of_a_cut_only_when_it_is_another(database: Database) -> None:
    with database.transaction() as tx:
        cuts.set_budget(tx, "", 0.02, seen=0, at=NOW, by="lea")
    before = revision(database, cuts.REVISION)
    for expected in (1, 1):
        with database.transaction() as tx:
            cuts.draw(tx, {("", 0.02): {**DRAWN, "borrowed": True}}, at=NOW)
        assert revision(database, cuts.REVISION) == before + expected


def test_two_leads_do_not_overwrite_each_other(database: Database) -> None:
    with database.transaction() as tx:
        cuts.set_budget(tx, "", 0.02, seen=0, at=NOW, by="lea")
        golden.add(tx, CASE)
        golden.change(tx, "g", 1, {"text": "99"})
    with pytest.raises(MovedOn) as refused, database.transaction() as tx:
        cuts.set_budget(tx, "", 0.1, seen=0, at=NOW, by="ada")
    assert refused.value.now == 1
    with pytest.raises(MovedOn), database.transaction() as tx:
        golden.change(tx, "g", 1, {"text": "199"})
    with pytest.raises(MovedOn), database.transaction() as tx:
        golden.change(tx, "gone", 1, {"text": "199"})
    with database.reading() as tx:
        assert [(one.text, one.version) for one in golden.all_cases(tx)] == [("99", 2)]


def test_a_changed_case_is_heard_of(database: Database) -> None:
    with database.transaction() as tx:
        golden.add(tx, CASE)
    first = revision(database, golden.REVISION)
    with database.transaction() as tx:
        assert golden.remove(tx, "g")
        assert not golden.remove(tx, "g")
    assert revision(database, golden.REVISION) == first + 1
