"""``node.toml`` read and checked: every fault is told at once, none stops the reading."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gongheng.kernel.reasons import Refusal
from gongheng.node.config import (
    ConfigFaults,
    Fault,
    MailConfig,
    NodeConfig,
    Peer,
    WebConfig,
)
from gongheng.node.tiers import TIERS
from gongheng.trust.crypto import sm2

DIRECTIONS = ("parent", "child")
KINDS = ("gongheng", "vendor")
_MISSING = object()
_TABLES = frozenset({"web", "database", "peer", "mail", "time"})

Check = Callable[[object], bool]


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _is_url(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _one_of(*choices: str) -> Check:
    return lambda value: value in choices


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the file: its check, what is expected in words, and how to mend it."""

    name: str
    check: Check
    expected: str
    remedy: str
    default: object = _MISSING


_USCC = _matches(r"[0-9A-HJ-NPQRTUWXY]{18}")
_USCC_REMEDY = "请填写登记证书上的统一社会信用代码。"
_PUBLIC_KEY = _matches(r"04[0-9a-f]{128}")
_TIER_CODES = tuple(TIERS)

_NODE_KEYS = (
    _Key(
        "code",
        _matches(r"[0-9A-Za-z_-]{1,40}"),
        "1 至 40 位字母、数字",
        "一般与行政区划代码相同，例如 530100。",
    ),
    _Key("tier", _one_of(*_TIER_CODES), " / ".join(_TIER_CODES), "请按平台级别填写。"),
    _Key("name", _is_text, "平台全称", "例如“昆明市公共资源交易平台”。"),
    _Key("region", _matches(r"\d{6}"), "6 位行政区划代码", "例如 530100。"),
    _Key("platform_code", _USCC, "18 位统一社会信用代码", _USCC_REMEDY),
    _Key("service_code", _USCC, "18 位统一社会信用代码", _USCC_REMEDY),
    _Key("url", _is_url, "http:// 或 https:// 开头的地址", "填写公众访问本平台所用的地址。"),
    _Key(
        "demo",
        lambda value: isinstance(value, bool),
        "true 或 false",
        "正式平台请删去此行。",
        default=False,
    ),
    _Key(
        "key", _is_text, "私钥文件路径", "可用 gongheng node init 生成。", default="keys/node.pem"
    ),
    _Key("clock", _is_text, "演示时钟文件路径", "仅演示平台使用，正式平台请删去。", default=""),
    _Key("state", _is_text, "状态目录路径", "删去此行即使用 node.toml 所在目录。", default="."),
)
_WEB_KEYS = (
    _Key("host", _is_text, "监听地址", "例如 127.0.0.1。", default="127.0.0.1"),
    _Key(
        "port",
        lambda value: _is_count(value, 1024, 65535),
        "1024 至 65535 的整数",
        "换一个空闲端口。",
        default=8000,
    ),
    _Key("workers", lambda value: _is_count(value, 1, 64), "1 至 64 的整数", "", default=1),
    _Key("threads", lambda value: _is_count(value, 1, 512), "1 至 512 的整数", "", default=64),
    _Key(
        "trusted_hosts",
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        "域名列表",
        '例如 ["ggzy.example.cn"]。',
        default=(),
    ),
)
_DATABASE_KEYS = (
    _Key(
        "url",
        lambda value: value == "" or urlsplit(str(value)).scheme in {"postgresql", "postgres"},
        "postgresql://用户@主机:端口/库名",
        "删去此行即使用自带的数据库；口令请放在环境变量 DATABASE_URL 中。",
        default="",
    ),
)
SECURITIES = ("none", "starttls", "tls")
_MAIL_KEYS = (
    _Key(
        "host",
        _matches(r"[0-9A-Za-z.:-]{1,253}"),
        "邮件服务器的主机名或地址",
        "例如 smtp.example.cn。",
    ),
    _Key(
        "port",
        lambda value: _is_count(value, 1, 65535),
        "1 至 65535 的整数",
        "一般为 25、465（tls）或 587（starttls）。",
        default=25,
    ),
    _Key(
        "sender",
        _matches(r"[^\s@<>]{1,64}@[0-9A-Za-z.-]{1,253}"),
        "发件邮箱地址",
        "例如 ggzy@example.cn。",
    ),
    _Key("user", _is_text, "登录邮件服务器的账号", "不需要登录的，请删去此行。", default=""),
    _Key(
        "password_file",
        _is_text,
        "只含口令的文件的路径",
        "文件权限应为 0600；不需要登录的，请删去此行。",
        default="",
    ),
    _Key(
        "security",
        _one_of(*SECURITIES),
        " / ".join(SECURITIES),
        "端口 465 用 tls，587 用 starttls。",
        default="none",
    ),
)
_IS_SERVER = _matches(r"[0-9A-Za-z.-]{1,253}(:[0-9]{1,5})?")
_TIME_KEYS = (
    _Key(
        "servers",
        lambda value: isinstance(value, list) and all(_IS_SERVER(each) for each in value),
        "时间服务器的主机名列表",
        '例如 ["ntp.ntsc.ac.cn"]；端口不是 123 的写成 主机:端口。',
        default=(),
    ),
)
_PEER_KEYS = (
    _Key("code", _matches(r"[0-9A-Za-z_-]{1,40}"), "对方平台代码", "请向对方平台索取。"),
    _Key("name", _is_text, "对方平台名称", "请向对方平台索取。"),
    _Key("tier", _one_of(*_TIER_CODES), " / ".join(_TIER_CODES), "请按对方平台级别填写。"),
    _Key("url", _is_url, "http:// 或 https:// 开头的地址", "请向对方平台索取。"),
    _Key(
        "public_key",
        _PUBLIC_KEY,
        "04 开头的 130 位小写十六进制 SM2 公钥",
        "请向对方平台索取其 keys/node.pub。",
    ),
    _Key(
        "direction", _one_of(*DIRECTIONS), " / ".join(DIRECTIONS), "上级为 parent，下级为 child。"
    ),
    _Key(
        "kind", _one_of(*KINDS), " / ".join(KINDS), "其他厂商的系统填 vendor。", default="gongheng"
    ),
    _Key(
        "registers",
        lambda value: isinstance(value, bool),
        "true 或 false",
        "主体库和赋码服务由对方（省级）平台统一提供的填 true。",
        default=False,
    ),
)


