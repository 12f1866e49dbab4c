"""Cases of invented projects, published as a node would."""

from datetime import datetime, timedelta

from django.conf import settings

from gongheng.data.records import actions
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.data.standard import samples
from gongheng.data.standard.times import wire_time
from gongheng.public.search import actions as search
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions as ledger

NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
CONTENT = """<h3>一、招标条件</h3><p>本招标项目已由<b>昆明市发展和改革委员会</b>批准建设，资金来自财政，已落实。</p>
<p>二、项目概况与招标范围：新建教学综合楼一栋，建筑面积 12,800 平方米。</p>
<table><tr><td>标段</td><td>工期</td></tr><tr><td>施工一标段</td><td>360 日历天</td></tr></table>
<script>alert(1)</script><p>三、投标人资格：具备建筑工程施工总承包二级及以上资质。</p>"""


class Case:
    """One case: project, tender project, lot and, by ``announce``, its notices."""

    def __init__(self, number: int, *, region: str = "530111", at: datetime, name: str) -> None:
        self.project = f"E{region}0001{number:06d}"
        self.tender = f"{self.project}001"
        self.lot = f"{self.tender}001"
        self.deal = samples.deal_code(number=number)
        self.region, self.at, self.name = region, at, name
        self._publish("PROJECT", PROJECT_CODE=self.project, PROJECT_NAME=name, REGION_CODE=region)
        self._publish(
            "TENDER_PROJECT",
            PROJECT_CODE=self.project,
            TENDER_PROJECT_CODE=self.tender,
            TENDER_PROJECT_NAME=name,
            REGION_CODE=region,
        )
        self._publish(
            "SECTION",
            TENDER_PROJECT_CODE=self.tender,
            BID_SECTION_CODE=self.lot,
            BID_SECTION_NAME=f"{name}施工一标段",
            UNIFIED_DEAL_CODE=self.deal,
            REGION_CODE=region,
            TRA_PLACE_CODE=region,
        )

    def _publish(self, dataset: str, not_before: datetime | None = None, **values: str) -> Version:
        return actions.publish(
            dataset=dataset,
            body=samples.valid(dataset, **values),
            audience=Audience.PUBLIC,
            now=self.at,
            case_code=self.tender,
            not_before=not_before,
        )

    def announce(
        self,
        title: str = "",
        *,
        opens_in: timedelta = timedelta(days=30),
        not_before: datetime | None = None,
        **values: str,
    ) -> Version:
        """Publish a tender notice of the case."""
        at = self.at
        facts = {
            "TENDER_PROJECT_CODE": self.tender,
            "BID_SECTION_CODES": self.lot,
            "UNIFIED_DEAL_CODES": self.deal,
            "NOTICE_NAME": title or f"{self.name}招标公告",
            "NOTICE_CONTENT": CONTENT,
            "NOTICE_SEND_TIME": wire_time(at),
            "DOC_GET_START_TIME": wire_time(at + timedelta(hours=1)),
            "DOC_GET_END_TIME": wire_time(at + timedelta(days=14)),
            "BID_DOC_REFER_END_TIME": wire_time(at + opens_in),
            "BID_OPEN_TIME": wire_time(at + opens_in),
        }
        return self._publish(NOTICE, not_before, **(facts | values))

    def took_part(self, number: int) -> Version:
        """Publish a row of the lot's list of bidders."""
        return self._publish(
            "TENDER_LIST",
            TENDER_PROJECT_CODE=self.tender,
            BID_SECTION_CODE=self.lot,
            UNIFIED_DEAL_CODE=self.deal,
            BIDDER_ORG_CODE=samples.firm(number),
        )

    def award(self, amount: str, **values: str) -> Version:
        """Publish the result of the case's lot, in yuan."""
        facts = {
            "TENDER_PROJECT_CODE": self.tender,
            "BID_SECTION_CODE": self.lot,
            "UNIFIED_DEAL_CODE": self.deal,
            "REGION_CODE": self.region,
            "TRA_PLACE_CODE": self.region,
            "NOTICE_NAME": f"{self.name}中标结果公告",
            "NOTICE_SEND_TIME": wire_time(self.at),
            "NOTICE_NATURE": "1",
            "BID_AMOUNT": amount,
            "BID_CURRENCY": "156",
            "PRICE_UNIT": "0",
        }
        return self._publish("WIN_RESULT_ANNO", **(facts | values))


def index() -> None:
    """Number what is committed and bring the search index up to date, as the worker does."""
    while ledger.number():
        pass
    while search.catch_up():
        pass


def sign_log(*, now: datetime) -> None:
    """Number what is committed and sign a checkpoint, as the worker does."""
    index()
    key = PrivateKey.from_pem(settings.NODE.key_path.read_bytes())
    ledger.sign_checkpoint(key=key, origin=f"gongheng/{settings.NODE.code}", now=now)
