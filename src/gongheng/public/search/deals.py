"""What a deal came to: the price of a public result, and the estimate it is measured by."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Current
from gongheng.data.standard import registry
from gongheng.data.standard.values import text_of

_YUAN = "156"
_UNITS = {"": 1, "0": 1, "1": 10_000}
_LARGEST = Decimal(10) ** 16
_PRICES: Mapping[str, tuple[str, str, str]] = {
    "WIN_RESULT_ANNO": ("BID_AMOUNT", "BID_CURRENCY", "PRICE_UNIT"),
    "BID_DEAL_ANNOUNCE": ("WIN_BID_PRICE", "CURRENCY_CODE", "PRICE_UNIT"),
    "DEAL_LAND_INFO": ("DEAL_PRICE", "CURRENCY_CODE", "PRICE_UNIT"),
    "TRADE_RESULT_INFO": ("TRADE_VALUE", "CURRENCY_CODE", "PRICE_UNIT"),
    "STOCK_TRADE_RESULT_INFO": ("TRADE_VALUE", "CURRENCY_CODE", "PRICE_UNIT"),
    "FOREST_RIGHT_RESULT": ("TRADE_VALUE", "CURRENCY_CODE", "PRICE_UNIT"),
    "MEDICAL_DEVICE_RESULT": ("TRADE_VALUE", "CURRENCY_CODE", "PRICE_UNIT"),
    "RURAL_PROPERTY_RESULT": ("TRADE_VALUE", "CURRENCY_CODE", "PRICE_UNIT"),
    # Results whose standard has no price, or one without a unit: they count, without an amount.
    "EXPLOR_BID_AUC_TRANS_RES_ANN": ("", "", ""),
    "MINING_BID_AUC_TRANS_RES_ANN": ("", "", ""),
    "DEA_CARBON_QUOTA_SELL_RESULT": ("", "", ""),
    "DEA_SEWAGE_PAID_TRANSFER_RESULT": ("", "", ""),
    "OTHER_TRADE_RESULT_INFO": ("", "", ""),
}
"""The results of trades: price, currency and unit of each dataset."""
_AWARD = "WIN_RESULT_ANNO"
_LOT, _LOT_CODE = "SECTION", "BID_SECTION_CODE"
_ESTIMATE = ("CONTRACT_RECKON_PRICE", "CURRENCY_CODE", "PRICE_UNIT")


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of notices that tell of a deal; a changed result tells of no other one."""
    cells = [registry.dataset(code).notice.kind for code in _PRICES]
    return tuple(dict.fromkeys(cell.split("|")[-1] for cell in cells))


def price_of(dataset: str, body: Mapping[str, object]) -> Decimal | None:
    """Return the price of a result in yuan; None when it has none, or one in another currency."""
    columns = _PRICES.get(dataset)
    return _yuan(body, columns) if columns and columns[0] else None


def estimate_of(dataset: str, body: Mapping[str, object]) -> Decimal | None:
    """Return the public estimate of the lot that an award ends, in yuan."""
    code = text_of(body.get(_LOT_CODE)) if dataset == _AWARD else ""
    if not code:
        return None
    lot = (
        Current.objects.filter(dataset=_LOT, key=code, audience=Audience.PUBLIC)
        .select_related("version")
        .first()
    )
    return _yuan(lot.version.body, _ESTIMATE) if lot else None


def _yuan(body: Mapping[str, object], columns: tuple[str, str, str]) -> Decimal | None:
    amount, currency, unit = (text_of(body.get(column)).strip() for column in columns)
    if currency not in {"", _YUAN} or unit not in _UNITS:
        return None
    try:
        found = Decimal(amount) * _UNITS[unit]
    except InvalidOperation:
        return None
    if not found.is_finite() or not 0 < found < _LARGEST:
        return None
    return found.quantize(Decimal("0.01"))
