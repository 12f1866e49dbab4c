"""What a bid letter may add for the list of bidders: its manager's papers, its word, its partners.

All of it is optional: a bid that was opened is never refused for it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_NUMBER, LONGEST_CERTIFICATES, LONGEST_WORD = 18, 2000, 200
MOST_MEMBERS = 10
UNREADABLE = "无法识别的成员"
_SEPARATOR = ";"
_MEMBER = ("name", "code", "contact", "phone")


@dataclass(frozen=True, slots=True)
class Member:
    """A partner in a consortium, with whom to ask there."""

    name: str
    code: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the letter says; empty where it says nothing. ``unreadable`` names what makes no sense."""

    manager_id_no: str = ""
    certificates: str = ""
    is_dishonest: bool | None = None
    members: tuple[Member, ...] = ()
    unreadable: tuple[str, ...] = ()


def read(letter: Mapping[str, object]) -> Particulars:
    """Return what a letter adds."""
    bad: list[str] = []
    word = letter.get("is_dishonest")
    if word is not None and not isinstance(word, bool):
        bad.append("is_dishonest")
    return Particulars(
        manager_id_no=_text(letter, "project_manager_id_no", LONGEST_NUMBER, bad),
        certificates=_text(letter, "project_manager_certificates", LONGEST_CERTIFICATES, bad),
        is_dishonest=word if isinstance(word, bool) else None,
        members=_members(letter.get("consortium"), bad),
        unreadable=tuple(bad),
    )


def _text(row: Mapping[str, object], name: str, longest: int, bad: list[str]) -> str:
    value = row.get(name)
    if isinstance(value, str) and len(value.strip()) <= longest:
        return value.strip()
    if value is not None:
        bad.append(name)
    return ""


def _members(value: object, bad: list[str]) -> tuple[Member, ...]:
    """Return the partners, all or none: half a consortium would be another one."""
    rows = value if isinstance(value, list) else []
    found = [_member(row) for row in rows[:MOST_MEMBERS] if isinstance(row, dict)]
    whole = tuple(one for one in found if one is not None)
    if value is not None and (not isinstance(value, list) or len(whole) != len(value)):
        bad.append("consortium")
        return ()
    return whole


def partners(letter: Mapping[str, object], *, bidder_code: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of everybody whom a letter names besides the bidder, readable or not.

    The list of bidders takes whole partners only; who bids together is asked of whatever is said.
    """
    value = letter.get("consortium")
    rows = value if isinstance(value, list) else [value] if value else []
    found = (_said(row) for row in rows[:MOST_MEMBERS])
    return tuple(one for one in found if one[0] != bidder_code)


def _said(row: object) -> tuple[str, str]:
    said = row if isinstance(row, Mapping) else {}
    code, name = (str(said.get(field) or "").strip() for field in ("code", "name"))
    return code.upper()[:LONGEST_NUMBER], name[:LONGEST_WORD] or UNREADABLE


def _member(row: Mapping[str, object]) -> Member | None:
    bad: list[str] = []
    words = [_text(row, name, LONGEST_WORD, bad) for name in _MEMBER]
    # The standard joins the partners by this sign.
    if bad or not all(words) or any(_SEPARATOR in word for word in words):
        return None
    return Member(*words)


def joined(words: list[str]) -> str:
    """Return what of several partners stands in one column."""
    return _SEPARATOR.join(words)
