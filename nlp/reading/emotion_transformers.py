"""Any transformers text-classification model in place of the trained emotion head.

transformers and torch are imported when a model is opened, never before.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlp.reading.emotion import NAMES

# The labels that published Chinese and multilingual emotion and sentiment models give, as the product's eight names.
_MEANING: Final[Mapping[str, str]] = {
    **{name: name for name in NAMES},
    **dict.fromkeys(("anger", "disgust", "disgusted", "hate", "annoyed", "愤怒", "生气", "厌恶", "恶心"), "angry"),
    **dict.fromkeys(
        ("fear", "fearful", "anxiety", "worried", "worry", "nervous", "恐惧", "害怕", "担心", "焦虑"), "anxious"
    ),
    **dict.fromkeys(
        ("disappointment", "depress", "negative", "neg", "失望", "消极", "负面", "负向", "差评"), "disappointed"
    ),
    **dict.fromkeys(("sadness", "grief", "悲伤", "伤心", "难过"), "sad"),
    **dict.fromkeys(
        ("none", "others", "other", "surprise", "surprised", "中性", "中立", "平静", "惊讶", "惊奇"), "neutral"
    ),
    **dict.fromkeys(
        ("like", "love", "positive", "pos", "relaxed", "喜欢", "积极", "正面", "正向", "好评", "满意"), "satisfied"
    ),
    **dict.fromkeys(("gratitude", "thankful", "感激", "感谢"), "grateful"),
    **dict.fromkeys(("joy", "happy", "happiness", "高兴", "快乐", "开心", "愉快"), "delighted"),
}
_STARS: Final = re.compile(r"^([1-5])\s*(?:stars?|星)$")
_OF_STARS: Final = {"1": "angry", "2": "disappointed", "3": "neutral", "4": "satisfied", "5": "delighted"}
_LONGEST = 256  # tokens of a message that are read


class UnusableModel(Exception):
    """A model that a shop named cannot be opened or its labels are unknown; the message says which, in Chinese."""


class TransformersEmotionHead:
    """A text-classification model whose labels are read as the eight emotions; used as the trained head is."""

    def __init__(self, name: str, *, labels: Mapping[str, str] | None = None, local: bool = False) -> None:
        """Open a model by hub name or folder; `labels` says what labels mean that are not known here.

        `local` refuses downloads. Raises `UnusableModel`.
        """
        self.name = name
        self._model, self._tokenizer = _open(name, local)
        self._places = _places(name, self._model.config.id2label, labels or {})
        self._turn = threading.Lock()  # tokenizers pad by a shared state: one call at a time

    def shares(self, text: str) -> NDArray[np.float32]:
        """Return the probability of each of the eight emotions, in the order of `nlp.reading.emotion.NAMES`."""
        import torch

        with self._turn, torch.inference_mode():
            read = self._tokenizer(text, truncation=True, max_length=_LONGEST, return_tensors="pt")
            given = torch.softmax(self._model(**read).logits[0].float(), dim=-1).numpy()
        shares = np.zeros(len(NAMES), np.float32)
        np.add.at(shares, self._places, given)
        return shares


def _open(name: str, local: bool) -> tuple[Any, Any]:
    """Load model and tokenizer, and say in one sentence why they cannot be."""
    try:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as missing:
        raise UnusableModel(f"使用情绪模型 {name} 需要先安装：pip install 'zhanggui[models]'") from missing
    try:
        model = AutoModelForSequenceClassification.from_pretrained(name, local_files_only=local)
        return model.eval(), AutoTokenizer.from_pretrained(name, local_files_only=local)
    except Exception as failed:  # the libraries below raise whatever their formats and networks do
        reason = str(failed).strip().split("\n")[0]
        raise UnusableModel(f"打不开情绪模型 {name}：{reason}") from failed


def _places(name: str, labels: Mapping[int, str], meaning: Mapping[str, str]) -> Sequence[int]:
    """Return for each of the model's classes the place of its emotion among the eight."""
    places = []
    for _, label in sorted(labels.items()):
        plain = label.strip().lower()
        stars = _STARS.match(plain)
        emotion = meaning.get(label) or _MEANING.get(plain) or (_OF_STARS[stars[1]] if stars else None)
        if emotion not in NAMES:
            raise UnusableModel(f"情绪模型 {name} 的标签“{label}”不认识，请说明它相当于 {'、'.join(NAMES)} 中的哪一个")
        places.append(NAMES.index(emotion))
    return places
