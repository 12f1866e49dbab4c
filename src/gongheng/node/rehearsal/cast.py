"""The people of a rehearsal: each with a browser, signed in, and a machine of their own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from gongheng.kernel.clock import FileClock
from gongheng.node.rehearsal.answers import BIDS, HOLDERS, SCHOOL, Days, Party
from gongheng.node.rehearsal.forms import NotOffered
from gongheng.node.rehearsal.visitor import Stopped, Visitor


class Failed(Exception):
    """A command on somebody's own machine did not do what it should."""


@dataclass
class Cast:
    """One case and the people who work on it; ``told`` gathers each step with its seconds."""

    url: str
    password: str
    state: Path
    party: Party = SCHOOL
    bids: Mapping[str, str] = field(default_factory=lambda: BIDS)
    """Who bids, and at which price in yuan."""
    opened: Sequence[str] = tuple(BIDS)
    """Whose bids are decrypted."""
    browser: Callable[[str, str], Visitor] = Visitor
    told: list[dict[str, object]] = field(default_factory=list)
    cast: dict[str, Visitor] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    case: str = ""
    lot_code: str = ""

    def as_(self, name: str) -> Visitor:
        """Return the browser of a person, signed in; of a visitor who is nobody, by no name."""
        if name not in self.cast:
            self.cast[name] = self.browser(self.url, name)
            if name:
                phone = self.authenticator(name)
                secret = phone.read_text(encoding="utf-8") if phone.exists() else ""
                self.cast[name].sign_in(self.password, secret)
        return self.cast[name]

    @property
    def clerk(self) -> Visitor:
        """Return the browser of who acts for the tenderer."""
        return self.as_(self.party.clerk)

    @cached_property
    def days(self) -> Days:
        """Return the days of the round, counted from when they are first asked for."""
        return Days.counted_from(FileClock(self.state / "clock.json").now().date())

    def at(self, step: str) -> str:
        """Return the address of a step's page."""
        return f"{self.case}{step}/"

    @contextmanager
    def timed(self, words: str) -> Iterator[None]:
        """Note how long a step took."""
        started = time.monotonic()
        yield
        self.told.append({"step": words, "seconds": round(time.monotonic() - started, 2)})

    def confirm(self, name: str) -> None:
        """Let a second person see and decide what waits for one in this case."""
        second = self.as_(name)
        second.go("/desk/")
        proposals = second.page.links("/cases/proposals/")
        for address in proposals:
            second.go(address)
            if self.lot_code in second.page.text:
                second.send(
                    "提交复核结论",
                    verdict="publish",
                    reason="已核对，联系方式均为单位公开的联系方式。",
                )
                return
        msg = f"{name} 的工作台上没有等待复核的事项"
        raise LookupError(msg)

    def go_to(self, day: date) -> None:
        """Move legal time forward to the morning of a day."""
        clerk = self.clerk
        clerk.go(self.case)
        clerk.send("这一天 09:00", day=day.isoformat())

    def propose(self, step: str, *, first: str = "", second: str = "", **answers: str) -> None:
        """Let the clerk, or another, propose a step and a second person confirm it."""
        proposer = self.as_(first or self.party.clerk)
        proposer.go(self.at(step))
        proposer.send("提交复核", answers)
        self.refused("提交人不能自己复核", lambda: self._confirm_alone(proposer))
        self.confirm(second or self.party.reviewer)

    def _confirm_alone(self, proposer: Visitor) -> None:
        proposer.go(self.case)
        proposer.go(proposer.page.links("/cases/proposals/")[0])
        proposer.send("提交复核结论", verdict="publish", reason="无")

    def refused(self, what: str, deed: Callable[[], object]) -> None:
        """Require that the platform refuses or does not offer a deed, else ``Failed``."""
        try:
            deed()
        except (Stopped, NotOffered):
            self.refusals.append(what)
            return
        msg = f"应当拒绝而没有拒绝：{what}"
        raise Failed(msg)

    @property
    def room(self) -> str:
        """Return the address of the evaluation room."""
        return self.case.replace("/cases/", "/evaluation/")

    def wait(self, is_so: Callable[[], object], otherwise: str, *, seconds: float = 90) -> None:
        """Wait for what the platform does by itself. Raises ``Failed``."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                raise Failed(otherwise)
            time.sleep(0.5)

    @property
    def hall(self) -> str:
        """Return the address of the opening hall."""
        return self.case.replace("/cases/", "/opening/")

    @property
    def bidding(self) -> str:
        """Return the address under which bidders work on this case."""
        return self.case.replace("/cases/", "/bidding/")

    def own(self, name: str) -> Path:
        """Return the folder of a person's own machine."""
        folder = self.state / "people" / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def authenticator(self, name: str) -> Path:
        """Return where a person's telephone keeps the secret of the one-time codes, if there is one."""
        return self.own(name) / "authenticator"

    def work_of(self, name: str) -> Path:
        """Return the folder of a person's own machine for this case and round."""
        folder = self.own(name) / self.case.strip("/").replace("/", "-")
        folder.mkdir(exist_ok=True)
        return folder

    def key_of_body(self, body: str) -> Path:
        """Return the standing key of a body that holds shares."""
        return self.state / "people" / body / "standing.pem"

    @property
    def bodies(self) -> Sequence[str]:
        """Return the folders of the bodies that hold shares."""
        return (self.party.body, *HOLDERS)

    def let_holders_work(self) -> None:
        """Run the service of each body that holds shares until it has nothing left to do."""
        for body in self.bodies:
            folder = self.state / "people" / body
            self.command("holder", "serve", "--folder", folder, "--url", self.url, "--once")

    def command(self, *words: str | Path) -> str:
        """Run a command on a person's own machine and return what it gave. Raises ``Failed``."""
        looks_at_clock = words[:2] in {("holder", "serve"), ("bid", "release")}
        told = [*words, *(("--clock", self.state / "clock.json") if looks_at_clock else ())]
        done = subprocess.run(  # noqa: S603  our own commands
            [sys.executable, "-m", "gongheng.node.cli", *map(str, told)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            msg = f"gongheng {' '.join(map(str, words))}：{done.stderr.strip()}"
            raise Failed(msg)
        return done.stdout
