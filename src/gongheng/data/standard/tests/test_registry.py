import pytest
from stdnum.cn import uscc as foreign_uscc

from gongheng.data.standard import registry, samples
from gongheng.data.standard.lengths import Length, length_of
from gongheng.kernel.reasons import Refusal


def test_the_tables_are_whole() -> None:
    datasets = registry.datasets()

    assert len(datasets) == 151
    assert sum(len(dataset.fields) for dataset in datasets) == 2792
    assert len({dataset.code for dataset in datasets}) == 151
    for dataset in datasets:
        assert len(dataset.by_code) == len(dataset.fields)
        assert len({field.name for field in dataset.fields}) == len(dataset.fields)
        assert dataset.name


def test_tables_point_only_at_what_exists() -> None:
    for dataset in registry.datasets():
        for code in (*dataset.key, *dataset.parent_key):
            dataset.field(code)
        if dataset.parent:
            registry.dataset(dataset.parent)
        for field in dataset.fields:
            if field.code_list:
                assert registry.code_list(field.code_list).codes or field.code_list in {
                    "PROFESSIONAL_TITLE",
                    "QUAL_SERIES",
                    "EXPERT_MAJOR",
                }


def test_a_dataset_is_found_by_its_code() -> None:
    section = registry.dataset("SECTION")

    assert section.name == "标段(包)"
    assert section.key == ("BID_SECTION_CODE",)
    assert section.parent == "TENDER_PROJECT"
    assert section.field("REGION_CODE").label == "标段（包）所在行政区域代码"


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal) as no_dataset:
        registry.dataset("section")
    with pytest.raises(Refusal) as no_list:
        registry.code_list("NONE")

    assert no_dataset.value.reason is registry.UNKNOWN_DATASET
    assert no_list.value.reason is registry.UNKNOWN_CODE_LIST
    with pytest.raises(KeyError):
        registry.dataset("SECTION").field("NONE")


def test_code_lists_have_labels() -> None:
    assert registry.code_list("TENDER_MODE").label("1") == "公开招标"
    assert registry.code_list("TENDER_MODE").label("7") == "7"
    assert registry.code_list("REGION").label("530102") == "五华区"
    assert registry.code_list("REGION").label("530122") == "晋宁县"
    assert "530122" not in registry.code_list("REGION").codes
    assert registry.code_list("CURRENCY").is_open
    assert not registry.code_list("YES_NO").is_open


def test_lengths_are_read_as_the_standard_writes_them() -> None:
    assert length_of("C18") == Length("C18", 18, is_exact=True)
    assert length_of("C..200") == Length("C..200", 200, is_exact=False)
    assert length_of("C..ul") == Length("C..ul", 0, is_exact=False)
    assert length_of("N..20,6") == Length("N..20,6", 20, is_exact=False, scale=6)
    assert length_of("N3") == Length("N3", 3, is_exact=True)
    assert length_of("yyyyMMdd") == Length("yyyyMMdd", 8, is_exact=True)
    with pytest.raises(ValueError, match="not a length"):
        length_of("X9")


def test_invented_firms_have_codes_that_a_foreign_judge_accepts() -> None:
    assert all(foreign_uscc.is_valid(samples.firm(number)) for number in range(1, 200))
