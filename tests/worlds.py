"""What a test of the rooms stands on is built once in a run, and put back for whoever asks again.

To build a tender with three sealed bids takes a second; to put its rows and files back, little.
A test that has written something before it asks gets its world built as ever.
"""

import io
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from gongheng.trust.crypto.sm2 import PrivateKey
from tests.tables import filled, from_the_start

P = ParamSpec("P")
R = TypeVar("R")

_KEPT: dict[object, "World"] = {}
_SHELF = TemporaryDirectory(prefix="gongheng-worlds-")


@dataclass(frozen=True)
class World:
    """The rows and files of a world, and what its builder returned."""

    roots: tuple[Path, ...]
    rows: dict[str, bytes]
    files: Path
    keys: list[PrivateKey]
    result: bytes


def once(build: Callable[P, R]) -> Callable[P, R]:
    """Build a world at the first call of a run, and put it back at later ones.

    Paths among the arguments, and the node's folder, are where the world's files lie; they may be
    others at each call.

    The arguments, the hour and the node tell worlds apart, nothing else: a test that changes a term
    or a guard asks for its world first.
    """

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        roots = _roots([*args, *kwargs.values()])
        if not connection.in_atomic_block or filled() != from_the_start() or any(_files(roots)):
            return build(*args, **kwargs)
        key = _key(build, args, kwargs)
        if key not in _KEPT:
            found = build(*args, **kwargs)
            _KEPT[key] = _kept(found, roots)
            return found
        result: R = _put_back(_KEPT[key], roots)
        return result

    return built


def _key(build: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
    """Return what makes a world the same: builder, arguments, hour, and whose node it is."""
    plain = [None if isinstance(one, Path) else one for one in args]
    named = {name: one for name, one in kwargs.items() if not isinstance(one, Path)}
    node = replace(settings.NODE, state_dir=Path())
    hour = settings.GONGHENG_CLOCK.now()
    return build.__module__, build.__qualname__, repr((plain, sorted(named.items()), node, hour))


def _roots(values: list[object]) -> tuple[Path, ...]:
    return *(value for value in values if isinstance(value, Path)), Path(settings.NODE.state_dir)


def _files(roots: tuple[Path, ...]) -> Iterator[Path]:
    for root in roots:
        yield from root.rglob("*")


def _kept(found: object, roots: tuple[Path, ...]) -> World:
    rows = {}
    with connection.cursor() as cursor:
        for table in filled() - from_the_start():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                rows[table] = b"".join(copy)
    files = Path(_SHELF.name) / str(len(_KEPT))
    for number, root in enumerate(roots):
        if root.exists():
            shutil.copytree(root, files / str(number))
    target = io.BytesIO()
    keys: list[PrivateKey] = []
    _Pickler(target, roots, keys).dump(found)
    return World(roots, rows, files, keys, target.getvalue())


def _put_back(world: World, roots: tuple[Path, ...]) -> Any:
    for number, root in enumerate(roots):
        if (lay := world.files / str(number)).exists():
            shutil.copytree(lay, root, dirs_exist_ok=True)
    with connection.cursor() as cursor:
        for table, kept in world.rows.items():
            rows = kept
            for old, new in zip(world.roots, roots, strict=True):
                rows = rows.replace(str(old).encode(), str(new).encode())
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
    return _Unpickler(io.BytesIO(world.result), roots, world.keys).load()


class _Pickler(pickle.Pickler):
    """Writes keys and places as references: a key cannot be copied, a place is another next time."""

    def __init__(self, file: io.BytesIO, roots: tuple[Path, ...], keys: list[PrivateKey]) -> None:
        super().__init__(file)
        self.roots, self.keys = roots, keys

    def persistent_id(self, value: Any) -> tuple[str, int, str] | None:
        if isinstance(value, PrivateKey):
            self.keys.append(value)
            return "key", len(self.keys) - 1, ""
        if isinstance(value, Path):
            for number, root in enumerate(self.roots):
                if value.is_relative_to(root):
                    return "place", number, str(value.relative_to(root))
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, roots: tuple[Path, ...], keys: list[PrivateKey]) -> None:
        super().__init__(file)
        self.roots, self.keys = roots, keys

    def persistent_load(self, reference: Any) -> Any:
        kind, number, rest = reference
        return self.keys[number] if kind == "key" else self.roots[number] / rest
