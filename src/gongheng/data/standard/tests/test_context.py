from gongheng.data.standard import samples, validator


def rules(dataset: str, body: dict[str, str], **context: object) -> list[str]:
    case = samples.works_case()
    options = {"parents": case, **context}
    return [x.rule for x in validator.check_in_context(dataset, body, **options)]  # type: ignore[arg-type]


def test_a_row_waits_for_the_one_above_it() -> None:
    section = samples.valid("SECTION")

    assert rules("SECTION", section) == []
    assert rules("SECTION", section, parents={}) == ["std.parent_missing"]


def test_a_row_that_cannot_be_joined_waits_for_none() -> None:
    attachment = samples.valid("PROJECT_ATTACHMENTS")

    assert rules("PROJECT_ATTACHMENTS", attachment, parents={}) == []


def test_codes_and_keys_never_change() -> None:
    before = samples.valid("TENDER_PROJECT")
    renamed = {**before, "TENDER_PROJECT_NAME": "昆明市示例第二中学"}
    recoded = {**before, "TENDER_PROJECT_CODE": before["PROJECT_CODE"] + "002"}

    assert rules("TENDER_PROJECT", renamed, previous=before) == []
    assert rules("TENDER_PROJECT", recoded, previous=before) == ["std.immutable"]
    assert rules("TENDER_PROJECT", before, previous=None) == []


def test_a_key_is_new_for_an_insert_and_known_for_an_update() -> None:
    section = samples.valid("SECTION")

    assert rules("SECTION", section, operation="insert") == []
    assert rules("SECTION", section, operation="insert", previous=section) == ["std.key_exists"]
    assert rules("SECTION", section, operation="update", previous=section) == []
    assert rules("SECTION", section, operation="update") == ["std.key_unknown"]
    assert rules("SECTION", section, operation="delete") == ["std.key_unknown"]


def test_a_rule_is_not_asked_when_its_row_is_not_known() -> None:
    late = samples.valid("TENDER_LIST", CHECKIN_TIME="20261231235959")
    case = samples.works_case()
    without_notice = {k: v for k, v in case.items() if k != "TENDER_ANN_QUA_INQUERY_ANN"}

    assert rules("TENDER_LIST", late) == ["std.order.TL-IN-TIME"]
    assert rules("TENDER_LIST", late, parents=without_notice) == []


def test_a_wrong_value_above_is_unknown() -> None:
    case = samples.works_case()
    case["TENDER_ANN_QUA_INQUERY_ANN"]["BID_DOC_REFER_END_TIME"] = "tomorrow"
    late = samples.valid("TENDER_LIST", CHECKIN_TIME="20261231235959")

    assert rules("TENDER_LIST", late, parents=case) == []


def test_a_far_future_beyond_the_calendar_is_unknown() -> None:
    case = samples.works_case()
    far = samples.valid(
        "TENDER_ANN_QUA_INQUERY_ANN",
        DOC_GET_START_TIME="99991230000000",
        DOC_GET_END_TIME="99991231000000",
        BID_DOC_REFER_END_TIME="99991231235959",
        BID_OPEN_TIME="99991231235959",
    )

    found = validator.check("TENDER_ANN_QUA_INQUERY_ANN", far)
    found += validator.check_in_context("TENDER_ANN_QUA_INQUERY_ANN", far, parents=case)

    assert found == []
