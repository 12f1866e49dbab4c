"""The opening hall as one person sees it: stage, clock, the own row, the others by pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from gongheng.kernel.clock import to_second
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries, roster, sealed, wording
from gongheng.trading.opening.kinds import Cause, LaterStage, Side, Stage, State
from gongheng.trading.opening.models import Confirmation, Decision, Entry, LaterOpening, Opening
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

PAGE = 50
_TONES = {
    State.WAITING: "grey",
    State.RELEASED: "blue",
    State.OPENED: "green",
    State.ABSENT: "amber",
    State.FAILED: "red",
}
STEPS = (Stage.BIDDERS, Stage.HOLDERS, Stage.SHOWN)
_ORDER = (
    Stage.BIDDERS,
    Stage.HOLDERS,
    Stage.JUDGED,
    Stage.SHOWN,
    Stage.PUBLISHED,
    Stage.FAILED,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list of bids."""

    entry: Entry
    word: str
    tone: str
    result: str
    price: str
    figures: str
    is_mine: bool
    needs_cause: bool
    may_retry: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as the head of the hall shows it."""

    label: str
    words: str
    is_here: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of how many have come through a stage."""

    label: str
    done: int
    all: int


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A body that holds shares, and what it has released."""

    name: str
    side: str
    word: str
    tone: str
    bad: int


@dataclass(frozen=True, slots=True)
class BidsPage:
    """A page of the list of bids, found by number or name."""

    lines: Sequence[Line]
    number: int
    last: int
    found: int

    @property
    def previous(self) -> int:
        """Return the number of the page before, 0 at the beginning."""
        return self.number - 1

    @property
    def next(self) -> int:
        """Return the number of the next page, 0 at the end."""
        return self.number + 1 if self.number < self.last else 0


class Hall:
    """An opening and one person in it."""

    def __init__(self, case: Case, opening: Opening, actor: Actor, now: datetime) -> None:
        self.case = case
        self.opening = opening
        self.stage = Stage(opening.stage)
        self.now = now
        self.is_host = queries.is_host(case, actor)
        self.is_centre = queries.is_centre(case, actor)
        self.is_supervisor = Role.SUPERVISOR in actor.roles
        self._own = queries.entry_of(opening, actor)
        self._organisation = actor.organisation_code

    @property
    def steps(self) -> list[Step]:
        """Return the three steps that are said on the screen."""
        place = _ORDER.index(self.stage)
        words = {
            Stage.BIDDERS: f"至 {to_second(self.opening.releases_until)}",
            Stage.HOLDERS: self._holders_words(),
            Stage.SHOWN: to_second(self.opening.shown_at),
        }
        return [
            Step(
                label=stage.label,
                words=words[stage],
                is_here=self.stage == stage
                or (stage == Stage.HOLDERS and self.stage == Stage.JUDGED),
                is_done=place > _ORDER.index(stage) and self.stage != Stage.FAILED,
            )
            for stage in STEPS
        ]

    def _holders_words(self) -> str:
        if self.opening.postponed_until and self.stage == Stage.HOLDERS:
            return f"推迟至 {to_second(self.opening.postponed_until)}"
        if self.opening.frozen_at and queries.first_lists(self.opening).exists():
            return f"清单固定于 {to_second(self.opening.frozen_at)}"
        return ""

    @property
    def ends_at(self) -> datetime | None:
        """Return what the clock in the hall counts down to."""
        if self.stage == Stage.BIDDERS:
            return self.opening.releases_until
        return self.opening.confirm_until if self.stage == Stage.SHOWN else None

    @property
    def left(self) -> str:
        """Return how much time is left, in words; by the server's legal time."""
        if self.ends_at is None:
            return ""
        left = max(self.ends_at - self.now, timedelta(0))
        minutes, seconds = divmod(int(left.total_seconds()), 60)
        return f"{minutes} 分 {seconds:02d} 秒" if left else "时间已到"

    @property
    def seconds_left(self) -> int:
        """Return the same for the clock of a script."""
        return max(int((self.ends_at - self.now).total_seconds()), 0) if self.ends_at else 0

    @property
    def status(self) -> str:
        """Return in one sentence what is going on."""
        return {
            Stage.BIDDERS: "请各投标人在规定时间内解密；现在还没有任何人能看到投标内容。",
            Stage.HOLDERS: "清单已固定，保管方正在核对并交出份额，系统随后逐份解密。",
            Stage.JUDGED: "解密已经结束，等待主持人提交、交易中心复核后公布。",
            Stage.SHOWN: "开标内容已公布，请各投标人核对并确认开标记录。",
            Stage.PUBLISHED: "开标记录已公布，开标结束。",
            Stage.FAILED: "解密成功的投标文件不足法定数量，不公布报价，由招标人公告招标失败。",
        }[self.stage]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many bids there are in each state."""
        counted = self.opening.entries.aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            released=Count("pk", filter=Q(state__in=[State.RELEASED, State.OPENED])),
            opened=Count("pk", filter=Q(state=State.OPENED)),
            closed=Count("pk", filter=Q(state__in=[State.ABSENT, State.FAILED])),
        )
        return dict(counted)

    @property
    def progress(self) -> Progress | None:
        """Return how far the present stage has come; nothing where there is nothing to count."""
        counts = self.counts
        found = {
            Stage.BIDDERS: Progress("投标人解密", counts["released"], counts["all"]),
            Stage.HOLDERS: Progress("系统解密", counts["opened"], counts["released"]),
            Stage.SHOWN: Progress("投标人确认开标记录", self.answered, counts["all"]),
        }.get(self.stage)
        return found if found and found.all else None

    @property
    def mine(self) -> Line | None:
        """Return the row of the person's own firm, pinned above the others."""
        return self._line(self._own) if self._own else None

    @property
    def may_release(self) -> bool:
        """Tell whether the person's firm still has to decrypt."""
        return (
            self._own is not None
            and self._own.state == State.WAITING
            and self.stage == Stage.BIDDERS
            and self.now < self.opening.releases_until
        )

    @property
    def answer(self) -> Confirmation | None:
        """Return what the person's organisation has said of the record."""
        found = self.opening.confirmations.filter(organisation_code=self._organisation)
        return found.first() if self._organisation else None

    @property
    def may_answer(self) -> bool:
        """Tell whether the person's organisation may still answer for the record."""
        if self.stage != Stage.SHOWN or self.answer is not None:
            return False
        until = self.opening.confirm_until
        is_in_time = until is not None and self.now < until
        return self.is_host or (self._own is not None and is_in_time)

    @property
    def answered(self) -> int:
        """Return how many bidders have answered for the record."""
        return self.opening.confirmations.filter(side=Side.BIDDER).count()

    @property
    def decision(self) -> Decision | None:
        """Return the decision that waits for the centre."""
        return queries.open_decision(self.opening)

    @property
    def decisions(self) -> list[Decision]:
        """Return the decisions that were taken."""
        return list(self.opening.decisions.filter(is_confirmed=True).order_by("decided_at"))

    @property
    def causes_missing(self) -> int:
        """Return for how many bids the host has yet to decide a cause."""
        return queries.without_cause(self.opening).count()

    @property
    def holders(self) -> list[HolderLine]:
        """Return the bodies that hold shares, with what they have released."""
        policy = sealed.signed_policy(self.case).policy
        lists = list(queries.first_lists(self.opening))
        released = [{row.holder: row for row in queries.newest_shares(one)} for one in lists]
        found = []
        for holder in policy.holders:
            rows = [each[holder.code] for each in released if holder.code in each]
            bad = sum(len(row.bad) for row in rows)
            is_whole = bool(lists) and len(rows) == len(lists)
            word = "份额有误" if bad else "已交出" if is_whole else "未交出"
            tone = "red" if bad else "green" if is_whole else "grey"
            found.append(HolderLine(holder.name, holder.side.label, word, tone, bad))
        return found

    @property
    def later(self) -> LaterOpening | None:
        """Return the opening of what waited for an event, once that came (E-29)."""
        return self.opening.later.order_by("recorded_at").last()

    @property
    def later_words(self) -> str:
        """Say where that stands."""
        return LaterStage(self.later.stage).label if self.later else ""

    @property
    def sealed_parts(self) -> list[str]:
        """Return the titles of the parts that stay sealed until their event."""
        policy = sealed.signed_policy(self.case).policy
        return [part.title for part in policy.parts if part.condition.event]

    @cached_property
    def unlisted(self) -> list[roster.Line]:
        """Return whose row of the list of bidders lacks something: for host and centre."""
        is_time = self.stage in {Stage.SHOWN, Stage.PUBLISHED}
        if not is_time or not (self.is_host or self.is_centre):
            return []
        return [line for line in roster.lines(self.opening, now=self.now) if line.findings]

    def bids(self, *, page: str, words: str) -> BidsPage:
        """Return a page of the list; ``words`` is part of a name, or a number of the list."""
        rows = self._found(words.strip())
        count = rows.count()
        last = max(-(-count // PAGE), 1)
        number = min(max(_number(page), 1), last)
        shown = rows.order_by("number")[(number - 1) * PAGE : number * PAGE]
        return BidsPage([self._line(entry) for entry in shown], number, last, count)

    def _found(self, words: str) -> QuerySet[Entry]:
        rows = self.opening.entries.all()
        if not words:
            return rows
        found = Q(bidder_name__icontains=words[:200].replace("\0", ""))
        return rows.filter(found | Q(number=_number(words)))

    def _line(self, entry: Entry) -> Line:
        shows = self.stage.shows_prices and entry.state == State.OPENED
        state = State(entry.state)
        return Line(
            entry=entry,
            word=state.label,
            tone=_TONES[state],
            result=wording.result(entry),
            price=wording.price(entry) if shows else "",
            figures=wording.promises(entry) if shows else "",
            is_mine=self._own is not None and entry.pk == self._own.pk,
            needs_cause=self.is_host and queries.needs_cause(self.opening, entry),
            may_retry=self.is_centre
            and entry.fault in queries.FAULTS_OF_PLATFORM
            and self.stage in {Stage.HOLDERS, Stage.JUDGED},
        )


def cause_label(cause: str) -> str:
    """Return a cause in words."""
    return Cause(cause).label if cause else "未认定"


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < len("2147483647")
    return int(text) if is_number else 0
