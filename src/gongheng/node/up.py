"""``gongheng up``: everything that nodes on this machine need, from the database to the page."""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node import (
    demo_accounts,
    demo_nodes,
    loops,
    places,
    preflight,
    preparation,
    secret_files,
)
from gongheng.node.config import NodeConfig
from gongheng.node.postgres import databases
from gongheng.node.postgres.server import Server
from gongheng.node.processes import claim
from gongheng.node.say import Progress, explain, explain_all, give, say
from gongheng.node.supervisor import LOOK_SECONDS, Child, Supervisor
from gongheng.node.tiers import TIERS

READY_SECONDS = 120.0
RUNNING = "running.json"
_WHAT_TO_TRY = """\
  1. 用 clerk 登录市级平台，登记项目；officer 受理，clerk 编制文件和公告，reviewer 复核后发布；
  2. 数秒后在省级和国家平台的首页看到同一份公告，下载公告证明，核验它没有被改动；
  3. 用 bidder1 登录，按页面上的命令在自己的电脑上加密、递交投标文件；
     页面上方可以把演示时间快进到下一时限，到开标、评标、定标和合同；
  4. 用 operator 登录任一平台，在“数据交换”中查看报送、校验与回执；
  5. ./start --once 由程序扮演全部人员走完一个项目，并核对三个数据库。"""

ALREADY_RUNNING = Reason(
    code="node.already_running",
    message="这个状态目录里的平台已经在运行。",
    remedy="请直接访问已有的地址，或先在原来的窗口按 Ctrl-C 停止。",
)
PREPARATION_FAILED = Reason(
    code="node.preparation_failed",
    message="平台的数据库或演示数据没有准备好。",
    remedy="请查看日志的最后几行，处理后重新启动；已完成的部分不会重做。",
)
NOT_READY = Reason(
    code="node.not_ready",
    message="平台没有在规定时间内就绪。",
    remedy="请查看日志的最后几行；可用 gongheng doctor 检查运行环境。",
)
PORT_TAKEN = Reason(
    code="node.port_taken",
    message="平台要用的端口已被占用。",
    remedy="请停止占用端口的程序，或在 node.toml 的 [web] 一节改用其他端口。",
)


class Then(Enum):
    """What follows once everything is ready."""

    WATCH = "watch"
    WALK = "walk"
    STOP = "stop"


class _Told(BaseException):
    """Somebody asked us to stop."""


