"""Right records of every dataset, for tests, demonstrations and benchmarks.

Regions are real; firms, people and projects are invented. ``valid`` gives the least that is right;
the first works datasets are whole records of one invented school.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from gongheng.data.standard.registry import (
    Dataset,
    Field,
    Need,
    code_list,
    dataset as find_dataset,
    datasets,
)
from gongheng.data.standard.validator import Profile, check
from gongheng.kernel.codes import identity, transaction, uscc

PLATFORM = "12530000MB1X000010"
"""The invented operator of the trading platform."""

REGION = "530100"
PROJECT_CODE = "E5301000001000001"
TENDER_PROJECT_CODE = PROJECT_CODE + "001"
SECTION_CODE = TENDER_PROJECT_CODE + "001"
DOCUMENT_CODE = SECTION_CODE + "001"
GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def firm(number: int) -> str:
    """Return the credit code of an invented firm of Kunming."""
    body = f"91530100MA6K{number:05d}"
    return body + uscc.check_character(body)


def person(number: int) -> str:
    """Return an identity number that nobody bears: born in 1812, in Kunming's collective code."""
    body = f"53010118120101{number:03d}"
    return body + identity.check_character(body)


def deal_code(category: str = "A01", number: int = 1) -> str:
    """Return a transaction code issued by the invented platform."""
    day = date(2026, 10, 12)
    return str(transaction.issue(category=category, platform=PLATFORM, on=day, serial=number))


_CATEGORIES = {
    "works": "A01",
    "procurement": "D01",
    "land": "B01",
    "mining": "B02",
    "property": "C01",
    "other": "Z99",
}
_TENDERER, _AGENCY, _WINNER = firm(1), firm(2), firm(3)

_FIXED: Mapping[str, str] = {
    "PROJECT_CODE": PROJECT_CODE,
    "TENDER_PROJECT_CODE": TENDER_PROJECT_CODE,
    "BID_SECTION_CODE": SECTION_CODE,
    "BID_SECTION_CODES": SECTION_CODE,
    "SECTION_NO": TENDER_PROJECT_CODE,
    "DOC_NO": DOCUMENT_CODE,
    "DATA_KEY": "9530500202610120000001",
    "INVEST_PROJECT_CODE": "2026-530100-47-01-000001",
    "ORGAN_NO": "MB1X00001",
    "REPORT_MONTH": "202609",
    "URL": "https://ggzy.example.cn/notices/1",
}
"""Values by field, where any text would not do."""

_CHOICES: Mapping[str, str] = {
    "REGION": REGION,
    "CURRENCY": "156",
    "COUNTRY": "156",
    "PRICE_UNIT": "0",
    "PRICE_FORM": "1",
    "YES_NO": "0",
    "YES_NO_TF": "F",
    "INDUSTRY": "E47",
    "INDUSTRY_VERSION": "2",
    "SUBJECT_TYPE": "1",
    "ID_CARD_TYPE": "01",
    "SECTION_CLASSIFY": "A080300",
    "QUAL_SERIES": "A00001",
    "PROFESSIONAL_TITLE": "高级工程师",
    "EXPERT_MAJOR": "A080301",
    "NOTICE_NATURE": "1",
    "BULLETIN_TYPE": "1",
}
"""Codes by code list; other lists give their first."""

_CHECKED = {"uscc": PLATFORM, "subject": _TENDERER, "identity": person(1)}

