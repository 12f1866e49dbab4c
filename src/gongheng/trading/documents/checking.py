"""What is wrong in a document as it stands, and what its reviewer should look at."""

from collections.abc import Iterator
from datetime import date

from gongheng.kernel.reasons import Refusal
from gongheng.trading.documents import content, restrictions, rules
from gongheng.trading.documents.kinds import Group
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.documents.restrictions import Suspicion
from gongheng.trading.projects.models import Lot

_TEXTS = {
    "scope": "招标范围",
    "requirements": "技术和质量要求",
    "contract_terms": "合同主要条款",
    "quality": "质量要求",
    "ceiling_note": "最高投标限价说明",
}


def defects(document: TenderDocument, lot: Lot, *, on: date) -> list[Refusal]:
    """Return everything for which a document may not be issued."""
    return rules.defects(
        content.facts_of(document),
        content.criterion_facts(document),
        estimate=lot.estimate,
        on=on,
    )


def suspicions(document: TenderDocument, lot: Lot | None = None) -> list[Suspicion]:
    """Return the phrases that may shut bidders out, with their place (W-38)."""
    return list(restrictions.suspicions(_texts(document, lot)))


def _texts(document: TenderDocument, lot: Lot | None) -> Iterator[tuple[str, str]]:
    if lot is not None:
        yield "投标人资格要求", lot.qualification
    for name, label in _TEXTS.items():
        yield label, getattr(document, name)
    for one in content.criteria_of(document):
        yield f"{Group(one.group).label}·{one.title}", f"{one.title}。{one.text}"
