"""Which dataset of the standard a notice belongs to, and what of it fills which column.

Only what the source plainly says is filled in: a column that would have to be guessed stays blank
and is counted as missing.
"""

import json
import re
from collections.abc import Callable, Mapping

from gongheng.data.imports import rules
from gongheng.data.imports.reading import Notice
from gongheng.data.imports.rules import AmountKind
from gongheng.data.standard import history
from gongheng.data.standard.times import wire_time

_WORKS = {
    "tender_notice": "TENDER_ANN_QUA_INQUERY_ANN",
    "correction": "TENDER_ANN_QUA_INQUERY_ANN",
    "clarification": "TENDER_FILE_CLARI_MODI",
    "opening_record": "BID_OPENING_RECORD",
    "candidate_publicity": "TENDER_CANDIDATE_ANNOUNCE",
    "award": "WIN_RESULT_ANNO",
    "contract": "CONTRACT_PERFORMANCE",
}
_PROCUREMENT = {
    "tender_notice": "PURCHASE_QUALI_INQUERY_ANN",
    "correction": "CORRECTION_ITEM",
    "award": "BID_DEAL_ANNOUNCE",
    "contract": "PURCHASE_CONTRACT",
}
_OTHER = {"listing_notice": "OTHER_TRADE_PUB_INFO", "deal_result": "OTHER_TRADE_RESULT_INFO"}
_DATASETS: Mapping[tuple[str, str], str] = {
    **{("engineering", kind): code for kind, code in _WORKS.items()},
    **{("gov_procurement", kind): code for kind, code in _PROCUREMENT.items()},
    **{("other", kind): code for kind, code in _OTHER.items()},
    ("land", "land_deal"): "DEAL_LAND_INFO",
}
_YUAN, _CNY = "0", "156"
_TEN_THOUSAND = "1"
_PROJECT_CODE = re.compile(r"[0-9A-Z]{20}")


def dataset_of(notice: Notice) -> str:
    """Return the dataset of the standard for a notice, ``HISTORY_NOTICE`` when there is none."""
    if (notice.trade, notice.kind) == ("mining", "mining_listing"):
        if "探矿权" in notice.title:
            return "EXPLOR_BID_AUCTION_TRANS_ANN"
        return "MINING_BID_AUCTION_TRANS_ANN" if "采矿权" in notice.title else history.DATASET
    return _DATASETS.get((notice.trade, notice.kind), history.DATASET)


def body_of(notice: Notice, dataset: str) -> dict[str, str]:
    """Return the record of a notice: the columns of its dataset and those of the history."""
    own = _history_columns(notice, dataset)
    filled = {} if dataset == history.DATASET else _FILLERS[dataset](notice)
    filled[history.content_column(dataset)] = notice.content
    return {column: value for column, value in (filled | own).items() if value}


def _history_columns(notice: Notice, dataset: str) -> dict[str, str]:
    amount = notice.amount
    return {
        history.SOURCE: notice.source,
        history.SOURCE_ID: notice.id,
        history.KIND: notice.kind,
        "HISTORY_KIND_RAW": notice.kind_raw,
        "HISTORY_TRADE": notice.trade,
        "HISTORY_REASON": history.NO_DATASET if dataset == history.DATASET else "",
        history.TITLE: notice.title,
        history.PUBLISHED_AT: wire_time(notice.published_at) if notice.published_at else "",
        "HISTORY_PUBLISHED_RAW": notice.published_raw,
        history.REGION: notice.region.code,
        "HISTORY_REGION_NAME": notice.region_name,
        history.PROJECT_CODE: notice.project_code,
        "HISTORY_INVESTMENT_CODE": notice.investment_code,
        "HISTORY_BUYER": notice.buyer,
        "HISTORY_AGENCY": notice.agency,
        "HISTORY_WINNER": notice.winner,
        history.CANDIDATES: _json([one.as_json() for one in notice.candidates]),
        "HISTORY_AMOUNT_KIND": amount.kind.value,
        "HISTORY_AMOUNT": "" if amount.value is None else f"{amount.value:f}",
        "HISTORY_AMOUNT_UNIT": amount.unit,
        "HISTORY_AMOUNT_RAW": amount.raw,
        history.FACTS: _json([[label, value] for label, value in notice.facts.items()]),
        "HISTORY_URL": notice.url,
        "HISTORY_QUALITY": notice.quality,
        "HISTORY_NOTE": "".join(filter(None, [*notice.notes, notice.region.note])),
    }


