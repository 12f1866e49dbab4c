"""What is compared when a subject is verified, and which names look alike; without tables or clock."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from unicodedata import normalize

from gongheng.kernel import invisible
from gongheng.kernel.canonical import canonical
from gongheng.kernel.codes import identity, uscc
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import reasons
from gongheng.registers.subjects.kinds import Correction, SubjectKind, SubjectState, Weight
from gongheng.trust.crypto.digests import sm3

MOST_OPEN_PER_HOUR = 20
"""Applications from one network address: a service window files some, a script files thousands."""

_PERSON_LABEL = b"gongheng.subject.person\n"
_LEGAL_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团公司",
    "分公司",
    "公司",
    "集团",
)
_REGIONS = re.compile(
    "^(?:中国|中华人民共和国|云南省?|昆明市?|曲靖市?|玉溪市?|保山市?|昭通市?|丽江市?|普洱市?|临沧市?|"
    "楚雄州?|红河州?|文山州?|西双版纳州?|大理州?|德宏州?|怒江州?|迪庆州?|安宁市?|"
    "五华区|盘龙区|官渡区|西山区|呈贡区)"
)
_NOT_TEXT = re.compile(r"[^0-9a-z\u3400-\u9fff]")


class Likeness(StrEnum):
    """How much two names look alike."""

    SAME = "same"
    """The same but for width, case, spaces and signs."""
    SAME_CORE = "same_core"
    """The same but for region, parentheses and legal form."""
    NEAR = "near"
    """Cores that a hasty reader confuses."""


LIKENESS_WORDS: Mapping[Likeness, str] = {
    Likeness.SAME: "名称相同",
    Likeness.SAME_CORE: "字号和行业相同，仅地域、括号或组织形式不同",
    Likeness.NEAR: "名称相近，容易混淆",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a business register says of a subject. ``status`` is 存续, 注销, 吊销 or 停业.

    ``expires_on`` is ``yyyyMMdd`` or empty for a licence without end.
    """

    code: str
    name: str
    kind: SubjectKind
    status: str
    representative: str
    legal_type: str = "1"
    region_code: str = ""
    address: str = ""
    capital: str = ""
    industry: str = ""
    expires_on: str = ""
    former_names: tuple[str, ...] = ()
    successor: str = ""

    @property
    def is_gone(self) -> bool:
        """Tell whether the subject exists no longer."""
        return self.status in {"注销", "吊销"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison of a verification, as the officer sees it."""

    field: str
    label: str
    claimed: str
    known: str
    weight: Weight
    words: str

    def as_json(self) -> dict[str, str]:
        """Return the finding as it is kept."""
        return {
            "field": self.field,
            "label": self.label,
            "claimed": self.claimed,
            "known": self.known,
            "weight": str(self.weight),
            "words": self.words,
        }


def require_code(code: str, kind: SubjectKind) -> None:
    """Refuse a code whose check digit is wrong. Raises ``Refusal``.

    ``code`` is the credit code, or the identity number of a natural person.
    """
    if kind is SubjectKind.NATURAL_PERSON:
        if not identity.is_valid(code):
            raise Refusal(reasons.BAD_PERSON_CODE)
    elif not uscc.is_valid(code):
        raise Refusal(reasons.BAD_CREDIT_CODE)


def require_visible(body: Mapping[str, str]) -> None:
    """Refuse what reads otherwise than it is: text that is turned round, a name with a hidden part.

    Forms take such characters out; what comes in another way is refused. Raises ``Refusal``
    (INVISIBLE, naming the fields).
    """
    hidden = tuple(field for field, value in body.items() if invisible.has_any(value))
    if hidden:
        raise Refusal(reasons.INVISIBLE, fields=hidden)


def person_code(identity_number: str) -> str:
    """Return the code of a natural person: 18 characters that do not tell the identity number.

    The same person gets the same code in every city, so that a second registration is noticed.
    """
    return "P" + sm3(_PERSON_LABEL + identity_number.encode()).hex()[:17].upper()


def code_of(kind: SubjectKind, body: Mapping[str, str]) -> str:
    """Return the code of the subject that a row of the standard describes."""
    if kind is SubjectKind.NATURAL_PERSON:
        return person_code(body.get("ID_CARD", ""))
    return body.get("LEGAL_CODE", "")


def name_of(kind: SubjectKind, body: Mapping[str, str]) -> str:
    """Return the name of the subject that a row of the standard describes."""
    is_person = kind is SubjectKind.NATURAL_PERSON
    return body.get("PERSON_NAME" if is_person else "LEGAL_NAME", "")


def digest_of(body: Mapping[str, str]) -> str:
    """Return the digest of a version's body."""
    return sm3(canonical(dict(body))).hex()


def plain(name: str) -> str:
    """Return a name in half width and small letters, without spaces and signs."""
    return _NOT_TEXT.sub("", normalize("NFKC", name).casefold())


def core_of(name: str) -> str:
    """Return what tells a firm from others: its plain name without region and legal form."""
    core = plain(name)
    for form in _LEGAL_FORMS:
        core = core.removesuffix(form)
    core = _without_inner_regions(name, core)
    while (shorter := _REGIONS.sub("", core)) != core and shorter:
        core = shorter
    return core or plain(name)


def _without_inner_regions(name: str, core: str) -> str:
    """Take a region that stands in parentheses, 示例（云南）建设, out of the core."""
    for inside in re.findall(r"\(([^()]*)\)", normalize("NFKC", name)):
        word = plain(inside)
        if word and _REGIONS.sub("", word) == "" and core != word:
            core = core.replace(word, "", 1)
    return core


def distance(one: str, other: str) -> int:
    """Return how many characters must be put in, taken out or changed to make one the other."""
    row = list(range(len(other) + 1))
    for above, left in enumerate(one, start=1):
        before, row[0] = row[0], above
        for column, right in enumerate(other, start=1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (left != right)),
            )
    return row[-1]


