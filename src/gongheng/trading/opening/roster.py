"""The list of bidders: one row of the standard for each bid that was opened (TENDER_LIST).

It goes out with the opening record, never before. A row that the standard would refuse stays back:
what its bid does not give is said to the host and to the second person, and an act names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongheng.data.records import actions as records, queries as published_records
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.reasons import INVALID
from gongheng.data.standard import validator
from gongheng.data.standard.times import wire_time
from gongheng.kernel.findings import Finding, Severity
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import queries as bids
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.opening import particulars, wording
from gongheng.trading.opening.kinds import State
from gongheng.trading.opening.models import Entry, Opening
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.reports import LEGAL_PERSON, RENMINBI, YUAN, given, sender, yes_no

DATASET = "TENDER_LIST"
BIDDER = "03"
AMOUNT, RATE, OTHER_FORM = "1", "2", "9"
PRICE_RATE = "opening.price_rate"
LONGEST_TIME_LIMIT = 9999
LONGEST_RATE = 2000

Body = dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A bidder's row as it goes out, without its moment; ``findings`` are why it stays back."""

    bidder_code: str
    bidder_name: str
    body: Body
    findings: tuple[Finding, ...]

    @property
    def lacks(self) -> str:
        """Return in words what keeps the row back; no value of a person stands in it."""
        return "".join(finding.message for finding in self.findings)


def lines(opening: Opening, *, now: datetime) -> list[Line]:
    """Return the rows of the bids that were opened, in the order of receipt."""
    lot = _lot(opening)
    opened = list(opening.entries.filter(state=State.OPENED).order_by("number"))
    arrived = bids.arrivals([entry.bid_id for entry in opened])
    secured = deposits.given(opening.case, by=bids.deadline_of(opening.case) or opening.begins_at)
    of_sending = sender(now)
    bodies = [
        body_of(entry, lot, arrived.get(entry.bid_id), secured.get(entry.bidder_code))
        for entry in opened
    ]
    return [_line(body, of_sending) for body in bodies]


def _lot(opening: Opening) -> Lot:
    return Lot.objects.select_related("tender_project").get(code=opening.case_code)


def _line(body: Body, of_sending: Body) -> Line:
    found = validator.check(DATASET, body | of_sending)
    errors = tuple(finding for finding in found if finding.severity == Severity.ERROR)
    return Line(body["BIDDER_ORG_CODE"], body["BIDDER_NAME"], body, errors)


def body_of(entry: Entry, lot: Lot, arrived_at: datetime | None, deposit: Deposit | None) -> Body:
    """Return a bid as a row of the standard, without what only the moment of sending knows."""
    more = particulars.read(entry.letter)
    body = {
        "TENDER_PROJECT_CODE": lot.tender_project.code,
        "BID_SECTION_CODE": lot.code,
        "UNIFIED_DEAL_CODE": lot.transaction_code,
        "BIDDER_NAME": entry.bidder_name,
        "IS_LOST": "" if more.is_dishonest is None else yes_no(is_yes=more.is_dishonest),
        "BIDDER_CODE_TYPE": LEGAL_PERSON,
        "BIDDER_ORG_CODE": entry.bidder_code,
        "BIDDER_ROLE": BIDDER,
        "BID_MANAGER": entry.project_manager,
        "PM_CODE": more.manager_id_no,
        "PM_CERTIFICATES": more.certificates,
        "IS_COMMIT_MARGIN": yes_no(is_yes=deposit is not None),
        "CHECKIN_TIME": wire_time(arrived_at) if arrived_at else "",
    }
    if deposit is not None:
        body |= {
            "MARGIN_PAY_FORM": deposit.form,
            "MARGIN_RECEIVE_TIME": wire_time(deposit.received_at),
        }
    if entry.duration_days and entry.duration_days <= LONGEST_TIME_LIMIT:
        body["TIME_LIMIT"] = str(entry.duration_days)
    return given(body | _price(entry) | _consortium(more.members))


def _price(entry: Entry) -> Body:
    """Return the price; what is no sum, or is not opened yet, stands there in words."""
    if entry.price is not None:
        return {
            "PRICE_FORM_CODE": AMOUNT,
            "BID_PRICE": f"{entry.price:f}",
            "PRICE_CURRENCY": RENMINBI,
            "PRICE_UNIT": YUAN,
        }
    if any(finding["rule"] == PRICE_RATE for finding in entry.findings):
        words = str(entry.letter.get("price", "")).strip()[:LONGEST_RATE]
        return {"PRICE_FORM_CODE": RATE, "OTHER_BID_PRICE": words}
    return {"PRICE_FORM_CODE": OTHER_FORM, "OTHER_BID_PRICE": wording.price(entry)}


def _consortium(members: tuple[particulars.Member, ...]) -> Body:
    return {
        "UNION_ENTERPRISE_NAME": particulars.joined([one.name for one in members]),
        "UNION_ORGAN_SET_CODE": particulars.joined([one.code for one in members]),
        "UNION_CONTACT_NAME": particulars.joined([one.contact for one in members]),
        "UNION_CONTACT_PHONE": particulars.joined([one.phone for one in members]),
    }


def publish(opening: Opening, *, now: datetime) -> list[Line]:
    """Publish the rows, those that were published before only if they changed.

    Returns the rows that stay back.
    """
    lot, held_back = _lot(opening), []
    earlier = _published(lot, now=now)
    for line in lines(opening, now=now):
        known = earlier.get(line.bidder_code)
        if line.findings:
            held_back.append(line)
        elif known is None or not _is_same(line.body, known, now=now):
            operation = Operation.INSERT if known is None else Operation.UPDATE
            held_back.extend(_publish(line, lot, operation, now=now))
    return held_back


def _published(lot: Lot, *, now: datetime) -> dict[str, Mapping[str, str]]:
    """Return by bidder the rows of a lot that were published before."""
    rows = published_records.records_of_cases([lot.tender_project.code], now=now)
    bodies = [row.version.body for row in rows.filter(dataset=DATASET, is_withdrawn=False)]
    return {
        body["BIDDER_ORG_CODE"]: body for body in bodies if body["BID_SECTION_CODE"] == lot.code
    }


def _is_same(body: Body, known: Mapping[str, str], *, now: datetime) -> bool:
    of_sending = sender(now).keys()
    return body == {code: text for code, text in known.items() if code not in of_sending}


def _publish(line: Line, lot: Lot, operation: Operation, *, now: datetime) -> list[Line]:
    """Publish a row; the row itself when it does not fit to the other records of the case."""
    try:
        records.publish(
            dataset=DATASET,
            body=line.body | sender(now),
            audience=Audience.PUBLIC,
            now=now,
            operation=operation,
            case_code=lot.tender_project.code,
        )
    except Refusal as refusal:
        if refusal.reason is not INVALID:
            raise
        found = refusal.facts["findings"]
        assert isinstance(found, list)  # noqa: S101  the reason says so
        return [Line(line.bidder_code, line.bidder_name, line.body, tuple(found))]
    return []
