"""An opening with its bidders and holders, as far as a test needs it to have come."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gongheng.kernel.identifiers import uuid7
from gongheng.trading.bids import actions as bids, ceremony, queries as sealed_bids
from gongheng.trading.bids.kinds import USUAL_PARTS, BodySide, UsualPart
from gongheng.trading.bids.tests.support import (
    BODIES,
    NOT_BEFORE,
    Firm,
    Tender,
    bodies,
    by_tenderer,
    firm,
    standing,
)
from gongheng.trading.cases import actions as cases, gate
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import actions, decrypting, later, phases, recording, sealed
from gongheng.trading.opening.kinds import Answer, Cause, State
from gongheng.trading.opening.models import Entry, LaterOpening, Opening
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope import bidder_release, share_release
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import announce
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.envelope.sealing import Content, seal
from gongheng.trust.envelope.suites import AES
from tests.cases import CLERK, NOW, OFFICER, SYSTEM, TENDERER, lot_case, open_accounts, walk_to
from tests.worlds import once

__all__ = ["BodySide", "Hall", "HandClock", "hall", "letter", "tender"]

PRICES = ("12345678.90", "12000000.00", "13000000.55", "12500000.01")


def letter(price: object = PRICES[0], **changes: Any) -> bytes:
    """Return a bid letter as the tool writes it."""
    facts = {
        "price": price,
        "duration_days": 180,
        "project_manager": "张建国",
        "quality": "合格",
        "documents": [],
    }
    return json.dumps(facts | changes, ensure_ascii=False).encode()


@dataclass
class HandClock:
    """A clock that stands where a test sets it."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class Hall:
    """A tender, the firms that bid, and the keys of the bodies that hold shares."""

    tender: Tender
    keys: dict[str, PrivateKey]
    firms: list[Firm] = field(default_factory=list)
    envelopes: dict[str, Path] = field(default_factory=dict)
    seeds: dict[str, bytes] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return self.tender.case

    @property
    def opening(self) -> Opening:
        return Opening.objects.select_related("case").get(case_id=self.case.pk)

    @property
    def deadline(self) -> datetime:
        return self.tender.deadline

    @property
    def closing(self) -> Closing:
        return sealed.closing_of(self.case)

    def entry(self, who: Firm) -> Entry:
        return self.opening.entries.get(bidder_code=who.code)

    def bid(self, who: Firm, files: Mapping[str, Mapping[str, bytes]] | None = None) -> None:
        """Seal and hand in a bid; ``files``: part to file name to bytes."""
        usual = {"qualification-technical": {"技术标.txt": b"how"}, "price": {"bid.json": letter()}}
        contents = {}
        for part, inside in (files or usual).items():
            home = self.tender.folder / str(uuid7())
            home.mkdir()
            for name, data in inside.items():
                (home / name).write_bytes(data)
            contents[part] = Content({name: home / name for name in inside}, {"tool": "test"})
        target = self.tender.folder / f"{uuid7()}.gbe"
        made = seal(contents, target, signed=self.tender.signed, key=who.key)
        self.envelopes[who.code], self.seeds[who.code] = target, made.seed
        self.firms.append(who)
        self.tender.submit(who, target.read_bytes())

    def close(self) -> None:
        """Close the bidding at the deadline."""
        bids.close(case_id=self.case.pk, actor=SYSTEM, now=self.deadline)

    def begin(self) -> Opening:
        """Close the bidding and begin the opening."""
        self.close()
        opening = actions.begin(case_id=self.case.pk, now=self.deadline)
        assert opening is not None
        return opening

    def half(self, who: Firm, **changes: Any) -> list[dict[str, object]]:
        """Return what ``gongheng bid release`` answers on a bidder's machine."""
        cover = Cover.of_file(self.envelopes[who.code])
        facts: dict[str, Any] = {
            "seed": self.seeds[who.code],
            "key": who.key,
            "closing": self.closing,
            "now": self.deadline + timedelta(minutes=1),
        }
        return [
            bidder_release.release(cover, part.name, **(facts | changes)).as_json()
            for part in cover.header.parts
        ]

    def release(self, *firms: Firm, minutes: float = 1) -> None:
        for who in firms or tuple(self.firms):
            actions.release(
                case_id=self.case.pk,
                statements=self.half(who),
                now=self.deadline + timedelta(minutes=minutes),
                actor=who.actor,
            )

    def freeze(self, *, minutes: float = 30) -> bool:
        now = self.deadline + timedelta(minutes=minutes)
        return phases.freeze(opening_id=self.opening.pk, now=now)

    def statement(self, code: str, part: str, **changes: Any) -> share_release.ShareStatement:
        """Return the shares of a body as its own machine releases them."""
        frozen = FrozenList.of_json(self.opening.lists.get(part=part).statement)
        covers = [Cover.of_file(path) for path in self.envelopes.values()]
        facts: dict[str, Any] = {
            "key": self.keys[code],
            "policy": self.tender.signed.policy,
            "closing": self.closing,
            "frozen": frozen,
            "now": self.deadline + timedelta(minutes=31),
        }
        return share_release.release(covers, **(facts | changes))

    def share(
        self, codes: Iterable[str] = tuple(BODIES), *, minutes: float = 31, event: str = ""
    ) -> None:
        for code in codes:
            for row in self.opening.lists.filter(event=event).order_by("part"):
                phases.take_shares(
                    case_id=self.case.pk,
                    statement=self.statement(code, row.part).as_json(),
                    now=self.deadline + timedelta(minutes=minutes),
                )

    def decrypt(self, *, minutes: float = 32) -> None:
        now = self.deadline + timedelta(minutes=minutes)
        while decrypting.step(opening_id=self.opening.pk, now=now):
            pass

    def judge(self, cause: Cause = Cause.BIDDER) -> None:
        """Decide the cause of every bid that was not opened."""
        for entry in self.opening.entries.filter(state__in=[State.ABSENT, State.FAILED], cause=""):
            actions.decide_cause(
                entry_id=entry.pk,
                cause=cause,
                evidence="解密时限内没有收到解密文件，平台日志正常。",
                actor=CLERK,
                now=self.deadline + timedelta(minutes=33),
            )

    def let_out(self, proposal: Any, *, at: datetime) -> None:
        passage = gate.deed_of(proposal.step).preview(proposal, at)
        cases.confirm(
            proposal_id=proposal.pk,
            verdict=Verdict.PUBLISH,
            reason="已核对，属于依法应当公开的内容。",
            seen=gate.digest(passage, gate.proposals_of(proposal.matter)),
            actor=OFFICER,
            now=at,
        )

    def make_known(self, *, minutes: float = 34) -> None:
        at = self.deadline + timedelta(minutes=minutes)
        proposal = recording.propose_opening(case_id=self.case.pk, actor=CLERK, now=at)
        self.let_out(proposal, at=at)

    def answer(self, actor: Any, answer: Answer = Answer.CONFIRM, **facts: Any) -> None:
        minutes = facts.pop("minutes", 35)
        actions.confirm(
            case_id=self.case.pk,
            answer=answer,
            words=facts.get("words", ""),
            actor=actor,
            now=self.deadline + timedelta(minutes=minutes),
        )

    def publish(self, *, minutes: float = 45) -> None:
        at = self.deadline + timedelta(minutes=minutes)
        proposal = recording.propose_record(case_id=self.case.pk, actor=CLERK, now=at)
        self.let_out(proposal, at=at)

    def decided_lists(self, row: LaterOpening, key: PrivateKey) -> dict[str, object]:
        """Return what ``gongheng policy decide`` answers on the tenderer's machine."""
        lists: Any = later.undecided(row)["lists"]
        return {"v": 1, "lists": [FrozenList.of_json(one).decided(key).as_json() for one in lists]}

    def decide_later(self, row: LaterOpening, *, at: datetime) -> LaterOpening:
        """Let the tenderer decide to open what waited for an event."""
        value = self.decided_lists(row, standing(TENDERER))
        return later.decide(later_id=row.pk, value=value, actor=CLERK, now=at)

    def share_later(self, *, at: datetime) -> None:
        """Let three holders release what opens the prices."""
        for code in list(BODIES)[:3]:
            statement = self.statement(code, "price", now=at).as_json()
            phases.take_shares(case_id=self.case.pk, statement=statement, now=at)

    def open_later(self, row: LaterOpening, *, at: datetime) -> LaterOpening:
        """Let the tenderer decide, the holders release, the worker open, the centre publish."""
        self.decide_later(row, at=at)
        self.share_later(at=at)
        while later.step(later_id=row.pk, now=at):
            pass
        return later.show(later_id=row.pk, actor=OFFICER, now=at)

    def publish_record(self) -> "Hall":
        """Let everybody confirm, and publish the record."""
        for who in self.firms:
            self.answer(who.actor)
        self.answer(CLERK)
        self.publish()
        return self

    def to_judged(self) -> "Hall":
        self.begin()
        self.release()
        self.freeze()
        self.share()
        self.decrypt()
        return self

    def to_shown(self) -> "Hall":
        self.to_judged()
        self.make_known()
        return self