def likeness(one: str, other: str) -> Likeness | None:
    """Return how much two names look alike, or nothing."""
    if plain(one) == plain(other):
        return Likeness.SAME
    first, second = core_of(one), core_of(other)
    if first == second:
        return Likeness.SAME_CORE
    allowed = nearness(min(len(first), len(second)))
    if abs(len(first) - len(second)) <= allowed and distance(first, second) <= allowed:
        return Likeness.NEAR
    return None


def nearness(length: int) -> int:
    """Return how many characters of a core may differ: short names are told apart by one."""
    return 0 if length < 4 else 1 if length < 10 else 2  # noqa: PLR2004  lengths of names


def look_alikes(
    name: str, others: Iterable[tuple[str, str]], *, besides: str
) -> Iterator[tuple[str, str, Likeness]]:
    """Yield code, name and likeness of the others that look like ``name``, the likest first."""
    order = list(Likeness)
    found = [
        (order.index(like), code, other)
        for code, other in others
        if code != besides and (like := likeness(name, other))
    ]
    for rank, code, other in sorted(set(found)):
        yield code, other, order[rank]


def require_alive(entry: Entry | None) -> None:
    """Refuse who exists no longer by the business register. Raises ``Refusal`` (GONE)."""
    if entry is not None and entry.is_gone:
        raise Refusal(reasons.GONE, status=entry.status, successor=entry.successor)


def require_present_name(name: str, entry: Entry | None) -> None:
    """Refuse a name from before a renaming. Raises ``Refusal`` (OLD_NAME)."""
    if entry is not None and plain(name) in {plain(former) for former in entry.former_names}:
        raise Refusal(reasons.OLD_NAME, name=entry.name)


def compared(body: Mapping[str, str], entry: Entry | None, *, was_asked: bool) -> list[Finding]:
    """Return the connector's answer beside the claim, field by field.

    ``was_asked`` is false when the business register could not be reached.
    """
    if entry is None:
        words = "登记机关没有该代码的信息。" if was_asked else "暂时无法连接登记机关，未能核对。"
        return [Finding("LEGAL_CODE", "登记机关", "", "", Weight.DOUBT, words)]
    pairs = [
        ("LEGAL_NAME", "名称", entry.name),
        ("LEGAL_REPRESENT", "法定代表人", entry.representative),
        ("LEGAL_TYPE", "机构类别", entry.legal_type),
        ("REGION_CODE", "所在地", entry.region_code),
        ("LEGAL_UNIT_ADDRESS", "住所", entry.address),
        ("REG_CAPITAL", "注册资本（万元）", entry.capital),
        ("LICENSE_END_DATE", "证照有效期至", entry.expires_on),
    ]
    found = [
        _pair(field, label, body.get(field, ""), known) for field, label, known in pairs if known
    ]
    if entry.status != "存续":
        words = f"登记机关的状态为“{entry.status}”。"
        found.append(Finding("LEGAL_STATUS", "登记状态", "", entry.status, Weight.DOUBT, words))
    return found


_SERIOUS = frozenset({"LEGAL_NAME", "LEGAL_REPRESENT"})


def _pair(field: str, label: str, claimed: str, known: str) -> Finding:
    is_same = plain(claimed) == plain(known) if field in _SERIOUS else _same(claimed, known)
    if is_same:
        return Finding(field, label, claimed, known, Weight.AGREES, "一致。")
    weight = Weight.DOUBT if field in _SERIOUS else Weight.NOTE
    return Finding(field, label, claimed, known, weight, "与登记机关的信息不一致。")


def _same(claimed: str, known: str) -> bool:
    if claimed == known:
        return True
    try:
        return Decimal(claimed) == Decimal(known)
    except InvalidOperation:
        return False


def differences(
    old: Mapping[str, str], new: Mapping[str, str], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return what a new body changes, field by field, in the order of the standard."""
    fields = [*labels, *sorted((old.keys() | new.keys()) - labels.keys())]
    return [
        {
            "field": field,
            "label": labels.get(field, field),
            "old": old.get(field, ""),
            "new": new.get(field, ""),
        }
        for field in fields
        if old.get(field, "") != new.get(field, "")
    ]


def require_verified(state: str) -> None:
    """Refuse who may not take part in trades. Raises ``Refusal`` (NOT_VERIFIED)."""
    if state != SubjectState.VERIFIED:
        raise Refusal(reasons.NOT_VERIFIED, state=state)


def require_may_submit(recent: int) -> None:
    """Refuse a flood of applications from one address. Raises ``Refusal`` (TOO_MANY)."""
    if recent >= MOST_OPEN_PER_HOUR:
        raise Refusal(reasons.TOO_MANY, recent=recent)


def require_may_return(*, was_returned: bool, corrections: Sequence[Correction]) -> None:
    """Refuse a second return, or one without words. Raises ``Refusal``."""
    if was_returned:
        raise Refusal(reasons.RETURNED_ONCE)
    if not corrections or not all(each.words.strip() for each in corrections):
        raise Refusal(reasons.NO_WORDS)


def require_words(reason: str) -> None:
    """Refuse a decision against somebody without its reason. Raises ``Refusal`` (NO_WORDS)."""
    if not reason.strip():
        raise Refusal(reasons.NO_WORDS)
