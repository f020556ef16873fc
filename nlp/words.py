"""Shop text becomes one plain form, words and terms; everything else in this room reads text through here.

`fold` undoes what input methods and pasted text do to a message (full width, capitals, traditional characters,
invisible characters, runs of spaces) and remembers where each character came from. `segment` gives words, `terms` the
finer pieces that the encoder and the keyword index count.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import metadata, resources
from typing import Any, NamedTuple

_TABLE_SIZE = 0x20000  # the planes that people type from: BMP and emoji; anything rarer passes through unchanged
_GAP = "\ue000"  # private-use stand-in for an invisible character, so that one pass tells whether any was there
_INVISIBLE = frozenset("\u00ad\u180e\ufeff") | {
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0xFE00, 0xFE0F))
    for code in range(first, last + 1)
}

_CJK = "\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_LATIN_RUN = rf"[^\W_{_CJK}]+(?:[-_.+&'][^\W_{_CJK}]+)*\+*"
_RUNS = re.compile(rf"([{_CJK}]+)|({_LATIN_RUN})|([{_EMOJI}])")
_MIXED_WORDS = (
    "t恤",
    "卡拉ok",
    "k歌",
    "b超",
    "x光",
    "u盘",
    "u型",
    "v领",
    "polo衫",
)  # Latin and Chinese that jieba's users expect whole

_lock = threading.Lock()
_shop_words: list[str] = []


class Folded(NamedTuple):
    """A text in its plain form, and for each of its characters the offset it had in the given text."""

    text: str
    origin: Sequence[int]  # len(text) + 1 entries; the last is the length of the given text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty span of the folded text to the span of the given text that it came from."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Return the plain form: NFKC, lower case, simplified characters, no invisible ones, spaces collapsed to one."""
    plain = text.translate(_table())
    if len(plain) == len(text) and _GAP not in plain and "  " not in plain and plain[:1] != " " and plain[-1:] != " ":
        return Folded(plain, range(len(text) + 1))
    return _fold_by_character(text)


def _fold_by_character(text: str) -> Folded:
    """Fold a text in which characters vanish, multiply or collapse, and note each one's origin."""
    table, pieces, origin = _table(), [], []
    after_space = True
    for offset, character in enumerate(text):
        for piece in character.translate(table):
            if piece == _GAP or (piece == " " and after_space):
                continue
            after_space = piece == " "
            pieces.append(piece)
            origin.append(offset)
    if pieces and after_space:
        pieces.pop()
        origin.pop()
    origin.append(len(text))
    return Folded("".join(pieces), origin)


@cache
def _table() -> list[int | str]:
    """Build the translation of every character up to `_TABLE_SIZE`; a list, which `str.translate` indexes fastest."""
    simplified = dict(_traditional())
    table: list[int | str] = list(range(_TABLE_SIZE))
    for code in range(_TABLE_SIZE):
        if 0x3400 <= code < 0xA000 or 0xAC00 <= code < 0xF900:  # ideographs and Hangul are their own NFKC form
            continue
        character = chr(code)
        if character in _INVISIBLE or (unicodedata.category(character) == "Cc" and not character.isspace()):
            table[code] = _GAP
        elif character.isspace():
            table[code] = " "
        else:
            plain = unicodedata.normalize("NFKC", character).lower()
            if plain != character:
                table[code] = "".join(simplified.get(part, part) for part in plain)
    for traditional, simple in simplified.items():
        table[ord(traditional)] = simple
    return table


def _traditional() -> list[tuple[str, str]]:
    """Read the shipped pairs of traditional and simplified characters."""
    lines = resources.files("nlp").joinpath("lexicons/traditional.tsv").read_text("utf-8").splitlines()
    return [(line[0], line[2]) for line in lines if not line.startswith("#") and line[1:2] == "\t"]


def segment(text: str) -> list[str]:
    """Return the words of a text after folding, without spaces and punctuation; Latin and digit runs stay whole."""
    return _words(fold(text).text)


def terms(text: str) -> list[str]:
    """Return what the encoder and the keyword index count in a text.

    `w` + word for every Chinese word of two or more characters, every Chinese character, `2` + every pair of neighbours
    inside a Chinese run, Latin and digit runs whole, emoji one by one.
    """
    plain = fold(text).text
    found: list[str] = []
    for chinese, latin, emoji in _RUNS.findall(plain):
        if chinese:
            found += chinese
            found += ["2" + pair for pair in map(str.__add__, chinese, chinese[1:])]
            found += ["w" + word for word in _cutter()(chinese) if len(word) > 1]
        else:
            found.append(latin or emoji)
    return found


