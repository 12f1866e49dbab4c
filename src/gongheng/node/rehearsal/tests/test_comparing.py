"""What differs in one of three databases is found and named."""

import json
from collections.abc import Callable, Iterator, Sequence
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


LOT = f"{CASE}001"
BOOKED = {
    "room": "第一开标室",
    "purpose": "opening",
    "starts_at": "2026-12-14T08:30:00+08:00",
    "ends_at": "2026-12-14T10:30:00+08:00",
}
SEEN = {
    "room": "第一开标室",
    "kind": "incident",
    "happened_at": "2026-12-14 09:00",
    "person_name": "",
    "words": "大屏短时无信号。",
}


@pytest.fixture
def attended(stores: list[Store]) -> list[Store]:
    """The two schemas with a booked room, its act, and a witness's record of three entries."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TABLE city.records_act AS
                SELECT case_code, kind, facts FROM public.records_act LIMIT 0;
            CREATE TABLE city.venues_room AS SELECT id, name FROM public.venues_room LIMIT 0;
            CREATE TABLE city.venues_booking AS
                SELECT room_id, purpose, case_code, starts_at, ends_at, released_at
                FROM public.venues_booking LIMIT 0;
            CREATE TABLE city.cases_case AS SELECT id, code FROM public.cases_case LIMIT 0;
            CREATE TABLE city.witness_record AS
                SELECT id, case_id, place FROM public.witness_record LIMIT 0;
            CREATE TABLE city.witness_entry AS
                SELECT record_id, kind, happened_at, person_name, person_role, words, file_digest
                FROM public.witness_entry LIMIT 0;
        """)
        one = "00000000-0000-0000-0000-000000000001"
        at, until = BOOKED["starts_at"], BOOKED["ends_at"]
        rows = (
            ("records_act", LOT, "venue.booked", json.dumps(BOOKED)),
            ("records_act", LOT, "venue.released", json.dumps(BOOKED)),
            ("venues_room", one, "第一开标室"),
            ("venues_booking", one, "opening", LOT, at, until, None),
            ("venues_booking", one, "opening", LOT, at, until, at),
            ("cases_case", one, LOT),
            ("witness_record", one, one, "第一开标室（示例路99号三楼）"),
            ("witness_entry", one, "witness", at, "", "", "见证人员到场", ""),
            ("witness_entry", one, "incident", "2026-12-14T09:00+08:00", "", "", SEEN["words"], ""),
        )
        for table, *values in rows:
            places = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO city.{table} VALUES ({places})", values)  # noqa: S608  ours
    return stores


@pytest.mark.parametrize(
    ("look", "said", "doctored"),
    [
        (Comparison.rooms, BOOKED, {"ends_at": "2026-12-14T11:30:00+08:00"}),
        (Comparison.rooms, BOOKED, {"room": "第二开标室"}),
        (Comparison.seen, SEEN, {"happened_at": "2026-12-14 09:01"}),
        (Comparison.seen, SEEN, {"words": "没有异常。"}),
        (
            lambda one, lot, rows: one.acts(lot, "venue.booked", rows),
            BOOKED,
            {"purpose": "auction"},
        ),
    ],
)
def test_what_the_centre_holds_otherwise_is_named(
    attended: list[Store],
    look: Callable[[Comparison, str, list[dict[str, str]]], None],
    said: dict[str, str],
    doctored: dict[str, str],
) -> None:
    comparison = Comparison(attended)

    look(comparison, LOT, [said])
    assert comparison.differences == []
    for wrong in ([said | doctored], [said, said], []):
        look(comparison, LOT, wrong)
    assert len(comparison.differences) == 3


def test_a_walk_that_stops_or_differs_is_told_and_ends_with_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Halted:
        case, told, cast = "", list[object](), dict[str, object]()
        refusals, rooms, seen = list[str](), list[object](), list[object]()

        def run(self) -> None:
            raise Stopped("页面没有按钮")

    assert once.main(Halted()) == 1  # type: ignore[arg-type]  a walk that ends at once
    told = capsys.readouterr()
    assert '"differences": ["页面没有按钮"]' in told.out
    assert "- 页面没有按钮" in told.err
