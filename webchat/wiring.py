"""The only place where parts are chosen and put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from assistant import library
from assistant.escalation import Rule, rules_for
from assistant.knowledge.keeper import Keeper
from assistant.parts import Assistant
from assistant.shop_rules import UnusableRules, rules_in
from crm_core import revisions
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry
from crm_core.database import Database
from crm_core.desk.hours import hours_of
from crm_core.knowledge import cuts
from crm_core.knowledge.articles import REVISION as ARTICLES
from crm_core.migrate import CannotOpen, to_head
from crm_core.privacy.fields import FieldKeys
from crm_core.privacy.wecom_crypt import WeComCrypt
from knowledge_base.index import VectorIndex
from knowledge_base.index_faiss import FaissIndex
from knowledge_base.search import KnowledgeBase
from knowledge_base.synonyms import UnusableSynonyms
from nlp.embedding.embedder import Embedder
from nlp.reading.emotion import EmotionHead
from nlp.reading.reading import Reader
from nlp.reading.rivals import UnusableRivals, read_rivals
from nlp.trained import SpoiltWeights
from nlp.writing.writer import Writer
from webchat.channels.port import Channel, House
from webchat.identity import Identity
from webchat.kept_keys import kept_key
from webchat.live import Doorbell, LocalDoorbell
from webchat.passing import Passing
from webchat.rooms import Rooms
from webchat.settings import Settings, WrongSetting
from webchat.turns import Turns

SHORTEST_SECRET = 16
WAITING_FOR_A_MODEL = 32  # turns at a time
HANDOFF_RULES = "handoff_rules.csv"  # in the data folder: the shop's own reasons to bring a person
SYNONYMS = "synonyms.txt"  # in the data folder: words that mean the same in this shop, a group a line
COMPETITORS = "competitors.txt"  # in the data folder: brands that compete with this shop, one a line


@dataclass
class Gateway:
    """Everything a running gateway holds."""

    settings: Settings
    assistant: Assistant
    identity: Identity
    doorbell: Doorbell
    rooms: Rooms
    passing: Passing
    turns: Turns
    keeper: Keeper
    channels: tuple[Channel, ...]
    filled: dict[str, int]

    def refill(self) -> None:
        """Index what changed in the record since the last look; cheap when nothing did."""
        with self.assistant.record.reading() as tx:
            now = revisions.numbers(tx)
        for name, fill, base in (
            (ARTICLES, library.fill_shelf, self.assistant.shelf),
            (library.PRODUCTS, library.fill_catalogue, self.assistant.catalogue),
        ):
            if self.filled.get(name) != now.get(name, 0):
                fill(base, self.assistant.record)
                if name == library.PRODUCTS:
                    library.tell_reader(self.assistant.reader, self.assistant.record)
                self.filled[name] = now.get(name, 0)
        if self.filled.get(cuts.REVISION) != now.get(cuts.REVISION, 0):
            library.use_cuts(self.assistant.shelf, self.assistant.record)
            self.filled[cuts.REVISION] = now.get(cuts.REVISION, 0)


def secret_of(settings: Settings) -> str:
    """The shop's secret: the setting, else the file in the data folder, made at the first need."""
    if settings.secret_key:
        if len(settings.secret_key) < SHORTEST_SECRET:
            raise WrongSetting(f"设置 ZHANGGUI_SECRET_KEY 太短：至少 {SHORTEST_SECRET} 个字符")
        return settings.secret_key
    return kept_key(settings.data / "secret.key")


