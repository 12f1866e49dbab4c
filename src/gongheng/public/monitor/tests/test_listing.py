"""Which notices must stand in the list, by what the leaves prove."""

from gongheng.public.monitor.listing import in_force
from gongheng.public.monitor.memory import Notice


def notice(identity: str, number: int, *, key: str = "", operation: str = "insert") -> Notice:
    return Notice(
        id=identity,
        dataset="DEAL_BEHAVIOR_INFO",
        key=key,
        number=number,
        operation=operation,
        title="挂牌出让公告",
        kind="土地出让公告",
        trade_type="land",
        region_code="530114",
        case_code="530100-2026-00000002",
        published_at=f"2026-10-{11 + number}T08:15:00+08:00",
        position=0,
    )


def listed(*notices: Notice) -> set[str]:
    return {each.id for each in in_force(notices)}


def test_of_each_key_the_newest_version_stands() -> None:
    changed = [notice("a", 1, key="1"), notice("b", 2, key="1"), notice("c", 1, key="2")]

    assert listed(*changed) == {"b", "c"}
    assert listed(*changed, notice("d", 3, key="1", operation="delete")) == {"c"}


def test_records_without_a_public_key_stand_beside_each_other() -> None:
    assert listed(notice("a", 1), notice("b", 1)) == {"a", "b"}


def test_without_a_public_key_the_next_number_takes_the_place_of_one() -> None:
    assert len(listed(notice("a", 1), notice("b", 1), notice("c", 2))) == 2
    assert "c" in listed(notice("a", 1), notice("b", 1), notice("c", 2))
    assert listed(notice("a", 1), notice("c", 2, operation="delete")) == set()
