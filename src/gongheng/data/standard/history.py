"""Notices of the time before this platform: what an imported record carries besides its dataset.

A notice whose kind the standard has a dataset for stands in that dataset, as far as its columns
could be filled; any other stands in ``HISTORY_NOTICE``. Both carry the columns of that dataset: where
the notice comes from, what the source said, and what was changed or doubted on import. They are
public, part of the proof of publication, and never sent to another platform with a row of another
dataset, whose standard does not know them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from gongheng.data.standard import keys, registry
from gongheng.data.standard.times import instant_of
from gongheng.data.standard.values import is_blank
from gongheng.kernel.clock import BEIJING

DATASET: Final = "HISTORY_NOTICE"
SOURCE: Final = "HISTORY_SOURCE"
SOURCE_ID: Final = "HISTORY_ID"
KIND: Final = "HISTORY_KIND"
TITLE: Final = "HISTORY_TITLE"
REGION: Final = "HISTORY_REGION"
PUBLISHED_AT: Final = "HISTORY_PUBLISHED_AT"
PROJECT_CODE: Final = "HISTORY_PROJECT_CODE"
CONTENT: Final = "HISTORY_CONTENT"
CANDIDATES: Final = "HISTORY_CANDIDATES"
FACTS: Final = "HISTORY_FACTS"

NO_DATASET: Final = "no_dataset"
"""``HISTORY_REASON`` of a notice whose kind the standard has no dataset for."""

UNKNOWN_DAY: Final = datetime(1970, 1, 1, tzinfo=BEIJING)
"""Stands for the time of a notice whose source does not tell it: last in every list."""

_CONTENT_COLUMNS: Final = (
    "NOTICE_CONTENT",
    "BULLETIN_CONTENT",
    "WIN_BID_BULLETIN_CONTENT",
    "TERMINATION_BULLETIN_CONTENT",
    "PUBLICITY_CONTENT",
    "CLARIFY_CONTENT",
    "BID_OPENING_CONTENT",
    "CONTRACT_CONTENT",
    "ANNOUNCEMENT_CONNECT",
)


def is_history(body: Mapping[str, object]) -> bool:
    """Tell whether a record was imported as history."""
    return SOURCE in body


def key_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the key of an imported record: by source and identity there, whatever its dataset.

    The columns of the standard's key are often blank in history, so that they identify nothing.
    """
    own = keys.key_of(DATASET, body)
    return own if dataset == DATASET else f"history/{own}"


def case_code_of(body: Mapping[str, str]) -> str:
    """Return what joins imported records of one project; never the code of a case of ours."""
    code = body.get(PROJECT_CODE, "")
    return "" if is_blank(code) else f"history/{code}"


def content_column(dataset: str) -> str:
    """Return the column that holds the text of an imported notice in a dataset."""
    known = registry.dataset(dataset).by_code
    return next((column for column in _CONTENT_COLUMNS if column in known), CONTENT)


def content_of(dataset: str, body: Mapping[str, str]) -> str:
    """Return the text of an imported notice, clean HTML or plain, empty when it has none."""
    return body.get(content_column(dataset), "")


def published_at(body: Mapping[str, str]) -> datetime:
    """Return when the source published a notice, ``UNKNOWN_DAY`` when it does not tell."""
    return instant_of(body.get(PUBLISHED_AT, "")) or UNKNOWN_DAY


def own_columns(body: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a body that the history carries."""
    known = registry.dataset(DATASET).by_code
    return {column: value for column, value in body.items() if column in known}


def standard_columns(dataset: str, body: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a body that its dataset knows: what the validator judges."""
    known = registry.dataset(dataset).by_code
    return {column: value for column, value in body.items() if column in known}


def fields_of(dataset: str, body: Mapping[str, object]) -> tuple[registry.Field, ...]:
    """Return the fields that a record may carry: those of its dataset, and of the history."""
    fields = registry.dataset(dataset).fields
    if dataset == DATASET or not is_history(body):
        return fields
    return fields + registry.dataset(DATASET).fields