@once
def tender(
    folder: Path, parts: tuple[UsualPart, ...] = USUAL_PARTS
) -> tuple[Tender, dict[str, PrivateKey]]:
    """Return a tender that takes bids, and the bodies' keys for it."""
    open_accounts()
    _, walk = lot_case("review_documents")
    case = walk.case
    bodies()
    keys = {code: PrivateKey.generate() for code in BODIES}
    for request in ceremony.request_keys(case_id=case.pk, actor=CLERK, now=NOW):
        body = request.body
        value = announce(
            lot=case.code,
            code=body.code,
            name=body.name,
            key=keys[body.code],
            standing=standing(body.code),
            now=NOW,
        ).as_json()
        ceremony.announce(case_id=case.pk, body=body, value=value, now=NOW)
    row = ceremony.draft_policy(
        case_id=case.pk, not_before=NOT_BEFORE, actor=CLERK, now=NOW, suite=AES, parts=parts
    )
    value = by_tenderer(Policy.of_json(row.body))
    ceremony.sign_policy(case_id=case.pk, value=value, actor=CLERK, now=NOW)
    walk_to(walk, "close_bids")
    assert sealed_bids.policy_of_case(case)
    return Tender(walk, folder), keys


@once
def hall(folder: Path, bidders: int = 3, *, parts: tuple[UsualPart, ...] = USUAL_PARTS) -> Hall:
    """Return a tender with bids that are not opened yet."""
    lot, keys = tender(folder, parts)
    found = Hall(lot, keys)
    for number in range(1, bidders + 1):
        who = firm(number)
        found.bid(
            who,
            {
                "qualification-technical": {"技术标.txt": b"how"},
                "price": {"bid.json": letter(PRICES[(number - 1) % len(PRICES)])},
            },
        )
    return found


@once
def begun(folder: Path, bidders: int = 3) -> Hall:
    """Return a tender whose opening has begun."""
    found = hall(folder, bidders)
    found.begin()
    return found


@once
def frozen(folder: Path) -> Hall:
    """Return an opening that waits for the holders: every bidder has released."""
    found = begun(folder)
    found.release()
    found.freeze()
    return found


@once
def shared(folder: Path) -> Hall:
    """Return an opening whose holders have released their shares."""
    found = frozen(folder)
    found.share()
    return found


@once
def judged(folder: Path) -> Hall:
    """Return an opening whose bids are decrypted."""
    found = shared(folder)
    found.decrypt()
    return found


@once
def shown(folder: Path, *, parts: tuple[UsualPart, ...] = USUAL_PARTS) -> Hall:
    """Return an opening whose prices are made known."""
    return hall(folder, parts=parts).to_shown()
