"""How text becomes tokens, and a question becomes a condition on tokens; pure.

Every token is a lexeme of one ``tsvector``; what it stands for is told by its shape, so that one
index answers all of them together:

=============  ==========================================================================
``招标``        two neighbouring letters anywhere in the text, at least one not ASCII
``t招标``       two neighbouring letters of the title, of any kind
``s招``         with a doubled prefix (``ss招``): one letter of the title
``c:ab12``     a run of ASCII letters and digits, joining marks left out (codes, years, models)
``r:5301``     the region or a region above it; ``R:530100`` the region itself
``y:works``    trade type;  ``k:招标公告`` kind of notice
``m:202610``   month in Beijing;  ``d:20261013`` the day
``p:…`` ``j:…``  the project by the stem of its name, and by its codes
=============  ==========================================================================

Letters are folded: full width to half width, capitals to small; marks between letters do not count.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import add

MOST_GRAMS = 24
"""Pairs of one question that are looked up; of more, so many are taken evenly from all of it."""
_CODE_BEGINS_AT = 8
"""A run of this length also finds the longer codes that begin with it."""
_SHORTEST_NUMBER = 4
_MOST_DAYS, _MOST_MONTHS = 40, 24

_APART = re.compile(r"[\W_]+")
_RUN = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*")
_PART = re.compile(r"[a-z0-9]+")
_TERM = re.compile(r"(?:[^\W_]|(?<=[a-z0-9])[-_./](?=[a-z0-9]))+")
_PHRASE = re.compile(r"[\"“”「『]([^\"“”「」『』]+)[\"“”」』]")
_ASCII_PAIR = re.compile(r"[\x00-\x7f]{2}")
_ENDS = re.compile(
    r"(?:公告|公示|通知书|通知|说明|结果|中标|成交|候选人|候选|招标|采购|资格预审|预审|变更|更正|澄清|终止|流标|废标|异常"
    r"|合同|签订|评标|开标|记录|竞争性|公开|邀请|磋商|谈判|询价|单一来源|比选|竞价|竞买|挂牌|拍卖|出让|转让|交易|计划|意向"
    r"|文件|预|项目|工程|施工|的|及|第[一二三四五六七八九十0-9]+次|[一二三四五六七八九十0-9]+次)$"
)
_OPENS = re.compile(r"^(?:关于|更正|变更|转发)")
STEM_LENGTH = 8
"""A shorter stem (办公设备) names no project."""


def fold(text: str) -> str:
    """Return the letters and digits of a text, small and of half width."""
    return _APART.sub("", _level(text))


def _level(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def lexemes(
    *, title: str, text: str, codes: Iterable[str] = (), marks: Iterable[str] = ()
) -> set[str]:
    """Return the tokens of a notice; ``marks`` are ready made (``region_marks`` and others)."""
    name, words = fold(title), fold(text)
    found = {pair for pair in _pairs(name) | _pairs(words) if not _ASCII_PAIR.fullmatch(pair)}
    found.update("t" + pair for pair in _pairs(name))
    found.update("ss" + letter for letter in name)
    found.update(_runs(_level(f"{title} {text} {' '.join(codes)}")))
    found.update(marks)
    return found


def _pairs(letters: str) -> set[str]:
    return set(map(add, letters, letters[1:]))


def _runs(level: str) -> set[str]:
    found: set[str] = set()
    for run in _RUN.finditer(level):
        joined, parts = _APART.sub("", run[0]), _PART.findall(run[0])
        found.update(f"c:{part}" for part in (joined, *parts) if _is_telling(part))
    return found


def _is_telling(run: str) -> bool:
    """Tell whether a run says more than that there is a number."""
    return len(run) >= _SHORTEST_NUMBER or (len(run) > 1 and not run.isdigit())


def region_marks(region: str) -> tuple[str, ...]:
    """Return the tokens of a region: itself, and all that it lies in."""
    return (f"r:{region[:2]}", f"r:{region[:4]}", f"r:{region}", f"R:{region}")


def day_marks(day: date) -> tuple[str, ...]:
    """Return the tokens of a day: itself, and its month."""
    written = day.isoformat().replace("-", "")
    return (f"d:{written}", f"m:{written[:6]}")


def stem(title: str) -> str:
    """Return what titles of one project share, folded; empty when that is too little to tell."""
    name = _OPENS.sub("", fold(title))
    while (shorter := _ENDS.sub("", name)) != name:
        name = shorter
    return name if len(name) >= STEM_LENGTH else ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: every term must be there, every phrase letter by letter.

    ``terms`` are folded; ``phrases`` are levelled (spaces and marks kept as they came). ``unasked``
    are single letters beside longer terms: texts are not indexed by them.
    """

    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not self.terms

    def in_title(self) -> str:
        """Return the condition that all terms stand in the title."""
        pairs = [f"t{pair}" for pair in self._pairs()]
        return _all(_few(pairs or [f"ss{term}" for term in self.terms]))

    def anywhere(self) -> str:
        """Return the condition that all terms stand somewhere; empty when only titles tell."""
        pairs = _few([pair for pair in self._pairs() if not _ASCII_PAIR.fullmatch(pair)])
        runs = [run for term in self.terms for run in _PART.findall(term) if _is_telling(run)]
        return " & ".join(filter(None, [_all(pairs), *map(_run_condition, runs[:MOST_GRAMS])]))

    @property
    def is_told_anywhere(self) -> bool:
        """Tell whether what stands in a title also meets ``anywhere``: then that alone is asked.

        Titles are texts, too; but of digits and Latin letters a text knows whole runs, not pairs.
        """
        pairs = self._pairs()
        return 0 < len(pairs) <= MOST_GRAMS and not any(map(_ASCII_PAIR.fullmatch, pairs))

    def _pairs(self) -> list[str]:
        pairs = [pair for term in self.terms for pair in map(add, term, term[1:])]
        return list(dict.fromkeys(pairs))


