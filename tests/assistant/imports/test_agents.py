"""The people who serve, and their passwords."""

from crm_core.desk import agents

ROWS = (
    "姓名,登录名,角色,分组,技能,最大接待量,密码\n"
    "小陈,chen,客服,售前;售后,口红；护肤,5,\n"
    "王姐,wang,主管,,,,long enough\n"
)


def test_agents_are_engaged_with_a_password_of_their_own_or_a_made_one(shop) -> None:
    report = shop.take("agents", ROWS)
    ((login, password),) = report.made_passwords
    assert login == "chen"
    assert len(password) >= 12
    with shop.record.reading() as tx:
        chen, wang = agents.agent(tx, "chen"), agents.agent(tx, "wang")
    assert (chen.role, chen.groups, chen.skills, chen.max_chats) == ("agent", ("售前", "售后"), ("口红", "护肤"), 5)
    assert chen.password_hash == f"hash of {password}"
    assert (wang.role, wang.password_hash) == ("lead", "hash of long enough")


def test_the_same_agents_again_change_nothing_and_make_no_password(either_shop) -> None:
    either_shop.take("agents", ROWS)
    with either_shop.record.reading() as tx:
        before = agents.passwords(tx)
    again = either_shop.take("agents", ROWS)
    assert (again.unchanged, again.made_passwords) == (2, ())
    with either_shop.record.reading() as tx:
        assert agents.passwords(tx) == before


def test_a_new_password_in_the_file_is_taken(shop) -> None:
    shop.take("agents", ROWS)
    report = shop.take("agents", ROWS.replace("long enough", "another one"))
    assert report.unchanged == 1
    with shop.record.reading() as tx:
        assert agents.agent(tx, "wang").password_hash == "hash of another one"


def test_a_dry_run_makes_no_passwords(shop) -> None:
    report = shop.take("agents", ROWS, dry_run=True)
    assert (report.taken, report.made_passwords) == (2, ())
    with shop.record.reading() as tx:
        assert agents.logins(tx) == set()


def test_wrong_agents_are_refused(shop) -> None:
    report = shop.take(
        "agents", "name,login,role,password,max_chats\nA,a,皇帝,,\nB,b b,,,\nC,c,,short,\nD,d,,,0\nE,e,,,\nE2,e,,,\n"
    )
    assert report.taken == 1
    assert [one.reason for one in report.first_rejects] == [
        "「role」是「皇帝」，应为agent（客服）、senior（资深客服）、lead（主管）、admin（管理员）之一",
        "「login」是「b b」，应为不含空格的登录名",
        "「password」应为至少 8 位的密码，或者留空由系统生成",
        "「max_chats」是「0」，应为不小于 1 的整数",
        "「login」的 e 在前面的行里已经有了，每个登录名应当只有一行",
    ]
