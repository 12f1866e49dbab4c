"""What a tampering is, and the list of their kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection

from tests.tampering.house import House


@dataclass(frozen=True)
class Deed:
    """What the monitor must name, and what export and verification must; nothing: not theirs."""

    public: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()


def both(*rows: str) -> Deed:
    return Deed(public=rows, operator=rows)


def operator(*rows: str) -> Deed:
    return Deed(operator=rows)


def public(*rows: str) -> Deed:
    return Deed(public=rows)


Tamper = Callable[[House, Random], Deed]
KINDS: dict[str, Tamper] = {}


def kind(tamper: Tamper) -> Tamper:
    KINDS[tamper.__name__] = tamper
    return tamper


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def one(rows: Any, random: Random) -> Any:
    return random.choice(sorted(rows, key=lambda row: str(row.pk)))


def two(rows: Any, random: Random) -> tuple[Any, Any]:
    first, second = random.sample(sorted(rows, key=lambda row: str(row.pk)), 2)
    return first, second
