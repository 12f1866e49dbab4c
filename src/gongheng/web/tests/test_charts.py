from hypothesis import given, strategies as st

from gongheng.web.charts import Column, stacked


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=40))
def test_every_column_stays_within_the_picture(values: list[tuple[int, int]]) -> None:
    columns = [Column(str(number), pair) for number, pair in enumerate(values)]

    chart = stacked("量", series=("甲", "乙"), columns=columns)

    for block in chart.blocks:
        assert block.x >= 0
        assert block.x + block.width <= chart.width
        assert block.y - 14 >= -0.2
        assert block.y + block.height <= chart.base + 0.2


def test_a_chart_without_rows_is_empty_and_draws() -> None:
    chart = stacked("量", series=("甲",), columns=[])

    assert chart.is_empty
    assert chart.ticks[-1].label == "4"


def test_the_last_column_is_always_named() -> None:
    chart = stacked("量", series=("甲",), columns=[Column(str(n), (n,)) for n in range(31)])

    assert chart.captions[-1].label == "30"
