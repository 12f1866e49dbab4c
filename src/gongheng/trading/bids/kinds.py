"""States of bids and of their uploads, and the usual parts of a bid, with their Chinese labels."""

from dataclasses import dataclass

from django.db import models


class BidState(models.TextChoices):
    """What became of a bid that was handed in; every one of them is kept sealed (E-03)."""

    STANDING = "standing", "有效"
    REPLACED = "replaced", "已被替换"
    WITHDRAWN = "withdrawn", "已撤回"


class BodySide(models.TextChoices):
    """On which side of the trade a body stands (``trust.envelope.holders.Side``)."""

    TENDERER = "tenderer", "招标人"
    AGENCY = "agency", "招标代理机构"
    CENTRE = "centre", "交易中心"
    NODE = "node", "中立平台"
    NOTARY = "notary", "公证机构"
    RESERVE = "reserve", "候补"


OF_THE_TENDERER = frozenset({BodySide.TENDERER, BodySide.AGENCY})
"""Bodies that hold a share only in their own tenders."""


@dataclass(frozen=True, slots=True)
class UsualPart:
    """A sealed part that the bids of a works tender have (E-29).

    ``event`` is what must be recorded before it is opened; empty: it opens at the opening's hour.
    """

    name: str
    title: str
    event: str = ""


TECHNICAL_EVALUATED = "technical-evaluated"
"""The committee has closed qualification and technical part; nobody's mark changes any more."""


USUAL_PARTS = (
    UsualPart("qualification-technical", "资格审查和技术部分"),
    UsualPart("price", "报价部分"),
)
PRICE_LATER = (USUAL_PARTS[0], UsualPart("price", "报价部分", TECHNICAL_EVALUATED))
"""Two envelopes: the prices are opened when the technical part has been judged (双信封)."""
