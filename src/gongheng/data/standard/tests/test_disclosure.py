import pytest

from gongheng.data.standard import disclosure, keys, registry, samples, validator
from gongheng.data.standard.registry import FieldAudience

NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
PERSON = samples.person(7)


@pytest.mark.parametrize("dataset", registry.datasets(), ids=lambda dataset: dataset.code)
def test_only_public_fields_are_published(dataset: registry.Dataset) -> None:
    published = disclosure.public_body(dataset.code, samples.full(dataset.code))

    audiences = {dataset.field(code).audience for code in published}
    assert audiences <= {FieldAudience.PUBLIC}


@pytest.mark.parametrize("dataset", registry.datasets(), ids=lambda dataset: dataset.code)
def test_secret_fields_never_leave_the_node(dataset: registry.Dataset) -> None:
    body = samples.full(dataset.code)
    exported = disclosure.exportable_body(dataset.code, body)

    kept_back = {code for code in body if code not in exported}
    assert kept_back == {f.code for f in dataset.fields if f.audience is FieldAudience.SECRET}
    assert validator.check(dataset.code, exported, profile=samples.EVERY_PROVINCE) == []


@pytest.mark.parametrize("dataset", registry.datasets(), ids=lambda dataset: dataset.code)
def test_no_identity_number_is_ever_published(dataset: registry.Dataset) -> None:
    """A person's number in any field, also where a subject's code or prose is expected."""
    for field in dataset.fields:
        if field.type not in {"string", "text"}:
            continue
        body = samples.valid(dataset.code, **{field.code: PERSON})
        assert PERSON not in "".join(disclosure.public_body(dataset.code, body).values())


def test_names_marked_public_in_the_source_stay_hidden_where_they_name_a_person() -> None:
    field = registry.dataset("TENDER_LIST").field("PM_CODE")

    assert field.disclosure == "public"
    assert field.audience is FieldAudience.PERSONAL


def test_what_the_source_says_nothing_about_is_for_the_government() -> None:
    for dataset in registry.datasets():
        for field in dataset.fields:
            if not field.disclosure:
                assert field.audience is not FieldAudience.PUBLIC


def test_an_official_contact_is_published_without_its_mobile_number() -> None:
    body = samples.valid(
        NOTICE,
        TENDERER_PHONE_NUMBER="0871-65550001",
        TENDER_AGENCY_PHONE_NUMBER="13800001234",
        TENDERER_EMAIL="zhaobiao@school.example.cn",
        NOTICE_CONTENT="邮箱：zhaobiao@school.example.cn，技术咨询：zhang.san@school.example.cn",
    )

    published = disclosure.public_body(NOTICE, body)

    assert published["TENDERER_CONTACTOR"] == "张示例"
    assert published["TENDERER_PHONE_NUMBER"] == "0871-65550001"
    assert published["TENDER_AGENCY_PHONE_NUMBER"] == "138****1234"
    assert published["TENDERER_EMAIL"] == "zhaobiao@school.example.cn"
    assert published["NOTICE_CONTENT"] == (
        "邮箱：zhaobiao@school.example.cn，技术咨询：z***@school.example.cn"
    )


def test_prose_is_published_without_the_numbers_of_persons() -> None:
    prose = (
        f"联系人王示例，电话13800001234，身份证{PERSON}，预算138,000,000元，保证金账号1234567890123"
    )
    body = samples.valid(NOTICE, NOTICE_CONTENT=prose)

    published = disclosure.public_body(NOTICE, body)["NOTICE_CONTENT"]

    assert "13800001234" not in published
    assert PERSON not in published
    assert "138,000,000元" in published
    assert "1234567890123" in published


def test_a_mobile_number_beside_a_name_is_covered_but_not_in_a_number_of_a_project() -> None:
    body = samples.valid(
        NOTICE,
        TENDERER_CONTACTOR="张示例 13800001234",
        TENDER_SELF_CODE="13800001234",
        URL="https://ggzy.example.cn/notices/13800001234",
    )

    published = disclosure.public_body(NOTICE, body)

    assert published["TENDERER_CONTACTOR"] == "张示例 138****1234"
    assert published["TENDER_SELF_CODE"] == "13800001234"
    assert published["URL"] == body["URL"]


def test_codes_of_the_trade_are_published_as_they_are() -> None:
    body = samples.valid("SECTION")

    published = disclosure.public_body("SECTION", body)

    assert published["BID_SECTION_CODE"] == body["BID_SECTION_CODE"]
    assert published["CONTRACT_RECKON_PRICE"] == body["CONTRACT_RECKON_PRICE"]
    assert "UNIFIED_DEAL_CODE" not in published


def test_columns_that_the_standard_does_not_know_are_left_out() -> None:
    body = samples.valid(NOTICE) | {"SECRET_NOTE": "x"}

    assert "SECRET_NOTE" not in disclosure.public_body(NOTICE, body)
    assert "SECRET_NOTE" not in disclosure.exportable_body(NOTICE, body)


def test_a_finding_hides_the_number_of_a_person() -> None:
    wrong = PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1")
    (identity,) = validator.check(
        "INDIVIDUAL_BASE", samples.valid("INDIVIDUAL_BASE", ID_CARD=wrong)
    )
    (phone,) = validator.check(
        NOTICE, samples.valid(NOTICE, TENDERER_PHONE_NUMBER="1380000123" * 3)
    )
    (subject,) = validator.check(NOTICE, samples.valid(NOTICE, TENDERER_CODE=wrong))

    assert (identity.rule, identity.value) == ("std.identity_number", "5" + "*" * 17)
    assert "1380000123" not in phone.value
    assert wrong not in subject.value


def test_a_key_is_shown_without_the_person_in_it() -> None:
    body = samples.valid("BID_EVALUATION_EXPERT")

    assert body["ID_CARD"] in keys.key_of("BID_EVALUATION_EXPERT", body)
    assert body["ID_CARD"] not in disclosure.shown_key("BID_EVALUATION_EXPERT", body)


def test_a_mobile_number_written_where_an_address_belongs_is_covered() -> None:
    body = samples.valid(NOTICE, TENDERER_EMAIL="13800001234@example.cn")

    assert "13800001234" not in disclosure.public_body(NOTICE, body)["TENDERER_EMAIL"]


@pytest.mark.parametrize(
    ("dataset", "told", "kept"),
    [
        (
            "TENDER_CANDIDATE",
            {"BID_PRICE", "PRICE_CURRENCY", "PRICE_UINT", "QUALITY", "EVALUATION_STATUS"},
            {"EVALUATION_RESULT"},
        ),
        (
            "CONTRACT_PERFORMANCE",
            {"TENDERER_NAME", "BIDDER_NAME", "CONTRACT_CONTENT", "CONTRACT_PRICE", "LIMITE_TIME"},
            {"QUALITY_REQUIRE", "CONTRACT_SIGN_TIME"},
        ),
        ("PERFORMANCE", {"SETTLE_PRICE", "CONTRACT_CHANGE_CONTENT"}, {"TENDERER_CODE"}),
    ],
)
def test_what_the_law_publishes_is_public_and_nothing_beside_it(
    dataset: str, told: set[str], kept: set[str]
) -> None:
    """B-06, B-09, B-10; scores stay with those whom A-05 lets know them."""
    fields = [*told, *kept]

    public = disclosure.public_body(dataset, dict.fromkeys(fields, "1"))

    assert set(public) == told
