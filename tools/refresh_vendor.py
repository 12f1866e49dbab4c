"""Fetch the foreign files the product ships and write down where each came from.

    python tools/refresh_vendor.py            fetch again, write files and manifests
    python tools/refresh_vendor.py --check    compare the files on disk with the manifests

Needs ``npm`` to fetch, nothing to check. Neither is needed to install or run the product.
"""

import csv
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/gongheng/web/static/vendor"
ICONS = ROOT / "src/gongheng/web/templates/web/icons"
JUDGES = ROOT / "tests/vendor"
COLUMNS = ("file", "package", "version", "licence", "upstream_sha256", "sha256")

_SOURCE_MAP = re.compile(rb"\n?/\*# sourceMappingURL=[^*]*\*/\s*$")
_COMMENT = re.compile(rb"<!--.*?-->\s*", re.DOTALL)

TABLER_LICENCE = b"""MIT License

Copyright (c) 2018-2026 The Tabler Authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: which of its files go where (``files``: path in the package -> our name)."""

    name: str
    version: str
    licence: str
    folder: Path
    files: dict[str, str]
    licence_text: bytes | None = None
    svg: bool = False


_ICON_NAMES = (
    "alert-triangle", "arrow-right", "bell", "building", "calendar-event", "certificate", "chart-bar",
    "check", "chevron-left", "chevron-right", "circle-check", "clock", "download", "external-link",
    "file-text", "filter", "home", "info-circle", "list", "lock", "login", "logout", "map-pin", "menu-2",
    "plus", "printer", "search", "send", "shield-check", "text-size", "user", "x",
)  # fmt: skip

PACKAGES = (
    Package(
        name="@tabler/core",
        version="1.6.1",
        licence="MIT",
        folder=STATIC / "tabler-1.6.1",
        files={"dist/css/tabler.min.css": "tabler.min.css"},
        licence_text=TABLER_LICENCE,
    ),
    Package(
        name="@tabler/icons",
        version="3.51.0",
        licence="MIT",
        folder=ICONS,
        files={
            "LICENSE": "LICENSE",
            **{f"icons/outline/{name}.svg": f"{name}.svg" for name in _ICON_NAMES},
        },
        svg=True,
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        folder=JUDGES / "axe-core-4.14.1",
        files={
            "axe.min.js": "axe.min.js",
            "LICENSE": "LICENSE",
            "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
        },
    ),
)
MANIFESTS = {STATIC / "MANIFEST.csv": PACKAGES[:2], JUDGES / "MANIFEST.csv": PACKAGES[2:]}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _ours(package: Package, name: str, data: bytes) -> bytes:
    """Return what is stored: no pointer to a map that is not shipped, icons silent to readers."""
    if name.endswith(".css"):
        return _SOURCE_MAP.sub(b"\n", data)
    if package.svg and name.endswith(".svg"):
        bare = _COMMENT.sub(b"", data).strip()
        bare = re.sub(rb'\s+(width|height)="24"', b"", bare)
        bare = re.sub(rb'class="[^"]*"', b'class="icon" aria-hidden="true" focusable="false"', bare)
        if b"class=" not in bare:
            bare = bare.replace(
                b"<svg", b'<svg class="icon" aria-hidden="true" focusable="false"', 1
            )
        return re.sub(rb"\s*\n\s*", b" ", bare).replace(b"> <", b"><")
    return data


def _fetch(package: Package, work: Path) -> Iterator[tuple[str, bytes]]:
    """Yield our name and upstream's bytes of each file of the package."""
    packed = subprocess.run(  # noqa: S603  fixed command, pinned version
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607
        cwd=work, check=True, capture_output=True, text=True,
    )  # fmt: skip
    with tarfile.open(work / packed.stdout.strip().splitlines()[-1]) as archive:
        for path, name in package.files.items():
            member = archive.extractfile(f"package/{path}")
            if member is None:
                sys.exit(f"{package.name} {package.version} has no {path}")
            yield name, member.read()


def _store(package: Package, work: Path) -> Iterator[dict[str, str]]:
    """Write the files of a package and yield their manifest rows."""
    shutil.rmtree(package.folder, ignore_errors=True)
    package.folder.mkdir(parents=True)
    fetched = list(_fetch(package, work))
    if package.licence_text:
        fetched.append(("LICENSE", package.licence_text))
    for name, upstream in fetched:
        stored = _ours(package, name, upstream)
        path = package.folder / name
        path.write_bytes(stored)
        yield {
            "file": path.relative_to(ROOT).as_posix(),
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "upstream_sha256": _digest(upstream),
            "sha256": _digest(stored),
        }


def refresh() -> None:
    """Fetch every package and write the manifests."""
    for manifest, packages in MANIFESTS.items():
        with tempfile.TemporaryDirectory() as folder:
            rows = [row for package in packages for row in _store(package, Path(folder))]
        with manifest.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{manifest.relative_to(ROOT)}: {len(rows)} files")


def differences() -> list[str]:
    """Return the files that are missing or not the ones of the manifests."""
    wrong = []
    for manifest in MANIFESTS:
        with manifest.open(newline="") as file:
            for row in csv.DictReader(file):
                path = ROOT / row["file"]
                if not path.exists() or _digest(path.read_bytes()) != row["sha256"]:
                    wrong.append(row["file"])
    return wrong


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        found = differences()
        sys.exit("\n".join(["not the files of the manifest:", *found]) if found else 0)
    refresh()
