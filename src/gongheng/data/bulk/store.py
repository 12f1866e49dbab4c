"""Compiled automata, kept in a file of the user's cache: making them takes seconds, reading none.

The file is named after everything they are made from, so a changed table or program makes another.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from gongheng.data.bulk import automata, languages
from gongheng.data.bulk.automata import Automaton
from gongheng.data.bulk.languages import Language
from gongheng.data.bulk.replacing import replacing
from gongheng.data.standard import registry
from gongheng.data.standard.registry import Field

_PLACE: Final = "GONGHENG_CACHE"
_MADE_OF: Final = ("automata", "languages", "labels", "parts", "regexes", "check_characters")


def folder() -> Path:
    """Return where compiled automata are kept."""
    told = os.environ.get(_PLACE) or os.environ.get("XDG_CACHE_HOME")
    return (Path(told) if told else Path.home() / ".cache") / "gongheng" / "automata"


def name_of(field: Field, *, is_foreign: bool = False) -> str:
    """Return the name of a field's language: fields of one name share an automaton."""
    is_ordered = languages.limit_of(field) == languages.NO_LIMIT
    kind = field.type if field.type in {"date", "datetime", "integer", "decimal"} else "text"
    length = field.length.text if is_ordered else ""
    check = "" if is_foreign else field.check
    return "|".join((kind, length, field.code_list, "several"[: 7 * field.is_multiple], check))


@cache
def automaton_of(field_of: tuple[str, str], *, is_foreign: bool = False) -> Automaton:
    """Return the automaton of a field, named by dataset and code."""
    dataset, code = field_of
    field = registry.dataset(dataset).field(code)
    return _by_name(name_of(field, is_foreign=is_foreign), field, is_foreign=is_foreign)


_known: dict[str, Automaton] = {}


def _by_name(name: str, field: Field, *, is_foreign: bool) -> Automaton:
    if name not in _known:
        path = folder() / f"{_fingerprint(field.code_list)}-{_digest(name)}.npz"
        found = _read(path)
        if found is None:
            found = automata.compiled(Language(field, is_foreign=is_foreign))
            _write(path, found)
        _known[name] = found
    return _known[name]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@cache
def _sources() -> bytes:
    here = Path(__file__).parent
    codes = here.parents[1] / "kernel" / "codes"
    beside = here.parent / "standard"
    paths = [
        *(here / f"{name}.py" for name in _MADE_OF),
        *sorted(codes.glob("*.py")),
        *(beside / name for name in ("checks.py", "times.py", "lengths.py", "tables/faults.csv")),
    ]
    return b"\0".join(path.read_bytes() for path in paths)


@cache
def _fingerprint(code_list: str) -> str:
    """Return a name for the program and the codes that an automaton is made of."""
    made_of = hashlib.sha256(_sources())
    for name in filter(None, (code_list, "DEAL_CATEGORY")):
        codes = registry.code_list(name)
        words = (*codes.labels, "\0", *codes.retired, "\0", str(codes.shape))
        made_of.update("\n".join(words).encode())
    return made_of.hexdigest()[:20]


def _read(path: Path) -> Automaton | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return Automaton(kept["classes"], kept["steps"], kept["labels"])
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _write(path: Path, made: Automaton) -> None:
    """Keep an automaton; where nothing can be kept it is made again next time."""
    try:
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, classes=made.classes, steps=made.steps, labels=made.labels)
    except OSError:
        return
