"""A sheet of canned replies."""

from datetime import UTC, datetime
from pathlib import Path

from pwdlib import PasswordHash

from assistant.imports.run import import_files
from crm_core.database import Database
from crm_core.desk import replies


def test_replies_are_known_again_by_their_shortcut_and_wrong_ones_are_named(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sheet = tmp_path / "replies.csv"
    sheet.write_text(
        "快捷码,标题,分类,内容,分组,登录名\n"
        "tk,退款时效,售后,{{客户姓名}}，退款原路返回,,\n"
        "th,退货,售后,请寄回,售后组,\n"
        "wx,我的,,只有我用,,ann\n"
        "bad,变量,,{{身份证号}},,\n"
        "both,两个,,好的,售后组,ann\n"
        ",没有快捷码,,好的呢,,\n",
        encoding="utf-8",
    )

    def imported() -> object:
        (report,) = import_files(
            sqlite_database, "replies", [sheet], now=lambda: datetime.now(UTC), passwords=PasswordHash.recommended()
        )
        return report

    first = imported()
    assert (first.taken, first.rejected) == (4, 2)  # type: ignore[attr-defined]
    again = imported()
    assert (again.unchanged, again.rejected) == (4, 2)  # type: ignore[attr-defined]
    with sqlite_database.reading() as tx:
        seen = {(one.scope, one.owner, one.shortcut) for one in replies.seen_by(tx, "ann", ["售后组"])}
    assert seen == {
        ("shared", "", "tk"),
        ("group", "售后组", "th"),
        ("mine", "ann", "wx"),
        ("shared", "", "没有快捷码"),
    }