_MOMENTS: Mapping[str, str] = {
    "CREATE_TIME": "20260901090000",
    "DOC_GET_START_TIME": "20261012090000",
    "DOC_GET_END_TIME": "20261019170000",
    "NOTICE_SEND_TIME": "20261012090000",
    "BID_DOC_REFER_END_TIME": "20261105090000",
    "BID_OPEN_TIME": "20261105090000",
    "BID_OPENING_TIME": "20261105090000",
    "CHECKIN_TIME": "20261104160000",
    "MARGIN_RECEIVE_TIME": "20261103100000",
    "DOC_SUBMIT_END_TIME": "20261026090000",
    "DOC_OPEN_TIME": "20261026090000",
    "POST_OPEN_TIME": "20261120090000",
    "POST_BID_CLOSING_TIME": "20261120090000",
    "PUBLICITY_START_TIME": "20261109090000",
    "PUBLICITY_END_TIME": "20261113180000",
    "WIN_NOTICE_SEND_TIME": "20261116100000",
    "CONTRACT_SIGN_TIME": "20261120100000",
    "BEGIN_TIME": "20261105090000",
    "START_DATE": "20261101",
    "NOTICE_START_TIME": "20261012090000",
    "TRADING_START_TIME": "20261105090000",
    "TRADING_BEGINTIME": "20261105090000",
    "CA_QUOTA_BEGINDATE": "20261101",
    "BEGIN_DATE": "20261201",
    "DT_RECIVE_DATE": "20260901",
    "ANNOUNCEMENT_START_TIME": "20261012",
    "LISTING_START_TIME": "20261105",
}
_ENDS = frozenset({"END", "FINISH", "COMPLETE", "DEADLINE", "CLOSING", "ENDDATE", "ENDTIME"})
_LATER = "20261130170000"
_USUAL = "20261012090000"


def _moment(field: Field) -> str:
    is_end = not _ENDS.isdisjoint(field.code.split("_"))
    stated = _MOMENTS.get(field.code) or (_LATER if is_end else _USUAL)
    return stated.ljust(14, "0")[: field.length.size]


def _code(field: Field, dataset: Dataset) -> str:
    category = _CATEGORIES.get(dataset.domain, "A01")
    if field.code_list == "DEAL_CATEGORY":
        return category
    if field.code_list == "DEAL_CATEGORY_LETTER":
        return category[0]
    code = _CHOICES.get(field.code_list) or code_list(field.code_list).codes[0]
    return code.zfill(field.length.size) if field.length.is_exact and code.isdigit() else code


def _number(field: Field) -> str:
    if field.length.scale:
        return "1." + "5".ljust(field.length.scale, "0")
    return "1".zfill(field.length.size) if field.length.is_exact else "1"


def _text(field: Field) -> str:
    size = field.length.size
    if field.length.is_exact:
        return GUID if size == len(GUID) else "1".zfill(size)
    text = f"示例{field.label}"
    return text[:size] if size else text


def _value(field: Field, dataset: Dataset) -> str:
    """Return a right value of ``field``."""
    fixed = _FIXED.get(field.code, "")
    size = field.length.size
    if fixed and (len(fixed) == size if field.length.is_exact else not size or len(fixed) <= size):
        return fixed
    if field.check == "deal_code":
        return deal_code(_CATEGORIES.get(dataset.domain, "A01"))
    if field.check in _CHECKED:
        return _CHECKED[field.check]
    if field.type in {"date", "datetime"}:
        return _moment(field)
    if field.code_list:
        return _code(field, dataset)
    return _number(field) if field.type in {"integer", "decimal"} else _text(field)


def _is_wanted(dataset: Dataset, field: Field) -> bool:
    if field.need is not Need.MANDATORY:
        return False
    return field.scope != "local" or dataset.scope == "local" or field.code in dataset.key


@cache
def _least(code: str) -> Mapping[str, str]:
    dataset = find_dataset(code)
    body = {
        field.code: _value(field, dataset) for field in dataset.fields if _is_wanted(dataset, field)
    }
    body.update(_WHOLE.get(code, {}))
    for finding in check(code, body):
        if finding.rule.startswith("std.conditional."):
            body[finding.field] = _value(dataset.field(finding.field), dataset)
    return body


def valid(dataset: str, **changes: str) -> dict[str, str]:
    """Return a right record of ``dataset`` with the least it must have, then ``changes``."""
    return {**_least(find_dataset(dataset).code), **changes}


def full(dataset: str, **changes: str) -> dict[str, str]:
    """Return a right record of ``dataset`` with every field given, then ``changes``."""
    found = find_dataset(dataset)
    every = {field.code: _value(field, found) for field in found.fields}
    return {**every, **_least(found.code), **changes}


