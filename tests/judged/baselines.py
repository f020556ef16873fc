"""What the reader has to beat: bare word lists, a classifier over character n-grams, snownlp."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

Labels = frozenset[str]
Finder = Callable[[str], Mapping[str, Labels]]

_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "price": {
        "discount": ("优惠", "活动", "券", "打折", "满减", "包邮", "返现", "赠品", "红包"),
        "bargain": ("便宜点", "少点", "抹零", "最低", "砍价", "再少"),
        "expensive": ("贵", "涨价", "买不起"),
        "compare": ("别家", "拼多多", "淘宝", "直播间", "隔壁"),
        "wait": ("双11", "双十一", "618", "等活动", "降价"),
        "protection": ("价保", "保价", "差价", "降价了"),
        "budget": ("预算", "以内", "左右"),
        "value": ("性价比", "划算", "值不值", "值得"),
    },
    "human": {"human": ("人工", "真人", "客服", "主管", "经理")},
    "urgent": {"high": ("急", "过敏", "丢", "投诉", "12315", "律师", "没收到", "赶紧", "马上")},
    "negative": {"negative": ("差", "垃圾", "失望", "生气", "骗", "投诉", "坏", "烦", "气", "急", "担心", "难过")},
}
_BRANDS = (
    "兰蔻",
    "雅诗兰黛",
    "欧莱雅",
    "小米",
    "华为",
    "苹果",
    "耐克",
    "安踏",
    "优衣库",
    "宜家",
    "皇家",
    "京东",
    "淘宝",
    "拼多多",
)


def naive(text: str) -> Mapping[str, Labels]:
    """Find labels by bare words."""
    found = {
        task: frozenset(kind for kind, words in kinds.items() if any(word in text for word in words))
        for task, kinds in _WORDS.items()
    }
    brands = frozenset(brand for brand in _BRANDS if brand in text)
    return found | {"competitor": brands, "comparing": brands if "比" in text or "哪个" in text else frozenset()}


def learnt() -> Finder:
    """Train a classifier for each task on the project's corpus: character 1-3-gram TF-IDF, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MultiLabelBinarizer

    rows = list(_corpus())
    texts = [row["text"] for row in rows]

    def pipeline() -> Any:
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        return make_pipeline(grams, OneVsRestClassifier(LogisticRegression(C=10, max_iter=300)))

    kinds = [
        {kind for kind in _kinds(row["cues"]) if kind in _WORDS["price"]} | ({"human"} & _kinds(row["cues"]))
        for row in rows
    ]
    binarizer = MultiLabelBinarizer()
    cues = pipeline().fit(texts, binarizer.fit_transform(kinds))
    urgency = pipeline().fit(texts, [row["urgency"] for row in rows])
    emotion = pipeline().fit(texts, [row["emotion"] for row in rows])

    def find(text: str) -> Mapping[str, Labels]:
        found = frozenset(binarizer.inverse_transform(cues.predict([text]))[0])
        level, feeling = str(urgency.predict([text])[0]), str(emotion.predict([text])[0])
        negative = feeling in ("angry", "anxious", "disappointed", "sad")
        return {
            "price": found - {"human"},
            "human": found & {"human"},
            "urgency": frozenset({level}),
            "urgent": frozenset({"high"} & {level}),
            "emotion": frozenset({feeling}),
            "negative": frozenset({"negative"} if negative else ()),
            "sign": frozenset({"negative" if negative else "neutral" if feeling == "neutral" else "positive"}),
        }

    return find


def _kinds(cues: str) -> set[str]:
    return {cue.partition(":")[0] for cue in cues.split(";") if cue}


def _corpus() -> list[dict[str, str]]:
    folder = resources.files("nlp").joinpath("training/corpus")
    return [
        row
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".tsv")
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def polarity_by_snownlp() -> Finder | None:
    """Return snownlp's polarity as a finder, or nothing where it is not installed."""
    try:
        from snownlp import SnowNLP
    except ImportError:
        return None

    def find(text: str) -> Mapping[str, Labels]:
        positive = SnowNLP(text).sentiments if text.strip() else 0.5
        sign = "negative" if positive < 0.3 else "positive" if positive > 0.7 else "neutral"
        return {"sign": frozenset({sign}), "negative": frozenset({"negative"} & {sign})}

    return find