def _json(value: list[object] | list[dict[str, object]] | list[list[str]]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _published(notice: Notice) -> str:
    return wire_time(notice.published_at) if notice.published_at else ""


def _moment(text: str) -> str:
    """Return a moment that the source gives in its own words as on the wire."""
    found = rules.moment_of(text)
    return wire_time(found) if found else ""


def _end(text: str) -> str:
    """Return the end of a period: who writes minutes means the end of the day by 23:59."""
    found = _moment(text)
    return f"{found[:-2]}59" if found.endswith("235900") else found


def _works_code(notice: Notice) -> str:
    return notice.project_code if _PROJECT_CODE.fullmatch(notice.project_code) else ""


def _fact(notice: Notice, *labels: str) -> str:
    return next((notice.facts[label] for label in labels if notice.facts.get(label)), "")


def _price(
    notice: Notice,
    sum_in: str,
    *,
    form: str = "PRICE_FORM_CODE",
    currency: str = "CURRENCY_CODE",
    other: str = "",
) -> dict[str, str]:
    """Return the columns of a price: a sum in its unit, anything else as it was printed.

    ``form`` and ``other`` are empty where the dataset has no such column.
    """
    amount = notice.amount
    if amount.kind is AmountKind.NONE:
        return {}
    yuan = amount.yuan
    if yuan is not None and amount.value is not None:
        is_large = amount.unit == "万元"
        columns = {
            form: "1",
            sum_in: f"{amount.value if is_large else yuan:f}",
            "PRICE_UNIT": _TEN_THOUSAND if is_large else _YUAN,
            currency: _CNY,
        }
    elif amount.kind is AmountKind.SUM:
        return {}
    else:
        is_rate = amount.kind in {AmountKind.RATE, AmountKind.DISCOUNT}
        columns = {form: "2" if is_rate else "9", other: amount.raw}
    return {column: value for column, value in columns.items() if column}


def _tender_notice(notice: Notice) -> dict[str, str]:
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "TENDER_SELF_CODE": notice.project_code,
        "NOTICE_NAME": notice.title,
        "NOTICE_SEND_TIME": _published(notice),
        "NOTICE_MEDIA": notice.source,
        "URL": notice.url,
        "NOTICE_NATURE": "2" if notice.kind == "correction" else "1",
        "BULLETIN_TYPE": "1",
        "BID_DOC_REFER_END_TIME": _moment(_fact(notice, "closing_at")),
        "BID_OPEN_TIME": _moment(_fact(notice, "opening_at", "开标时间")),
        "TENDERER_NAME": notice.buyer,
        "TENDER_AGENCY_NAME": notice.agency,
    }


def _clarification(notice: Notice) -> dict[str, str]:
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "DOC_NAME": notice.title,
        "SUBMIT_TIME": _published(notice),
        "URL": notice.url,
        "BID_OPEN_TIME": _moment(_fact(notice, "开标时间")),
        "BID_OPEN_PLACE": _fact(notice, "开标地点"),
        "EVALUATING_METHOD": _fact(notice, "评标办法"),
    }


def _opening(notice: Notice) -> dict[str, str]:
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "NOTICE_NAME": notice.title,
        "BID_OPENING_TIME": _moment(_fact(notice, "开标时间")),
        "BID_OPENING_ADDRESS": _fact(notice, "开标地点"),
        "BID_OPENING_ACTOR": _fact(notice, "开标参与人"),
        "URL": notice.url,
    }


def _candidates(notice: Notice) -> dict[str, str]:
    begins, _, ends = _fact(notice, "publicity_period").partition("至")
    names = [one.name for one in notice.candidates[:3]] + [""] * 3
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "PUBLICITY_NAME": notice.title,
        "PUBLICITY_START_TIME": _moment(begins),
        "PUBLICITY_END_TIME": _end(ends),
        "NOTICE_MEDIA": notice.source,
        "URL": notice.url,
        "PUBLICITY_TYPE": "1",
        "FIRST_BIDDER_NAME": names[0],
        "SECOND_BIDDER_NAME": names[1],
        "THIRD_BIDDER_NAME": names[2],
    }


def _award(notice: Notice) -> dict[str, str]:
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "REGION_CODE": notice.region.code,
        "TENDER_AGENCY_NAME": notice.agency,
        "NOTICE_NAME": notice.title,
        "NOTICE_SEND_TIME": _published(notice),
        "NOTICE_MEDIA": notice.source,
        "URL": notice.url,
        "NOTICE_NATURE": "1",
        "BULLETIN_TYPE": "3",
        "WIN_BIDDER_NAME": notice.winner,
        **_price(notice, "BID_AMOUNT", currency="BID_CURRENCY", other="OTHER_BID_PRICE"),
    }


def _contract(notice: Notice) -> dict[str, str]:
    return {
        "TENDER_PROJECT_CODE": _works_code(notice),
        "CONTRACT_NAME": notice.title,
        "TENDERER_NAME": notice.buyer,
        "BIDDER_NAME": notice.winner,
        "CONTRACT_SIGN_TIME": _moment(_fact(notice, "合同签署时间")),
        **_price(notice, "CONTRACT_PRICE", currency="PRICE_CURRENCY", other="OTHER_CONTRACT_PRICE"),
    }