def works_case() -> dict[str, dict[str, str]]:
    """Return the records of one works case by dataset, right by themselves and among each other."""
    return {
        found.code: valid(found.code)
        for found in datasets()
        if found.domain == "works" and found.scope == "national"
    }


def value_of(dataset: str, field: str) -> str:
    """Return a right value of a field."""
    found = find_dataset(dataset)
    return _value(found.field(field), found)


EVERY_PROVINCE = Profile(frozenset("*"))
"""The strictest profile: local mandatory fields of every dataset bind."""

_TAIL = {
    "PLATFORM_CODE": PLATFORM,
    "PUB_SERVICE_PLAT_CODE": PLATFORM,
    "DATA_TIMESTAMP": "20261012090500",
}
_SCHOOL = "昆明市示例第一中学教学楼建设工程"

_WHOLE: Mapping[str, Mapping[str, str]] = {
    "WIN_RESULT_ANNO": {
        "NOTICE_SEND_TIME": "20261116090000",
        "TENDER_AGENCY_NAME": "云南示例招标咨询有限公司",
        "TENDER_AGENCY_CODE": _AGENCY,
        "WIN_BIDDER_CODE": _WINNER,
        "WIN_BIDDER_NAME": "云南示例建设工程有限公司",
    },
    "TENDER_LIST": {"BIDDER_ORG_CODE": _WINNER, "BIDDER_NAME": "云南示例建设工程有限公司"},
    "TENDER_CANDIDATE": {
        "WIN_CANDIDATE_CODE": _WINNER,
        "WIN_CANDIDATE_NAME": "云南示例建设工程有限公司",
    },
    "LEGAL_PERSON_BASE": {"TAX_CERT_NO": _TENDERER, "TAX_CERT_END_DATE": "20361231"},
    "EVALUATION_REPORT": {"END_TIME": "20261106120000", "SUBMIT_TIME": "20261106150000"},
    "PROJECT": {
        "PROJECT_CODE": PROJECT_CODE,
        "PROJECT_NAME": _SCHOOL,
        "REGION_CODE": "530102",
        "RELATE_CODE": "1",
        "INVEST_PROJECT_CODE": "2026-530100-47-01-000001",
        "ADDRESS": "云南省昆明市五华区示例路1号",
        "LEGAL_PERSON": "昆明市示例第一中学",
        "CLASS_VER_CODE": "2",
        "INDUSTRIES_TYPE": "E47",
        "FUND_SOURCE": "市级财政资金",
        "CONTRIBUTION_SCALE": "财政资金100%",
        "PROJECT_SCALE": "新建教学楼一栋，建筑面积12000平方米",
        "CONTACTOR": "张示例",
        "CONTACT_INFORMATION": "0871-65550001",
        "APPROVAL_NAME": "关于教学楼建设工程可行性研究报告的批复",
        "APPROVAL_NUMBER": "昆发改示例〔2026〕1号",
        "APPROVAL_AUTHORITY": "昆明市发展和改革委员会",
        "CREATE_TIME": "20260901090000",
        **_TAIL,
    },
    "TENDER_PROJECT": {
        "PROJECT_CODE": PROJECT_CODE,
        "TENDER_PROJECT_CODE": TENDER_PROJECT_CODE,
        "IS_TO_LAW": "1",
        "TENDER_PROJECT_NAME": _SCHOOL + "施工招标",
        "TENDER_PROJECT_TYPE": "A01",
        "REGION_CODE": "530102",
        "TENDER_CONTENT": "教学楼土建、安装及室外工程的施工，具体以工程量清单为准。",
        "TENDERER_NAME": "昆明市示例第一中学",
        "TENDERER_CODE_TYPE": "1",
        "TENDERER_CODE": _TENDERER,
        "ISUNION": "0",
        "TENDERER_ROLE": "01",
        "TENDER_AGENCY_NAME": "云南示例招标咨询有限公司",
        "TENDER_AGENCY_CODE_TYPE": "1",
        "TENDER_AGENCY_CODE": _AGENCY,
        "TENDER_AGENCY_ROLE": "02",
        "TENDER_MODE": "1",
        "TENDER_ORGANIZE_FORM": "2",
        "CREATE_TIME": "20260910090000",
        "SUPERVISE_DEPT_NAME": "昆明市住房和城乡建设局",
        "APPROVE_DEPT_NAME": "昆明市发展和改革委员会",
        "REPORT_DUTY": "李示例",
        **_TAIL,
    },
    "SECTION": {
        "TENDER_PROJECT_CODE": TENDER_PROJECT_CODE,
        "BID_SECTION_CODE": SECTION_CODE,
        "BID_SECTION_NAME": _SCHOOL + "施工一标段",
        "BID_ECTION_NUM": "1",
        "UNIFIED_DEAL_CODE": deal_code(),
        "BID_TENDER_MODE": "1",
        "REGION_CODE": "530102",
        "TRA_PLACE_CODE": REGION,
        "BID_SECTION_CONTENT": "教学楼土建、安装及室外工程",
        "TENDER_PROJECT_CLASSIFY_CODE": "A080300",
        "CONTRACT_RECKON_PRICE": "46800000.00",
        "CURRENCY_CODE": "156",
        "PRICE_UNIT": "0",
        "BID_QUALIFICATION": "具备建筑工程施工总承包二级及以上资质",
        "BEGIN_DATE": "20261201",
        "LIMITE_TIME": "365",
        "CREATE_TIME": "20260911090000",
        **_TAIL,
    },
    "TENDER_ANN_QUA_INQUERY_ANN": {
        "TENDER_PROJECT_CODE": TENDER_PROJECT_CODE,
        "NOTICE_BID_NUM": "1",
        "BID_SECTION_CODES": SECTION_CODE,
        "TRAD_CENTER_NAME": "昆明市公共资源交易中心（演示）",
        "UNIFIED_DEAL_CODES": deal_code(),
        "TENDER_SELF_CODE": "KMSL-2026-001",
        "NOTICE_NAME": _SCHOOL + "施工招标公告",
        "NOTICE_CONTENT": "本项目已由昆明市发展和改革委员会批准建设，现对施工进行公开招标。",
        "NOTICE_SEND_TIME": "20261012090000",
        "NOTICE_MEDIA": "昆明市公共资源交易平台（演示）;云南省公共资源交易平台（演示）",
        "URL": "https://ggzy.example.cn/notices/1",
        "NOTICE_NATURE": "1",
        "BULLETIN_TYPE": "1",
        "DOC_GET_START_TIME": "20261012090000",
        "DOC_GET_END_TIME": "20261019170000",
        "TENDER_DOC_GET_METHOD": "登录交易平台免费下载",
        "BID_DOC_REFER_END_TIME": "20261105090000",
        "BID_OPEN_TIME": "20261105090000",
        "BID_OPEN_METHOD": "网上开标",
        "BID_DOC_REFER_METHOD": "在交易平台递交加密的电子投标文件",
        "SYNDICATED_FLAG": "0",
        "TENDERER_CODE": _TENDERER,
        "TENDERER_NAME": "昆明市示例第一中学",
        "TENDERER_ADDRESS": "昆明市五华区示例路1号",
        "TENDERER_CONTACTOR": "张示例",
        "TENDERER_PHONE_NUMBER": "0871-65550001",
        "TENDERER_EMAIL": "zhang@school.example.cn",
        "TENDER_AGENCY_CODE": _AGENCY,
        "TENDER_AGENCY_NAME": "云南示例招标咨询有限公司",
        "TENDER_AGENCY_ADDRESS": "昆明市盘龙区示例街2号",
        "TENDER_AGENCY_CONTACTOR": "王示例",
        "TENDER_AGENCY_PHONE_NUMBER": "13800000000",
        "TENDER_AGENCY_EMAIL": "wang@agency.example.cn",
        "BULLETIN_DUTY": "李示例",
        "BULLETIN_DUTY_CODE_TYPE": "赵示例",
        **_TAIL,
    },
}