def _few(tokens: list[str]) -> list[str]:
    step = max(len(tokens) / MOST_GRAMS, 1)
    return [tokens[int(place * step)] for place in range(min(len(tokens), MOST_GRAMS))]


@lru_cache(maxsize=256)
def question(text: str) -> Question:
    """Return what a visitor asks for; marks and spaces separate terms, quotes hold a phrase."""
    level = _level(text)
    phrases = [phrase.strip() for phrase in _PHRASE.findall(level)]
    terms = [_APART.sub("", term) for term in _TERM.findall(level)]
    longer = [term for term in terms if len(term) > 1]
    return Question(
        terms=tuple(dict.fromkeys(longer or terms)),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if fold(phrase))),
        unasked=tuple(dict.fromkeys(term for term in terms if len(term) == 1)) if longer else (),
    )


def _run_condition(run: str) -> str:
    return _lexeme(f"c:{run}") + (":*" if len(run) >= _CODE_BEGINS_AT else "")


def _lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _all(tokens: Iterable[str]) -> str:
    return " & ".join(map(_lexeme, tokens))


def with_marks(marks: Iterable[str]) -> str:
    """Return the condition that all marks are there."""
    return _all(marks)


def with_any_mark(marks: Iterable[str]) -> str:
    """Return the condition that one of the marks is there."""
    return " | ".join(map(_lexeme, marks))


def with_days(first: date, last: date) -> str:
    """Return the condition that every notice of these days meets, and of many days few others.

    Empty when their months are too many to be named.
    """
    number = (last - first).days + 1
    if number > _MOST_MONTHS * 31:
        return ""
    marks = [day_marks(first + timedelta(days)) for days in range(number)]
    return with_any_mark(
        dict.fromkeys(by_day if number <= _MOST_DAYS else by_month for by_day, by_month in marks)
    )


def vector(tokens: Iterable[str]) -> str:
    """Return tokens as the text of a ``tsvector``."""
    return " ".join(_lexeme(token) for token in sorted(tokens))
