from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from gongheng.data.standard import history, keys, registry, samples, summary
from gongheng.kernel.clock import BEIJING

NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
NOTICES = [dataset for dataset in registry.datasets() if dataset.notice.is_notice]


def test_a_key_joins_its_parts() -> None:
    body = samples.valid(NOTICE, NOTICE_NAME="甲/乙%公告")

    key = keys.key_of(NOTICE, body)

    assert key == f"{samples.TENDER_PROJECT_CODE}/甲%2F乙%25公告/20261012090000"


parts = st.text(alphabet="a/%2F5", min_size=1, max_size=6)


@given(parts, parts, parts, parts)
def test_different_parts_give_different_keys(a: str, b: str, c: str, d: str) -> None:
    first = samples.valid("PURCHASE_PROJECT", PURCHASE_PROJECT_CODE=a, PURCHASE_SECTION_CODE=b)
    second = samples.valid("PURCHASE_PROJECT", PURCHASE_PROJECT_CODE=c, PURCHASE_SECTION_CODE=d)

    same = keys.key_of("PURCHASE_PROJECT", first) == keys.key_of("PURCHASE_PROJECT", second)

    assert same is ((a, b) == (c, d))


def test_an_optional_part_may_be_blank() -> None:
    one_lot = samples.valid("LISTING_PUB_INFO", BID_CODE="\u3000")

    assert keys.key_of("LISTING_PUB_INFO", one_lot) == one_lot["PROJECT_CODE"] + "/"


@pytest.mark.parametrize("dataset", registry.datasets(), ids=lambda dataset: dataset.code)
def test_a_row_finds_the_row_above_it(dataset: registry.Dataset) -> None:
    found = keys.parent_keys_of(dataset.code, samples.valid(dataset.code))

    assert bool(found) is bool(dataset.parent and dataset.parent_key)
    if found:
        assert len(dataset.parent_key) == len(registry.dataset(dataset.parent).key)
        assert keys.parent_key_of(dataset.code, samples.valid(dataset.code)) == found[0]


def test_a_works_case_hangs_together() -> None:
    case = samples.works_case()

    for code, body in case.items():
        parent = registry.dataset(code).parent
        if parent:
            assert keys.parent_keys_of(code, body) == (keys.key_of(parent, case[parent]),)


def test_a_notice_of_several_packages_has_several_rows_above_it() -> None:
    notice = samples.valid(
        "PURCHASE_QUALI_INQUERY_ANN", PURCHASE_PROJECT_CODE="P1", PURCHASE_SECTION_CODE="01;02"
    )

    assert keys.parent_keys_of("PURCHASE_QUALI_INQUERY_ANN", notice) == ("P1/01", "P1/02")


@pytest.mark.parametrize("dataset", NOTICES, ids=lambda dataset: dataset.code)
def test_every_notice_has_the_words_of_a_list(dataset: registry.Dataset) -> None:
    found = summary.describe(dataset.code, samples.valid(dataset.code))

    assert found.title
    assert found.kind
    assert len(found.kind) <= 40
    # A notice of the time before stands in one table whatever was traded.
    assert found.trade_type == dataset.domain or dataset.code == history.DATASET
    assert found.region_code.startswith("53")
    assert found.case_code
    assert found.published_at is not None
    assert found.published_at.tzinfo is BEIJING
    has_code = any(field.check == "deal_code" for field in dataset.fields)
    assert bool(found.transaction_code) is has_code


def test_the_words_of_a_tender_notice() -> None:
    found = summary.describe(NOTICE, samples.valid(NOTICE))

    assert found == summary.Summary(
        title="昆明市示例第一中学教学楼建设工程施工招标公告",
        kind="招标公告",
        trade_type="works",
        transaction_code=samples.deal_code(),
        region_code="530100",
        published_at=datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING),
        case_code=samples.TENDER_PROJECT_CODE,
        is_notice=True,
    )


def test_the_kind_follows_the_codes_of_the_record() -> None:
    kinds = [
        summary.describe(NOTICE, samples.valid(NOTICE, **changes)).kind
        for changes in ({}, {"NOTICE_NATURE": "2"}, {"BULLETIN_TYPE": "2"}, {"BULLETIN_TYPE": "?"})
    ]

    assert kinds == ["招标公告", "变更公告", "资格预审公告", "招标公告"]


def test_a_row_without_time_of_publication_has_that_of_its_stamp() -> None:
    wrong = samples.valid(NOTICE, NOTICE_SEND_TIME="soon")
    without_any = {**wrong, "DATA_TIMESTAMP": ""}

    stamped = summary.describe(NOTICE, wrong).published_at

    assert stamped == datetime(2026, 10, 12, 9, 5, tzinfo=BEIJING)
    assert summary.describe(NOTICE, without_any).published_at is None


def test_the_records_of_a_case_share_its_code() -> None:
    case = samples.works_case()
    codes = {summary.describe(code, body).case_code for code, body in case.items()}

    assert codes == {samples.PROJECT_CODE, samples.TENDER_PROJECT_CODE}


def test_a_region_that_does_not_exist_is_left_out() -> None:
    nowhere = {"REGION_CODE": "999999", "TRA_PLACE_CODE": "999999", "TENDER_PROJECT_CODE": "?"}
    body = samples.valid("SECTION", **nowhere, UNIFIED_DEAL_CODE="", PLATFORM_CODE="")

    assert summary.describe("SECTION", body).region_code == ""