def _purchase(notice: Notice) -> dict[str, str]:
    return {
        "PURCHASE_PROJECT_CODE": notice.project_code,
        "PURCHASE_PROJECT_NAME": notice.title,
        "BULLETIN_TITLE": notice.title,
        "BULLETIN_START_TIME": _published(notice),
        "BULLETIN_MEDIA": notice.source,
        "URL": notice.url,
        "BID_CLOSING_TIME": _moment(_fact(notice, "closing_at")),
    }


def _correction(notice: Notice) -> dict[str, str]:
    return {
        "PURCHASE_PROJECT_CODE": notice.project_code,
        "PURCHASE_PROJECT_NAME": notice.title,
        "TERMINATION_BULLETIN_TITLE": notice.title,
        "MODIFICATION_START_TIME": _published(notice),
        "URL": notice.url,
    }


def _deal(notice: Notice) -> dict[str, str]:
    return {
        "PURCHASE_PROJECT_CODE": notice.project_code,
        "PURCHASE_PROJECT_NAME": notice.title,
        "REGION_CODE": notice.region.code,
        "PURCHASER_AGENCY_NAME": notice.agency,
        "WIN_BID_BULLETIN_TITLE": notice.title,
        "WIN_BID_BULLETIN_START_TIME": _published(notice),
        "URL": notice.url,
        "WINNINGBIDDER_NAME": notice.winner,
        **_price(notice, "WIN_BID_PRICE", other="WIN_BID_RATE"),
    }


def _purchase_contract(notice: Notice) -> dict[str, str]:
    return {
        "PURCHASE_PROJECT_CODE": notice.project_code,
        "PURCHASE_PROJECT_NAME": notice.title,
        "CONTRACT_NAME": notice.title,
        "PURCHASER_NAME": notice.buyer,
        "SUPPLIER_NAME": notice.winner,
        "SIGNING_TIME": _moment(_fact(notice, "合同签署时间")),
        "URL": notice.url,
        **_price(notice, "CONTRACT_AMOUNT", other="WIN_BID_RATE"),
    }


def _land(notice: Notice) -> dict[str, str]:
    return {
        "DEAL_LAND_CODE": notice.project_code,
        "LAND_CODE": notice.project_code,
        "LAND_PROJECT_NAME": notice.title,
        "REGION_CODE": notice.region.code,
        "LAND_AREA": _fact(notice, "面积(公顷)"),
        "LAND_USAGE": _fact(notice, "土地用途"),
        "LEND_AGE_LIMIT": _fact(notice, "土地使用年限"),
        "LAND_POSITION": _fact(notice, "项目位置"),
        "LENDING_NAME": notice.winner,
        "LAND_URL": notice.url,
        "ANNOUNCEMENT_TITLE": notice.title,
        "PUBLISHING_TIME": _published(notice),
        **_price(notice, "DEAL_PRICE", form=""),
    }


def _mining(notice: Notice) -> dict[str, str]:
    return {
        "NA_APP_NAME": notice.title,
        "PUBLISHING_TIME": _published(notice),
        "URL": notice.url,
        "REGION_CODE": notice.region.code,
        "QT_PLAN_YEARS": _fact(notice, "年限"),
        "QT_TOTAL_AREA": _fact(notice, "面积(平方千米)"),
    }


def _other(notice: Notice) -> dict[str, str]:
    return {
        "PROJECT_NAME": notice.title,
        "PROJECT_CODE": notice.project_code,
        "PUBLISHING_TIME": _published(notice),
        "REGION_CODE": notice.region.code,
        "URL": notice.url,
        "ANNOUNCEMENT_TITLE": notice.title,
    }


_FILLERS: Mapping[str, Callable[[Notice], dict[str, str]]] = {
    "TENDER_ANN_QUA_INQUERY_ANN": _tender_notice,
    "TENDER_FILE_CLARI_MODI": _clarification,
    "BID_OPENING_RECORD": _opening,
    "TENDER_CANDIDATE_ANNOUNCE": _candidates,
    "WIN_RESULT_ANNO": _award,
    "CONTRACT_PERFORMANCE": _contract,
    "PURCHASE_QUALI_INQUERY_ANN": _purchase,
    "CORRECTION_ITEM": _correction,
    "BID_DEAL_ANNOUNCE": _deal,
    "PURCHASE_CONTRACT": _purchase_contract,
    "DEAL_LAND_INFO": _land,
    "EXPLOR_BID_AUCTION_TRANS_ANN": _mining,
    "MINING_BID_AUCTION_TRANS_ANN": _mining,
    "OTHER_TRADE_PUB_INFO": _other,
    "OTHER_TRADE_RESULT_INFO": _other,
}
