"""Notices of the trades whose rooms come later, published as records of the standard.

One row per notice: days before the demonstration begins, time of day, dataset, region, title and
what the notice says. Titles, firms and prices are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.standard import registry, samples
from gongheng.kernel.clock import BEIJING, DEMO_STARTS_AT
from gongheng.registers.codes import actions as codes


@dataclass(frozen=True, slots=True)
class Notice:
    """One invented notice. ``at`` is the time of day as hours and minutes.

    ``price`` is what was paid, ``asked`` the budget or the listed price before it, both in yuan.
    """

    days_before: int
    at: str
    dataset: str
    region: str
    title: str
    content: str
    price: str = ""
    asked: str = ""


CITY = (
    Notice(
        0,
        "0840",
        "PURCHASE_QUALI_INQUERY_ANN",
        "530111",
        "昆明市官渡区示例人民医院核磁共振成像系统采购项目公开招标公告",
        "采购核磁共振成像系统一套，预算 1280 万元，最高限价同预算。接受进口产品的论证意见已随文件公示。",
        asked="12800000.000000",
    ),
    Notice(
        0,
        "0815",
        "DEAL_BEHAVIOR_INFO",
        "530114",
        "昆明市呈贡区2026-18号国有建设用地使用权挂牌出让公告",
        "宗地面积 2.35 公顷，用途为商务金融用地，起始价 8600 万元，竞买保证金 1720 万元。",
    ),
    Notice(
        1,
        "1510",
        "OTHER_TRADE_PUB_INFO",
        "530102",
        "昆明市五华区示例农贸市场摊位经营权公开招租公告",
        "标的为 46 个摊位三年经营权，按摊位分别报价。",
    ),
    Notice(
        3,
        "1620",
        "BID_DEAL_ANNOUNCE",
        "530112",
        "昆明市西山区示例小学教学设备采购项目中标结果公告",
        "中标供应商：云南示例教育装备有限公司；中标金额 318.60 万元。",
        price="3186000.000000",
        asked="3300000.000000",
    ),
    Notice(
        4,
        "0950",
        "LISTING_PUB_INFO",
        "530103",
        "昆明市盘龙区示例国有企业闲置办公用房转让挂牌公告",
        "建筑面积 1860 平方米，挂牌价 2350 万元，信息披露期二十个工作日。",
        asked="23500000.000000",
    ),
    Notice(
        5,
        "1105",
        "MINING_BID_AUCTION_TRANS_ANN",
        "530124",
        "昆明市富民县示例建筑石料用灰岩矿采矿权挂牌出让公告",
        "拟出让面积 0.32 平方公里，出让年限 10 年，起始价 1260 万元。",
    ),
    Notice(
        6,
        "1430",
        "PURCHASE_QUALI_INQUERY_ANN",
        "530102",
        "昆明市示例机关事务服务中心物业服务采购项目竞争性磋商公告",
        "服务期三年，预算每年 260 万元，本项目专门面向中小企业采购。",
        asked="7800000.000000",
    ),
    Notice(
        7,
        "1000",
        "RURAL_PROPERTY_ANNO",
        "530181",
        "安宁市示例村集体林地承包经营权流转公告",
        "流转面积 420 亩，期限 20 年，挂牌价每亩每年 180 元。",
    ),
    Notice(
        10,
        "1540",
        "STOCK_LISTING_PUB_INFO",
        "530102",
        "昆明示例供排水有限公司34%国有股权转让挂牌公告",
        "转让底价 6800 万元，受让方须一次性付款。",
    ),
    Notice(
        13,
        "0925",
        "DEAL_BEHAVIOR_INFO",
        "530112",
        "昆明市西山区2026-11号国有建设用地使用权拍卖出让公告",
        "宗地面积 4.10 公顷，用途为城镇住宅用地，起始价 3.1 亿元。",
    ),
    Notice(
        17,
        "1615",
        "BID_DEAL_ANNOUNCE",
        "530111",
        "昆明市官渡区示例电子政务外网运维服务采购项目成交公告",
        "成交供应商：昆明示例信息技术有限公司；成交金额 142.00 万元。",
        price="1420000.000000",
        asked="1500000.000000",
    ),
    Notice(
        21,
        "1010",
        "DEA_SEWAGE_PAID_TRANSFER_ANNO",
        "530100",
        "昆明市2026年第三批排污权有偿出让公告",
        "出让化学需氧量排污权 120 吨，期限五年。",
    ),
    Notice(
        24,
        "1455",
        "TRADE_RESULT_INFO",
        "530103",
        "昆明市盘龙区示例公司报废车辆一批转让成交公告",
        "成交价 46.80 万元，溢价率 23.2%。",
        price="468000.000000",
        asked="380000.000000",
    ),
)
PROVINCE = (
    Notice(
        0,
        "0830",
        "PURCHASE_QUALI_INQUERY_ANN",
        "530000",
        "云南省示例图书馆古籍数字化服务采购项目公开招标公告",
        "服务期两年，预算 560 万元，含扫描、著录与长期保存。",
        asked="5600000.000000",
    ),
    Notice(
        2,
        "1445",
        "EXPLOR_BID_AUCTION_TRANS_ANN",
        "533400",
        "云南省迪庆州示例铜多金属矿普查探矿权拍卖出让公告",
        "勘查面积 18.6 平方公里，首次设立期限五年。",
    ),
    Notice(
        9,
        "0910",
        "STOCK_LISTING_PUB_INFO",
        "530000",
        "云南示例旅游投资有限公司60%国有股权转让挂牌公告",
        "本次转让将导致控制权转移，已按规定完成信息预披露。",
    ),
    Notice(
        15,
        "1530",
        "OTHER_TRADE_PUB_INFO",
        "532900",
        "大理州示例洱海流域生态补偿林管护权交易公告",
        "管护面积 1.2 万亩，管护期五年。",
    ),
)

_TITLES = (
    "BULLETIN_TITLE",
    "WIN_BID_BULLETIN_TITLE",
    "ANNOUNCEMENT_TITLE",
    "NOTICE_NAME",
    "PROJECT_NAME",
    "NA_APP_NAME",
)
_CONTENTS = (
    "BULLETIN_CONTENT",
    "WIN_BID_BULLETIN_CONTENT",
    "ANNOUNCEMENT_CONNECT",
    "NOTICE_CONTENT",
    "TRANSFER_NOTES",
    "PROJECT_CONTENT",
)
_REGIONS = ("REGION_CODE", "TRA_PLACE_CODE", "LAND_DISTRICT", "BID_REGION_CODE")
_TIMES = (
    "BULLETIN_START_TIME",
    "WIN_BID_BULLETIN_START_TIME",
    "PUBLISHING_TIME",
    "NOTICE_SEND_TIME",
    "PUBLISH_DATE",
    "TRADE_DATE",
    "ANNOUNCEMENT_START_TIME",
    "DATA_TIMESTAMP",
    "CREATE_TIME",
)
_DEADLINES = {
    "BID_CLOSING_TIME": 25,
    "END_DATE": 40,
    "ANNOUNCEMENT_DEADLINE": 30,
    "NOTICE_END_TIME": 30,
    "NOTICE_START_TIME": 1,
    "TRADING_START_TIME": 20,
}
_PRICES = ("WIN_BID_PRICE", "TRADE_VALUE")
_ASKED = ("PROGRAM_BUDGET", "PROJECT_PRICE")
_KEYS = ("ANNOUNCEMENT_GUID", "PROJECT_CODE", "PURCHASE_PROJECT_CODE", "DEAL_ANNOUNCEMENT_GUID")
_CATEGORIES = {
    "procurement": "D01",
    "land": "B01",
    "mining": "B02",
    "property": "C01",
    "other": "Z99",
}
_PARENTS = {
    "PURCHASE_QUALI_INQUERY_ANN": "PURCHASE_PROJECT",
    "BID_DEAL_ANNOUNCE": "PURCHASE_PROJECT",
    "TRADE_RESULT_INFO": "LISTING_PUB_INFO",
}

_WORDS = {
    "TRA_AGENCY_NAME": "昆明市公共资源交易中心（演示）",
    "PURCHASER_AGENCY_NAME": "云南示例招标代理有限公司",
    "PURCHASER_NAME": "昆明市示例机关事务服务中心",
    "WINNINGBIDDER_NAME": "云南示例教育装备有限公司",
    "SELLER_NAME": "昆明示例资产管理有限公司",
    "ANNOUNCEMENT_UNIT": "昆明市示例自然资源局",
    "LIAISON_UNIT": "昆明市示例自然资源局",
    "CONTACT_NUMBER": "0871-60000000",
    "TRADING_CENTER_NAME": "昆明市公共资源交易中心（演示）",
    "BULLETIN_MEDIA": "昆明市公共资源交易平台（演示）",
    "CREATOR": "周洁（演示）",
}


def load(notices: tuple[Notice, ...]) -> None:
    """Publish the notices, oldest first, each at its own legal time."""
    for number, notice in sorted(
        enumerate(notices, start=1), key=lambda item: -item[1].days_before
    ):
        for dataset, body, at in _records(notice, number):
            records.publish(dataset=dataset, body=body, audience=Audience.PUBLIC, now=at)


def _records(notice: Notice, number: int) -> Iterator[tuple[str, dict[str, str], datetime]]:
    at = _instant(notice)
    code = _transaction_code(notice, at)
    parent = _PARENTS.get(notice.dataset)
    if parent:
        before = at - timedelta(days=12 if parent == "LISTING_PUB_INFO" else 1)
        title = notice.title.replace("成交公告", "挂牌公告")
        above = Notice(0, "", parent, notice.region, title, notice.content, asked=notice.asked)
        yield parent, _body(above, number, code, before), before
    yield notice.dataset, _body(notice, number, code, at), at


def _instant(notice: Notice) -> datetime:
    day = (DEMO_STARTS_AT - timedelta(days=notice.days_before)).date()
    hour, minute = int(notice.at[:2]), int(notice.at[2:])
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


def _transaction_code(notice: Notice, at: datetime) -> str:
    domain = registry.dataset(notice.dataset).domain
    return codes.issue_transaction_code(
        category=_CATEGORIES[domain],
        region_code=settings.NODE.region_code,
        platform_code=settings.NODE.platform_code,
        day=at.date(),
    )


def _body(notice: Notice, number: int, code: str, at: datetime) -> dict[str, str]:
    dataset = registry.dataset(notice.dataset)
    body = samples.valid(notice.dataset)
    if "ANNOUNCEMENT_TITLE" in dataset.by_code:
        body["ANNOUNCEMENT_TITLE"] = notice.title
    key = f"{settings.NODE.code}-2026-{number:08d}"
    for name in body:
        value = _value(name, notice, code=code, key=key, at=at)
        if value is None and body[name].startswith("示例"):
            value = _WORDS.get(name, "见公告正文")
        if value is not None:
            body[name] = value[:8] if dataset.field(name).type == "date" else value
    return body


def _value(name: str, notice: Notice, *, code: str, key: str, at: datetime) -> str | None:
    named = {
        "UNIFIED_DEAL_CODE": code,
        "UNIFIED_DEAL_CODES": code,
        "PLATFORM_CODE": settings.NODE.platform_code,
        "PUB_SERVICE_PLAT_CODE": settings.NODE.service_code,
        **dict.fromkeys(_TITLES, notice.title),
        **dict.fromkeys(_CONTENTS, notice.content),
        **dict.fromkeys(_REGIONS, notice.region),
        **dict.fromkeys(_KEYS, key),
        "SUPPLY_TYPE": "2",
        "LAND_PROJECT_NAME": notice.title.removesuffix("公告"),
        "PURCHASE_PROJECT_NAME": notice.title.removesuffix("公告"),
    }
    if name in named:
        return named[name]
    if name in _PRICES and notice.price:
        return notice.price
    if name in _ASKED and notice.asked:
        return notice.asked
    days = 0 if name in _TIMES else _DEADLINES.get(name)
    return None if days is None else f"{at + timedelta(days=days):%Y%m%d%H%M%S}"
