"""A shop of a given size in a data folder, made of varied but meaningless text: it shows speed, not quality."""

import csv
import random
from pathlib import Path

from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

WORDS = [
    "口红",
    "眼影",
    "粉底",
    "面霜",
    "奶粉",
    "纸尿裤",
    "奶瓶",
    "电饭煲",
    "台灯",
    "加湿器",
    "快递",
    "发货",
    "退货",
    "换货",
    "发票",
    "优惠券",
    "会员",
    "积分",
    "保修",
    "安装",
    "尺寸",
    "颜色",
    "成分",
    "保质期",
    "运费",
    "包邮",
    "赠品",
    "库存",
    "预售",
    "物流",
    "签收",
    "拒收",
    "地址",
    "订单",
    "退款",
    "差价",
    "质量",
    "过敏",
    "孕妇",
    "宝宝",
    "敏感肌",
    "容量",
    "功率",
    "材质",
    "产地",
    "说明书",
    "配件",
    "滤芯",
    "充电",
    "续航",
    "噪音",
]
ASKING = ("怎么办", "可以吗", "多久", "有没有", "怎么用", "是什么", "需要多少钱", "能不能换", "在哪里看", "要注意什么")


def question(rng: random.Random) -> str:
    """A question nobody has asked in just these words."""
    return "".join(rng.sample(WORDS, 3)) + rng.choice(ASKING)


def build(data: Path, rows: int, seed: int = 1) -> list[str]:
    """Import `rows` knowledge rows into a new data folder; returns their questions."""
    rng = random.Random(seed)
    data.mkdir(parents=True, exist_ok=True)
    questions = sorted({question(rng) + str(n) for n in range(rows)})
    path = data / "knowledge.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "answer", "category"])
        for text in questions:
            writer.writerow([text, "".join(rng.sample(WORDS, 12)) + "。", rng.choice(WORDS)])
    record = open_record(Settings(data=data))
    import_kind(record, "knowledge", [path])
    record.close()
    return questions