@dataclass
class Session:
    """One run of ``up``."""

    files: list[Path]
    is_demo: bool
    state: Path
    host: str = ""
    history: Path | None = None
    supervisor: Supervisor = field(default_factory=Supervisor)
    nodes: list[NodeConfig] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    claims: list[socket.socket] = field(default_factory=list)

    def run(self, *, then: Then) -> int:
        """Bring everything up, then look after it, walk a case or stop. Raises ``Refusal``."""
        code = 0
        self.state.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _only_one(self.state), _stoppable():
            try:
                self._bring_up()
                if then is Then.WATCH:
                    self._import_history()
                    self._watch()
                if then is Then.WALK:
                    code = self._walk()
            except _Told:
                say("\n正在停止……")
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self.supervisor.stop()
                (self.state / RUNNING).unlink(missing_ok=True)
                for claimed in self.claims:
                    claimed.close()
                say("已停止，没有留下进程。")
        return code

    def _walk(self) -> int:
        """Let people walk a whole case over HTTP and compare what the three databases then hold."""
        say("\n正在演练一个完整的招标项目……")
        city = next(node for node in self.nodes if not TIERS[node.tier].children)
        password = demo_accounts.read(city.state_dir)[0].password
        words = [self.address(city), str(self.state), password]
        walking = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "gongheng.node.rehearsal", *words],
            env={name: word for name, word in os.environ.items() if name != "DATABASE_URL"},
        )
        try:
            while walking.poll() is None:
                self.supervisor.look()
                time.sleep(LOOK_SECONDS)
        finally:
            if walking.poll() is None:
                walking.kill()
                walking.wait()
        return walking.returncode

    def _bring_up(self) -> None:
        progress = Progress(5)
        progress.step("检查运行环境")
        self._read()
        progress.step("启动数据库")
        self._start_database()
        progress.step("准备数据表、静态文件和演示数据")
        self._prepare()
        progress.step("启动网页与后台")
        self._start_programs()
        progress.step("等待各平台就绪")
        self._await_ready()
        progress.end("全部就绪")
        for node in self.nodes:
            say(f"  {node.name}  {self.address(node)}/")
        for node in self.nodes:
            give(f"{node.code} {self.address(node)}")
        if self.is_demo:
            _tell_what_to_try(self.nodes)

    def _read(self) -> None:
        if self.is_demo:
            self.files = demo_nodes.write(self.state)
        self.nodes, faults = demo_nodes.read_all(self.files)
        faults += preflight.faults(self.state, self._told_url())
        if not self.is_demo:
            faults += [fault for node in self.nodes if (fault := self._claimed(node))]
        if faults:
            raise preflight.Faults(faults)
        if self.is_demo:
            for moved in demo_nodes.move_off_taken_ports(self.files, self.nodes, self.claims):
                say(f"\n端口 {moved.wanted} 已被占用，{moved.name}改用 {moved.given}。")
            self.nodes, _ = demo_nodes.read_all(self.files)

    def _claimed(self, node: NodeConfig) -> Refusal | None:
        claimed = claim(node.web.port, self.host or node.web.host)
        if claimed is None:
            return Refusal(PORT_TAKEN, node=node.name, port=node.web.port)
        self.claims.append(claimed)
        return None

    def _told_url(self) -> str:
        return os.environ.get("DATABASE_URL", "")

    def _start_database(self) -> None:
        own = [node for node in self.nodes if not node.database_url]
        told = self._told_url()
        if told and not self.is_demo:
            self.urls = {node.code: told for node in own}
            own = []
        administrator = told
        if own and not told:
            self.supervisor.server = Server(self.state / "postgres")
            self.supervisor.server.start()
            administrator = self.supervisor.server.url()
        for node in own:
            self._make_database(node, administrator)
        for node in self.nodes:
            self.urls.setdefault(node.code, node.database_url)
            databases.check(self.urls[node.code])

    def _make_database(self, node: NodeConfig, administrator: str) -> None:
        noted = node.state_dir / secret_files.DATABASE_URL_FILE
        password = ""
        with suppress(OSError):
            password = urlsplit(noted.read_text(encoding="utf-8")).password or ""
        prefix = urlsplit(self._told_url()).path.lstrip("/") or "gongheng"
        url = databases.prepare(administrator, f"{prefix}_{node.code}", password)
        secret_files.write(noted, url + "\n")
        self.urls[node.code] = url

    def _prepare(self) -> None:
        late = [n for n in self.nodes if not preparation.is_prepared(n, self.urls[n.code])]
        running = [self._child(node, "prepare") for node in late]
        for child in running:
            child.start()
        try:
            while any(child.is_running for child in running):
                time.sleep(LOOK_SECONDS)
        finally:
            for child in running:
                child.signal(signal.SIGKILL)
        failed = [child for child in running if child.process and child.process.returncode]
        if failed:
            said = "\n".join(f"{child.name}（{child.log}）：\n{child.tail()}" for child in failed)
            raise Refusal(PREPARATION_FAILED, said=said)

    def _start_programs(self) -> None:
        """Start the first node's pages alone, the rest once they answer: one look is enough."""
        self.supervisor.on_change = self._note
        for node in self.nodes:
            ready_file(node).unlink(missing_ok=True)
        first, *others = self.nodes
        self.supervisor.start(self._child(first, "web"))
        self._await(partial(_answers, first), first.name)
        say(f"  {first.name}  {self.address(first)}/  可以访问")
        for node in others:
            self.supervisor.start(self._child(node, "web"))
        for node in self.nodes:
            self.supervisor.start(self._child(node, "worker"))
        self._note()

    def _child(self, node: NodeConfig, program: str) -> Child:
        words = [program]
        if program == "web" and self.host:
            words += ["--host", self.host]
        return Child(
            name=f"{node.name} {program}",
            words=words,
            environment=self._environment(node),
            log=node.state_dir / "log" / f"{program}.log",
        )

    def _environment(self, node: NodeConfig) -> Mapping[str, str]:
        path = self.files[self.nodes.index(node)]
        return os.environ | {
            "GONGHENG_NODE": str(path),
            "DATABASE_URL": self.urls[node.code],
            "DJANGO_SETTINGS_MODULE": "gongheng.node.settings",
        }

    def address(self, node: NodeConfig) -> str:
        """Return where the node answers on this machine."""
        return f"http://127.0.0.1:{node.web.port}"

    def _await_ready(self) -> None:
        for node in self.nodes:
            self._await(partial(self._is_ready, node), node.name)

    def _await(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_so():
            if time.monotonic() > deadline:
                tails = "\n".join(child.tail(6) for child in self.supervisor.children)
                raise Refusal(NOT_READY, nodes=what, said=tails)
            self.supervisor.look()
            time.sleep(LOOK_SECONDS)

    def _is_ready(self, node: NodeConfig) -> bool:
        return ready_file(node).exists() and _answers(node)

    def _import_history(self) -> None:
        """Let the demonstration's province take in what others collected, once all are ready."""
        if not self.is_demo or self.history is None or not self.history.is_dir():
            return
        province = next(node for node in self.nodes if TIERS[node.tier].keeps_registers)
        words = ["import", "notices", str(self.history.absolute()), "--nice"]
        self.supervisor.send(
            Child(
                name=f"{province.name} 历史公告导入",
                words=words,
                environment=self._environment(province),
                log=province.state_dir / "log" / "import.log",
            )
        )
        say("历史公告正在后台导入省级平台，约一分钟内陆续出现在“交易信息”中。")

    def _watch(self) -> None:
        while True:
            self.supervisor.look()
            time.sleep(LOOK_SECONDS)

    def _note(self) -> None:
        """Write down who runs where, for tests and for ``doctor``."""
        server = self.supervisor.server
        facts = {
            "supervisor": os.getpid(),
            "postgres": server.pid if server else None,
            "nodes": {
                node.code: {"url": self.address(node), "folder": str(node.state_dir)}
                for node in self.nodes
            },
            "programs": {
                f"{child.environment['GONGHENG_NODE']}:{child.words[0]}": child.process.pid
                for child in self.supervisor.children
                if child.process is not None
            },
        }
        secret_files.write(self.state / RUNNING, json.dumps(facts, ensure_ascii=False))


def ready_file(node: NodeConfig) -> Path:
    """Return the file that the node's worker makes once all its loops have passed."""
    return node.state_dir / loops.READY


def _answers(node: NodeConfig) -> bool:
    host = "127.0.0.1" if node.web.host == "0.0.0.0" else node.web.host  # noqa: S104  compared, not bound
    connection = http.client.HTTPConnection(host, node.web.port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    with (state / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(ALREADY_RUNNING, state=state) from error
        yield


@contextmanager
def _stoppable() -> Iterator[None]:
    def tell(_number: int, _frame: FrameType | None) -> None:
        raise _Told

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, tell) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_what_to_try(nodes: list[NodeConfig]) -> None:
    """Tell each account once, with the tiers that have it."""
    tiers: dict[demo_accounts.DemoAccount, list[str]] = {}
    for node in nodes:
        for account in demo_accounts.read(node.state_dir):
            tiers.setdefault(account, []).append(TIERS[node.tier].label)
    if tiers:
        say("\n演示账号：")
    for account, labels in tiers.items():
        say(f"  {account.username:<13} 密码 {account.password}  {account.display_name}")
        say(f"                {account.task}（{'、'.join(labels)}）")
    say(f"\n可以试试：\n{_WHAT_TO_TRY}\n\n按 Ctrl-C 停止。")


def up(folders: list[Path], *, host: str, then: Then, history: Path | None = None) -> int:
    """Run the nodes of ``folders`` (each with a ``node.toml``), or the demonstration.

    ``history`` is a folder of collected notices for the demonstration's province, if it is there.
    """
    files = [path / "node.toml" if path.is_dir() else path for path in folders]
    state = files[0].absolute().parent if files else places.state()
    session = Session(files=files, is_demo=not files, state=state, host=host, history=history)
    try:
        return session.run(then=then)
    except preflight.Faults as found:
        say("\n启动前发现以下问题，请一并处理：")
        for line in explain_all(found.faults):
            say(f"- {line}")
        return 2
    except Refusal as refusal:
        say("\n" + explain(refusal))
        return 4 if refusal.reason is ALREADY_RUNNING else 1