def add_words(words: Iterable[str]) -> None:
    """Teach the segmenter the shop's own words (brands, products); they are kept whole from the next call on."""
    with _lock:
        known = set(_shop_words)
        for word in words:
            plain = fold(word).text
            if len(plain) > 1 and plain not in known:
                known.add(plain)
                _shop_words.append(plain)
        # A segmenter must not learn while another thread cuts with it: a new one is built beside and swapped in.
        _state.cut = None
        _state.runs = None


def is_word(word: str) -> bool:
    """Tell whether the segmenter's dictionary, or the shop, knows a word in folded form."""
    _cutter()
    return _state.knows(word)


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the pieces of a folded text, all of its characters among them, each with jieba's tag of its class."""
    _cutter()
    return list(_state.tag(text))


class _State:
    """The segmenter in use and the pattern of runs; both are rebuilt after words were added."""

    cut: Callable[[str], list[str]] | None = None
    knows: Callable[[str], bool] = staticmethod(lambda _: False)
    tag: Callable[[str], Iterable[tuple[str, str]]] = staticmethod(lambda _: ())
    runs: re.Pattern[str] | None = None


_state = _State()


def _cutter() -> Callable[[str], list[str]]:
    """Return the function that cuts a Chinese run into words."""
    cut = _state.cut
    if cut is None:
        with _lock:
            cut, _state.knows, _state.tag = _new_cutter(_shop_words)
            _state.cut = cut
    return cut


def _new_cutter(
    shop_words: Iterable[str],
) -> tuple[Callable[[str], list[str]], Callable[[str], bool], Callable[[str], Iterable[tuple[str, str]]]]:
    """Build a segmenter that knows the shop's words (rjieba, or jieba where no wheel of it exists): cut, knows, tag."""
    learn: Any
    knows: Any
    tag: Any
    try:
        import rjieba
    except ImportError:
        import jieba

        jieba.setLogLevel("ERROR")
        tokenizer = jieba.Tokenizer()
        learn, cut = tokenizer.add_word, tokenizer.lcut
        tokenizer.initialize()
        knows = lambda word: bool(tokenizer.FREQ.get(word))  # noqa: E731 - the twin of rjieba's bound method
        tag = lambda text: map(tuple, _jieba_tagger(tokenizer).cut(text))  # noqa: E731 - likewise
    else:
        fast = rjieba.Jieba()
        learn, cut, knows, tag = (lambda word: fast.add_word(word, None, None)), fast.cut, fast.has_word, fast.tag
    for word in shop_words:
        learn(word)
    return cut, knows, tag


@cache
def _jieba_tagger(tokenizer: Any) -> Any:
    """Return jieba's tagger over a tokenizer; built only when somebody asks for tags."""
    from jieba.posseg import POSTokenizer

    return POSTokenizer(tokenizer)


def _mixed_runs() -> re.Pattern[str]:
    """Return the pattern of runs with the words that mix Latin and Chinese in front."""
    runs = _state.runs
    if runs is None:
        with _lock:
            mixed = {word for word in (*_MIXED_WORDS, *_shop_words) if not _RUNS.fullmatch(word)}
            whole = "|".join(map(re.escape, sorted(mixed, key=lambda word: (-len(word), word))))
            runs = _state.runs = re.compile(rf"({whole}|{_LATIN_RUN}|[{_EMOJI}])|([{_CJK}]+?(?={whole})|[{_CJK}]+)")
    return runs


def _words(plain: str) -> list[str]:
    """Cut folded text into words."""
    cut, found = _cutter(), []
    for whole, chinese in _mixed_runs().findall(plain):
        if chinese:
            found += cut(chinese)
        else:
            found.append(whole)
    return found


def _segmenter() -> str:
    """Name the segmenter and the rules of `terms`, so that an index built with others is recognised."""
    try:
        return f"rjieba-{metadata.version('rjieba')}/terms-1"
    except metadata.PackageNotFoundError:
        return f"jieba-{metadata.version('jieba')}/terms-1"


SEGMENTER = _segmenter()