class _Reader:
    """Reads the tables of one file and gathers every fault instead of stopping at the first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def fault(self, key: str, found: object, expected: str, remedy: str) -> None:
        """Note one fault."""
        said = "（缺）" if found is _MISSING else repr(found)
        self.faults.append(Fault(str(self.path), key, said, expected, remedy))

    def table(
        self, data: Mapping[str, object], keys: tuple[_Key, ...], at: str, others: frozenset[str]
    ) -> dict[str, object]:
        """Return the checked values of one table, by key; wrong ones are noted and left out."""
        values: dict[str, object] = {}
        for key in keys:
            value = data.get(key.name, key.default)
            if value is _MISSING or not (value is key.default or key.check(value)):
                self.fault(at + key.name, value, key.expected, key.remedy)
            else:
                values[key.name] = value
        known = {key.name for key in keys} | others
        for name in sorted(set(data) - known):
            self.fault(at + name, data[name], "没有这个配置项", "请检查拼写或删去此行。")
        return values

    def sub_table(
        self, data: Mapping[str, object], name: str, keys: tuple[_Key, ...]
    ) -> dict[str, object]:
        """Return the checked values of ``[name]``."""
        value = data.get(name, {})
        if not isinstance(value, dict):
            self.fault(name, value, f"[{name}] 一节", "请写成一节。")
            return {}
        return self.table(value, keys, f"{name}.", frozenset())

    def peers(self, data: Mapping[str, object]) -> tuple[Peer, ...]:
        """Return the peers, each its own ``[[peer]]``."""
        entries = data.get("peer", [])
        if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
            self.fault("peer", entries, "若干 [[peer]]", "每个对方平台写一节 [[peer]]。")
            return ()
        found = []
        for number, entry in enumerate(entries, start=1):
            values = self.table(entry, _PEER_KEYS, f"peer[{number}].", frozenset())
            if len(values) == len(_PEER_KEYS):
                keeps = bool(values.pop("registers"))
                texts = {name: str(value) for name, value in values.items()}
                found.append(Peer(**texts, keeps_registers=keeps))
        codes = [peer.code for peer in found]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.fault("peer.code", code, "每个代码只出现一次", "请删去重复的一节。")
        return tuple(found)


def read(path: Path) -> NodeConfig:
    """Return the node that ``path`` (a ``node.toml``) describes. Raises ``ConfigFaults``."""
    reader = _Reader(path)
    data = _parsed(reader)
    values = reader.table(data, _NODE_KEYS, "", _TABLES)
    web = reader.sub_table(data, "web", _WEB_KEYS)
    database = reader.sub_table(data, "database", _DATABASE_KEYS)
    peers = reader.peers(data)
    servers = reader.sub_table(data, "time", _TIME_KEYS).get("servers", ())
    folder = path.absolute().parent
    mail = _mail(reader, data, folder)
    key_path = folder / str(values.get("key", "keys/node.pem"))
    public_key = _public_key(reader, key_path)
    if values.get("clock") and not values.get("demo"):
        reader.fault("clock", values["clock"], "正式平台不设演示时钟", "请删去 clock 一行。")
    _check_peers(reader, values, peers)
    if reader.faults:
        raise ConfigFaults(reader.faults)
    clock = str(values["clock"])
    return NodeConfig(
        code=str(values["code"]),
        tier=str(values["tier"]),
        name=str(values["name"]),
        region_code=str(values["region"]),
        platform_code=str(values["platform_code"]),
        service_code=str(values["service_code"]),
        url=str(values["url"]).rstrip("/"),
        is_demo=bool(values["demo"]),
        state_dir=(folder / str(values["state"])).resolve(),
        key_path=key_path,
        public_key=public_key,
        clock_path=(folder / clock).resolve() if clock else None,
        database_url=str(database["url"]),
        web=WebConfig(**web),  # type: ignore[arg-type]  # each value was checked above
        peers=peers,
        mail=mail,
        time_servers=tuple(servers),  # type: ignore[arg-type]  # checked above
    )


def _mail(reader: _Reader, data: Mapping[str, object], folder: Path) -> MailConfig | None:
    """Return the mail server that ``[mail]`` names, none without such a table."""
    if "mail" not in data:
        return None
    values = reader.sub_table(data, "mail", _MAIL_KEYS)
    if len(values) != len(_MAIL_KEYS):
        return None
    password = str(values.pop("password_file"))
    path = folder / password if password else None
    if path is not None and not path.is_file():
        reader.fault("mail.password_file", password, "可读的口令文件", "请建立该文件，权限 0600。")
    if bool(values["user"]) is not (path is not None):
        reader.fault(
            "mail.user",
            values["user"],
            "user 和 password_file 同时填写或同时删去",
            "需要登录的邮件服务器两项都要填写。",
        )
    return MailConfig(**values, password_path=path)  # type: ignore[arg-type]  # each was checked


def _parsed(reader: _Reader) -> Mapping[str, object]:
    try:
        return tomllib.loads(reader.path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reader.fault("文件", str(error), "可读的 UTF-8 文件", "可用 gongheng node init 生成。")
    except tomllib.TOMLDecodeError as error:
        reader.fault("文件", str(error), "TOML 格式", "请按提示的行号改正书写。")
    raise ConfigFaults(reader.faults)


def _public_key(reader: _Reader, path: Path) -> str:
    try:
        return sm2.PrivateKey.from_pem(path.read_bytes()).public.to_hex()
    except OSError as error:
        reader.fault(
            "key",
            str(path),
            f"可读的私钥文件（{error.strerror}）",
            "可用 gongheng node init 生成。",
        )
    except (Refusal, ValueError) as error:
        reader.fault("key", str(path), f"SM2 私钥（{error}）", "可用 gongheng node init 重新生成。")
    return ""


def _check_peers(reader: _Reader, values: Mapping[str, object], peers: tuple[Peer, ...]) -> None:
    tier = TIERS.get(str(values.get("tier", "")))
    for peer in peers:
        if peer.code == values.get("code"):
            reader.fault("peer.code", peer.code, "其他平台的代码", "本平台不能与自己交换。")
        if tier is None:
            continue
        above, below = (
            (tier.code, peer.tier) if peer.direction == "child" else (peer.tier, tier.code)
        )
        if below not in TIERS[above].children:
            reader.fault(
                f"peer {peer.code} direction",
                f"{peer.direction}（对方 {peer.tier}，本平台 {tier.code}）",
                "市级报省级、省级报国家",
                "请检查 tier 与 direction。",
            )