def open_record(settings: Settings) -> Database:
    """The record at head, made when it is not there yet."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"设置 ZHANGGUI_DATA 指向的目录 {settings.data} 建不了：{error.strerror}") from None
    try:
        to_head(settings.database)
    except CannotOpen as error:
        raise WrongSetting(f"设置 ZHANGGUI_DATABASE_URL 指向的数据库打不开：{error}") from error
    return Database(settings.database, FieldKeys(secret_of(settings)))


def choose_embedder(settings: Settings) -> Embedder:
    """The embedder the setting names."""
    from nlp.embedding.embedder_static import StaticEmbedder

    name = settings.embedder
    try:
        builtin = StaticEmbedder.shipped() if name == "builtin" else StaticEmbedder.trained_in(name)
    except (SpoiltWeights, OSError, ValueError) as error:
        raise WrongSetting(f"设置 ZHANGGUI_EMBEDDER={name} 打不开：{error}") from error
    if builtin is not None:
        return builtin
    try:
        from nlp.embedding.embedder_sentence_transformers import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(name, settings.query_prompt)
    except ModuleNotFoundError as error:
        raise WrongSetting(
            f"设置 ZHANGGUI_EMBEDDER={name} 需要 models 附加包（缺 {error.name}）：pip install 'zhanggui[models]'"
        ) from None
    except Exception as error:
        hint = "；ONNX 需要 pip install 'sentence-transformers[onnx]'" if name.startswith("onnx:") else ""
        raise WrongSetting(f"设置 ZHANGGUI_EMBEDDER={name} 打不开这个模型：{error}{hint}") from error


def choose_emotion(settings: Settings) -> EmotionHead | None:
    """The model of feelings the setting names; None for the shipped one."""
    if settings.emotion == "builtin":
        return None
    from nlp.reading.emotion_transformers import TransformersEmotionHead, UnusableModel

    try:
        return TransformersEmotionHead(settings.emotion)
    except UnusableModel as error:
        raise WrongSetting(f"设置 ZHANGGUI_EMOTION={settings.emotion} 用不了：{error}") from error


def choose_reader(settings: Settings) -> Reader:
    """A reader with the model of feelings the setting names, who knows the competitors the shop names."""
    try:
        rivals = read_rivals(settings.data / COMPETITORS)
        return Reader(own_brands=rivals.no_rivals, rivals=rivals.brands, emotion_head=choose_emotion(settings))
    except UnusableRivals as error:
        raise WrongSetting(f"{settings.data / COMPETITORS} 用不了：{error}") from None
    except SpoiltWeights as error:
        raise WrongSetting(f"随附的模型文件用不了：{error}") from None


def choose_index(settings: Settings) -> Callable[[str], VectorIndex]:
    """The vector index the setting names; makes one for each filling of what it is called after."""
    url = settings.vector_server
    if url is None:
        return lambda _: FaissIndex()
    try:
        from knowledge_base.index_pgvector import PgVectors, PgVectorUnusable
    except ModuleNotFoundError as error:
        raise WrongSetting(
            f"设置 ZHANGGUI_INDEX_URL 需要 postgres 附加包（缺 {error.name}）：pip install 'zhanggui[postgres]'"
        ) from None
    try:
        return PgVectors(url).index
    except PgVectorUnusable as error:
        raise WrongSetting(f"设置 ZHANGGUI_INDEX_URL 指向的向量库{error}") from error


def choose_writer(settings: Settings) -> Writer | None:
    """The language model the settings name; None without one."""
    if not settings.llm_base_url:
        return None
    if not settings.llm_model:
        raise WrongSetting("设置了 ZHANGGUI_LLM_BASE_URL，还需要 ZHANGGUI_LLM_MODEL 说明用哪个模型")
    from nlp.writing.writer_http import HttpWriter

    return HttpWriter(settings.llm_base_url, settings.llm_model, settings.llm_api_key, settings.llm_seconds)


def choose_doorbell(settings: Settings) -> Doorbell:
    """The doorbell the setting names."""
    if settings.live_url.startswith("memory://"):
        return LocalDoorbell()
    try:
        from webchat.live_redis import RedisDoorbell
    except ModuleNotFoundError:
        raise WrongSetting("设置 ZHANGGUI_LIVE_URL 用到 Redis，需要：pip install 'zhanggui[redis]'") from None
    return RedisDoorbell(settings.live_url)


def _shop_rules(settings: Settings) -> tuple[Rule, ...]:
    path = settings.data / HANDOFF_RULES
    if not path.exists():
        return ()
    try:
        return rules_in(path.read_text(encoding="utf-8"))
    except (UnusableRules, UnicodeDecodeError) as error:
        raise WrongSetting(f"{path} 用不了：{error}") from None


def put_together(settings: Settings, record: Database) -> Assistant:
    """The assistant over an open record."""
    embedder = choose_embedder(settings)
    index = choose_index(settings)
    synonyms = settings.data / SYNONYMS
    return Assistant(
        record=record,
        shelf=KnowledgeBase(
            embedder,
            index=partial(index, "shelf"),
            file=settings.data / "index" / "shelf.npz",
            lexicon=synonyms if synonyms.exists() else None,
        ),
        catalogue=KnowledgeBase(
            embedder, index=partial(index, "catalogue"), file=settings.data / "index" / "catalogue.npz"
        ),
        reader=choose_reader(settings),
        clock=lambda: datetime.now(UTC),
        zone=ZoneInfo(settings.zone),
        rules=rules_for(_shop_rules(settings), literal_marks=settings.literal_marks),
        hours=hours_of(settings.open_hours, ZoneInfo(settings.zone)),
        writer=choose_writer(settings),
    )


def choose_channels(settings: Settings, house: House) -> tuple[Channel, ...]:
    """The channels the settings name, beside the widget."""
    if not settings.wecom_corp_id:
        return ()
    for name in ("wecom_secret", "wecom_token", "wecom_aes_key"):
        if not getattr(settings, name):
            raise WrongSetting(f"设置了 ZHANGGUI_WECOM_CORP_ID，还需要 ZHANGGUI_{name.upper()}")
    from webchat.channels.wecom import WeCom
    from webchat.channels.wecom_api import WeComApi

    try:
        crypt = WeComCrypt(settings.wecom_token, settings.wecom_aes_key, settings.wecom_corp_id)
    except ValueError:
        raise WrongSetting("设置 ZHANGGUI_WECOM_AES_KEY 不对：应为回调页面上 43 个字符的 EncodingAESKey") from None
    return (WeCom(house, WeComApi(settings.wecom_api, settings.wecom_corp_id, settings.wecom_secret), crypt),)


def _threads(settings: Settings) -> int:
    """A turn that waits for a language model waits in a thread: many must be able to."""
    return max(settings.turn_threads, WAITING_FOR_A_MODEL) if settings.llm_base_url else settings.turn_threads


def wire(settings: Settings) -> Gateway:
    """A gateway ready to serve."""
    record = open_record(settings)
    assistant = put_together(settings, record)
    doorbell = choose_doorbell(settings)
    gateway: Gateway

    async def read_since(conversation: str, seq: int) -> list[Entry]:
        def read() -> list[Entry]:
            with record.reading() as tx:
                return timeline.since(tx, conversation, seq)

        return await gateway.turns.thought(read)

    rooms = Rooms(read_since)
    passing = Passing(doorbell)
    taken = Turns(assistant, rooms, doorbell, threads=_threads(settings), burst_wait=settings.burst_wait)
    gateway = Gateway(
        settings=settings,
        assistant=assistant,
        identity=Identity(secret_of(settings), settings.widget_key),
        doorbell=doorbell,
        rooms=rooms,
        passing=passing,
        turns=taken,
        keeper=Keeper(assistant),
        channels=choose_channels(settings, House(assistant, taken, passing)),
        filled={},
    )
    try:
        gateway.refill()
    except UnusableSynonyms as error:
        raise WrongSetting(f"{settings.data / SYNONYMS} 用不了：{error}") from None
    return gateway
