"""What the keeper of the calendar says of a notice, signed: what every count of days rests on."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from gongheng.data.exchange import stations
from gongheng.kernel.reasons import Refusal
from gongheng.registers import home
from gongheng.registers.workdays.models import CalendarNotice
from gongheng.registers.workdays.reasons import FORGED
from gongheng.trust.crypto import sm2, statements

LABEL = "gongheng.calendar.notice.v1"


@dataclass(frozen=True, slots=True)
class Stated:
    """A notice as its keeper signed it; ``confirmed_at`` is the keeper's legal time."""

    number: int
    year: int
    title: str
    announced_on: date
    source: str
    text: str
    loaded_by: str
    confirmed_by: str
    confirmed_at: datetime


def sign(notice: CalendarNotice, *, now: datetime) -> str:
    """Return what this node signs of a notice that is being confirmed, as one line."""
    payload = {
        "keeper": stations.own_code(),
        "number": notice.number,
        "year": notice.year,
        "title": notice.title,
        "announced_on": notice.announced_on.isoformat(),
        "source": notice.source,
        "text": notice.text,
        "loaded_by": notice.proposed_by_name,
        "confirmed_by": notice.decided_by_name,
        "confirmed_at": now.isoformat(),
    }
    return statements.sign(LABEL, payload, stations.own_key()).line


def read(text: str) -> Stated:
    """Return what the keeper of this node's calendar signed. Raises ``Refusal`` (FORGED)."""
    keeper = home.keeper()
    code = keeper.code if keeper else stations.own_code()
    key = keeper.public_key if keeper else stations.own_key().public.to_hex()
    try:
        return _read(text, code, key)
    except (Refusal, ValueError, KeyError, TypeError):
        raise Refusal(FORGED) from None


@lru_cache(maxsize=64)
def _read(text: str, code: str, key: str) -> Stated:
    said = statements.read_line(LABEL, text, sm2.PublicKey.from_hex(key))
    if said["keeper"] != code:
        raise ValueError(said["keeper"])
    return Stated(
        number=int(said["number"]),
        year=int(said["year"]),
        title=str(said["title"]),
        announced_on=date.fromisoformat(said["announced_on"]),
        source=str(said["source"]),
        text=str(said["text"]),
        loaded_by=str(said["loaded_by"]),
        confirmed_by=str(said["confirmed_by"]),
        confirmed_at=datetime.fromisoformat(said["confirmed_at"]),
    )
