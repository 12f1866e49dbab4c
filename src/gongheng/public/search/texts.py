"""What of a record can be searched: its public words, codes and marks."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from gongheng.data.records.models import Current
from gongheng.data.standard import disclosure, history
from gongheng.data.standard.registry import Field
from gongheng.data.standard.values import is_blank
from gongheng.kernel.clock import BEIJING
from gongheng.public.search import deals, words
from gongheng.public.search.plain import plain

TEXT_LIMIT = 20_000
"""Characters of a notice that are searched; in practice all of it but lists of a thousand bidders."""
_SILENT_TYPES = frozenset({"datetime", "date", "decimal", "integer", "int"})
_GAPS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Document:
    """A notice as the index takes it; ``id`` is that of the record's current row."""

    id: UUID
    version_id: UUID
    region_code: str
    published_at: datetime
    not_before: datetime | None
    trade_type: str
    kind: str
    title: str
    transaction_code: str
    text: str
    projects: tuple[str, ...] = ()
    price: Decimal | None = None
    estimate: Decimal | None = None

    def tokens(self) -> set[str]:
        """Return the tokens of everything that can be asked for."""
        return words.lexemes(
            title=self.title,
            text=self.text,
            codes=(self.transaction_code, *self.projects),
            marks=(
                *words.region_marks(self.region_code),
                *([f"y:{self.trade_type}"] if self.trade_type else []),
                *([f"k:{self.kind}"] if self.kind else []),
                *words.day_marks(self.published_at.astimezone(BEIJING).date()),
                *project_marks(self.title, self.projects),
            ),
        )


def project_marks(title: str, projects: tuple[str, ...]) -> list[str]:
    """Return the tokens that notices of one project share."""
    name = words.stem(title)
    codes = [f"j:{words.fold(code)}" for code in projects if words.fold(code)]
    return [*([f"p:{name}"] if name else []), *codes]


def document_of(record: Current) -> Document:
    """Return what can be searched of a public record; its version must have been read with it."""
    body = disclosure.public_body(record.dataset, record.version.body)
    return Document(
        id=record.pk,
        version_id=record.version_id,
        region_code=record.region_code,
        published_at=record.published_at,
        not_before=record.not_before,
        trade_type=record.trade_type,
        kind=record.kind,
        title=record.title,
        transaction_code=record.transaction_code,
        text=text_of(record.dataset, body),
        projects=projects_of(record.dataset, body),
        price=deals.price_of(record.dataset, body),
        estimate=deals.estimate_of(record.dataset, body),
    )


def text_of(dataset: str, body: Mapping[str, str]) -> str:
    """Return the public words of a body in one line, full width made half, markup left out."""
    told = [
        plain(body[field.code][:TEXT_LIMIT])
        for field in history.fields_of(dataset, body)
        if _is_worded(field) and not is_blank(body.get(field.code, ""))
    ]
    return flat(" ".join(told))


def flat(text: str) -> str:
    """Return a text in one line of half width, no longer than is searched."""
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", text)).strip()[:TEXT_LIMIT]


def _is_worded(field: Field) -> bool:
    return not field.code_list and field.type not in _SILENT_TYPES


def projects_of(dataset: str, body: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of the project that a body names."""
    named = [
        body[field.code].strip()
        for field in history.fields_of(dataset, body)
        if field.code.endswith("PROJECT_CODE") and not is_blank(body.get(field.code, ""))
    ]
    return tuple(dict.fromkeys(named))
