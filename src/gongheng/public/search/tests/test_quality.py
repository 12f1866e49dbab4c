"""How well real notices are found: every title, titles cut short, parts of company names."""

from collections.abc import Sequence

import pytest

from gongheng.public.search import actions, queries
from gongheng.public.search.filters import Filters
from gongheng.public.search.queries import Hit
from gongheng.public.search.tests.conftest import NOW
from gongheng.public.search.tests.real import SHARED, documents
from gongheng.public.search.texts import Document

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not SHARED.is_dir(), reason="the folder shared/data with collected real notices is absent"
    ),
    pytest.mark.django_db,
]

EVERY = 25
"""One line in so many is asked for: hundreds of questions tell as much as thousands."""


@pytest.fixture
def real() -> list[Document]:
    lines = list(documents())
    actions.load(lines)
    return lines


def share_found(lines: Sequence[Document], hits: Sequence[Sequence[Hit]]) -> float:
    found = [line.id in {hit.id for hit in page} for line, page in zip(lines, hits, strict=True)]
    return sum(found) / len(found)


def test_real_notices_are_found_by_their_titles(real: list[Document]) -> None:
    asked = real[::EVERY]

    whole = [
        queries.find(
            Filters(text=line.title, trade=line.trade_type, region=line.region_code), now=NOW
        ).hits
        for line in asked
    ]
    cut = [
        queries.find(Filters(text=line.title[len(line.title) // 3 :]), now=NOW, size=10).hits
        for line in asked
    ]

    assert share_found(asked, whole) >= 0.99
    assert share_found(asked, cut) >= 0.95
