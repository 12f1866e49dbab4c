"""What differs in one of three databases is found and named."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db import connection

from gongheng.node.rehearsal import once
from gongheng.node.rehearsal.comparing import Comparison, Store
from gongheng.node.rehearsal.visitor import Stopped
from gongheng.node.secret_files import DATABASE_URL_FILE

CASE = "E5301000001000001001"
ROWS = [
    {"BIDDER_ORG_CODE": "91530100MA6K00031X", "BID_PRICE": "12345678.90"},
    {"BIDDER_ORG_CODE": "91530100MA6K00032X", "BID_PRICE": "12600000.00"},
]
SWAPPED = [
    {**ROWS[0], "BID_PRICE": ROWS[1]["BID_PRICE"]},
    {**ROWS[1], "BID_PRICE": ROWS[0]["BID_PRICE"]},
]


@pytest.fixture
def stores(transactional_db: None, tmp_path: Path) -> Iterator[list[Store]]:  # noqa: ARG001  a database
    """Two schemas of a real database, each with a table of records, as two nodes' databases."""
    settings = connection.settings_dict
    place = f"{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    made = []
    with connection.cursor() as cursor:
        for tier in ("city", "province"):
            cursor.execute(f"CREATE SCHEMA {tier}")
            cursor.execute(
                f"CREATE TABLE {tier}.records_version AS"  # noqa: S608  a name of ours
                " SELECT dataset, key, number, body FROM public.records_version LIMIT 0"
            )
            folder = tmp_path / tier
            folder.mkdir()
            url = f"postgresql://{place}?password={settings['PASSWORD']}&options=-csearch_path%3D{tier}"
            (folder / DATABASE_URL_FILE).write_text(url)
            made.append(Store(tier, folder))
        yield made
        cursor.execute("DROP SCHEMA city, province CASCADE")


def enter(tier: str, rows: Sequence[dict[str, str]]) -> None:
    """Enter records as they are, each in an older version too that says something else."""
    with connection.cursor() as cursor:
        for number, row in enumerate(rows):
            for version, price in ((1, "1.00"), (2, row["BID_PRICE"])):
                body = json.dumps({**row, "BID_PRICE": price, "TENDER_PROJECT_CODE": CASE})
                cursor.execute(
                    f"INSERT INTO {tier}.records_version VALUES ('TENDER_LIST', %s, %s, %s)",  # noqa: S608  a name of ours
                    [str(number), version, body],
                )


def differences(stores: list[Store], province: Sequence[dict[str, str]]) -> list[str]:
    enter("city", list(reversed(ROWS)))
    enter("province", province)
    comparison = Comparison(stores)
    comparison.bodies(CASE, "TENDER_LIST", ROWS)
    assert comparison.checked == len(stores)
    return comparison.differences


def test_the_same_rows_in_any_order_do_not_differ(stores: list[Store]) -> None:
    assert differences(stores, [{**row, "BIDDER_NAME": "不看"} for row in ROWS]) == []


@pytest.mark.parametrize("doctored", [SWAPPED, ROWS[:1], [*ROWS, ROWS[0]], []])
def test_doctored_rows_are_named(stores: list[Store], doctored: Sequence[dict[str, str]]) -> None:
    (said,) = differences(stores, doctored)

    assert said.startswith("TENDER_LIST 的内容（province）：应为 ")


def test_a_walk_that_stops_or_differs_is_told_and_ends_with_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Halted:
        case, told, cast = "", list[object](), dict[str, object]()
        refusals = list[str]()

        def run(self) -> None:
            raise Stopped("页面没有按钮")

    assert once.main(Halted()) == 1  # type: ignore[arg-type]  a walk that ends at once
    told = capsys.readouterr()
    assert '"differences": ["页面没有按钮"]' in told.out
    assert "- 页面没有按钮" in told.err
