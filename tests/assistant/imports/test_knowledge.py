"""Knowledge from sheets, documents and folders."""

from crm_core.knowledge import articles

ROWS = "问题,答案,相似问,分类,商品编码\n怎么退货,七天内可退,能退吗;想退,售后,\n有货吗,有,,商品,A\n"


def titles(shop) -> list[str]:
    with shop.record.reading() as tx:
        return [one.title for one in articles.all_articles(tx)]


def test_questions_and_answers_are_kept_and_said_again_change_nothing(either_shop) -> None:
    report = either_shop.take("knowledge", ROWS, "faq.csv")
    assert (report.taken, report.unchanged, report.rejected) == (2, 0, 0)
    assert report.notices == ("faq.csv 里的商品编码不在商品表里：A",)
    again = either_shop.take("knowledge", ROWS, "faq.csv")
    assert (again.taken, again.unchanged) == (2, 2)
    with either_shop.record.reading() as tx:
        first = next(articles.all_articles(tx))
    assert (first.title, first.similar, first.category, first.file) == (
        "怎么退货",
        ["能退吗", "想退"],
        "售后",
        "faq.csv",
    )


def test_a_row_taken_out_of_the_file_goes_and_other_files_stay(shop) -> None:
    shop.take("knowledge", ROWS, "faq.csv")
    shop.take("knowledge", "问题,答案\n运费,八元\n", "more.csv")
    shop.take("knowledge", "问题,答案\n怎么退货,七天内可退\n", "faq.csv")
    assert titles(shop) == ["怎么退货", "运费"]


def test_bad_rows_are_refused_with_what_stood_in_them(shop) -> None:
    report = shop.take("knowledge", "问题,答案\n怎么退货,\n,有\n运费,八元\n", "faq.csv")
    assert (report.rows, report.taken, report.rejected, report.exit_code) == (3, 1, 2, 3)
    assert [one.line for one in report.first_rejects] == [2, 3]
    assert "怎么退货" in shop.rejected(report)


def test_a_file_of_which_nothing_can_be_read_takes_nothing_away(shop) -> None:
    shop.take("knowledge", ROWS, "faq.csv")
    report = shop.take("knowledge", "问题,答案\n怎么退货,\n", "faq.csv")
    assert report.rejected == 1
    assert len(titles(shop)) == 2


def test_a_folder_of_documents_is_read_whole(shop) -> None:
    folder = shop.folder / "policies"
    (folder / "more").mkdir(parents=True)
    (folder / "returns.md").write_text("# 退货\n\n七天内可退。\n", encoding="utf-8")
    (folder / "more" / "faq.csv").write_text(ROWS, encoding="utf-8")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    report = shop.take("knowledge", folder)
    assert (report.taken, report.rejected) == (3, 1)
    assert "docx" in report.first_rejects[0].reason
    assert sorted(titles(shop)) == ["怎么退货", "有货吗", "退货"]
    assert shop.take("knowledge", folder).unchanged == 3


def test_a_dry_run_of_knowledge_writes_nothing(shop) -> None:
    report = shop.take("knowledge", ROWS + ",x,,,\n", "faq.csv", dry_run=True)
    assert (report.taken, report.rejected) == (2, 1)
    assert titles(shop) == []
    assert not (shop.folder / "faq.csv.rejected.csv").exists()


def test_a_file_that_is_no_knowledge_is_unusable(shop) -> None:
    assert "问题" in shop.take("knowledge", "a,b\n1,2\n", "faq.csv").unusable
    assert shop.take("knowledge", b"MZ", "a.exe").exit_code == 2
