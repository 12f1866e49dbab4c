"""Phrases by which documents shut bidders out: unreasonable conditions (W-38), prices (A-02, A-03).

A phrase is a lead for the person who reviews, never a verdict: the law forbids what it does, not
the words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongheng.kernel.law import Law

_REGULATION = "招标投标法实施条例"
_FAIRNESS = "公平竞争审查条例"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One kind of restriction: its name, its law, and the phrases that point to it."""

    code: str
    title: str
    law: Law
    phrases: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A phrase that a reviewer should look at: where it stands and what the law says of it."""

    where: str
    phrase: str
    restriction: Restriction

    def as_json(self) -> dict[str, str]:
        """Return the suspicion as JSON values."""
        return {
            "where": self.where,
            "phrase": self.phrase,
            "kind": self.restriction.title,
            "law": str(self.restriction.law),
        }


def _law(item: str) -> Law:
    return Law(_REGULATION, f"第三十二条第二款第{item}项", rule="W-38")


_HERE = r"(?:本地|当地|本省|本市|本县|本区|省内|市内|县内|区内|辖区内?)"

RESTRICTIONS = (
    Restriction(
        code="unequal_information",
        title="就同一招标项目向投标人提供有差别的项目信息",
        law=_law("（一）"),
        phrases=re.compile(r"(?:仅|只)向[^，。；]{0,12}(?:提供|发放)"),
    ),
    Restriction(
        code="site_visit",
        title="组织单个或者部分投标人踏勘现场，或者以踏勘为投标条件",
        law=Law(_REGULATION, "第二十八条", rule="W-11"),
        phrases=re.compile(
            r"(?:仅|只)(?:组织|安排|向)[^，。；]{0,12}踏勘|(?:分别|逐一|单独)(?:组织|安排)?踏勘"
            r"|(?:必须|须|应当)参加[^，。；]{0,8}踏勘|(?:未|不)(?:参加|进行)?[^，。；]{0,6}踏勘[^。；]{0,12}(?:否决|无效|废标)"
            r"|踏勘(?:签到|证明)"
        ),
    ),
    Restriction(
        code="subcontract",
        title="允许转包、分包主体或者关键性工作、再次分包，或者指定分包人",
        law=Law("招标投标法", "第四十八条", rule="J-06"),
        phrases=re.compile(
            r"(?<!不)(?:允许|可以|同意)[^，。；]{0,6}转包"
            r"|(?<!非)(?:主体|关键性?)(?:工程|工作|结构)[^，。；]{0,4}(?:可以|允许)[^，。；]{0,6}分包"
            r"|(?<!不得)(?<!不能)(?<!不可)再次分包|指定(?:的)?分包"
        ),
    ),
    Restriction(
        code="irrelevant_condition",
        title="设定与项目具体特点和实际需要不相适应的条件",
        law=_law("（二）"),
        phrases=re.compile(
            r"(?:注册资[本金]|资产总额|营业收入|营业额|纳税额|利润|从业人员|员工人数|成立(?:时间|年限))"
            r"[^，。；]{0,12}(?:不低于|不少于|不得低于|达到|以上|满|大于|超过|≥)|世界五百强|上市公司"
        ),
    ),
    Restriction(
        code="regional_award",
        title="以特定行政区域或者行业的业绩、奖项作为加分或者中标条件",
        law=_law("（三）"),
        phrases=re.compile(
            _HERE + r"[^，。；]{0,14}(?:业绩|奖项|获奖|荣誉|奖)"
            r"|(?:省级|市级|行业)[^，。；]{0,8}(?:奖项|奖)[^，。；]{0,12}(?:加分|得分|得[0-9一二三四五]|中标)"
        ),
    ),
    Restriction(
        code="unequal_standard",
        title="对投标人采取不同的资格审查或者评标标准",
        law=_law("（四）"),
        phrases=re.compile(
            r"(?:外地|外省|外来|市外|省外)(?:的)?(?:企业|单位|投标人|供应商)|"
            + _HERE
            + r"(?:的)?(?:企业|单位|投标人)[^，。；]{0,8}(?:优先|加分|优惠)"
        ),
    ),
    Restriction(
        code="brand",
        title="限定或者指定特定的专利、商标、品牌、原产地或者供应商",
        law=_law("（五）"),
        phrases=re.compile(
            r"(?:指定|限定|唯一|必须(?:采用|使用|选用))[^，。；]{0,10}"
            r"(?:专利|商标|品牌|原产地|产地|厂家|供应商|制造商)"
            r"|(?:采用|使用|选用)[^，。；]{1,10}(?:牌|品牌)(?!或相当)"
        ),
    ),
    Restriction(
        code="ownership",
        title="以不合理条件限制所有制形式、组织形式或者所在地区",
        law=_law("（六）"),
        phrases=re.compile(
            r"(?:国有|国资|央企|民营|私营|外资|外商投资)(?:独资|控股)?(?:企业|公司|单位)?"
            r"[^，。；]{0,6}(?:优先|不得|除外|限|方可|加分)|(?:仅限|只限|须为|必须是)[^，。；]{0,6}(?:国有|国企|央企|民营)"
            r"|非法人|" + _HERE + r"(?:注册|登记|设立|设有|纳税|缴纳社保|社保)"
            r"|(?:注册地|住所地?|经营场所|总部)[^，。；]{0,6}(?:须|应|必须)?在"
            + r"[^，。；]{1,10}(?:省|市|县|区)(?:内|的|，|。|；|$)"
            r"|(?:设立|成立)[^，。；]{0,6}(?:分公司|子公司|分支机构|办事处)"
        ),
    ),
    Restriction(
        code="list_or_registration",
        title="以备选库、名录库、报名登记等方式限制投标人",
        law=Law(_FAIRNESS, "第八条", rule="W-38"),
        phrases=re.compile(
            r"备选库|预选库|名录库|资格库|入围(?:单位|企业|名单)|报名登记|现场报名|介绍信"
        ),
    ),
    Restriction(
        code="floor_price",
        title="规定最低投标限价",
        law=Law(_REGULATION, "第二十七条", rule="A-03"),
        phrases=re.compile(r"最低投标限价|最低限价|投标报价(?:不得|不能)低于[^成，。；]"),
    ),
    Restriction(
        code="base_price",
        title="以报价接近标底为中标条件，或者以超出标底浮动范围为否决条件",
        law=Law(_REGULATION, "第五十条", rule="A-02"),
        phrases=re.compile(
            r"(?:低于|高于|超出|超过|偏离|接近)[^，。；]{0,8}标底|标底[^，。；]{0,4}(?:上下)?浮动"
            r"|标底[^，。；]{0,12}(?:否决|无效|废标)|两个(?:以上)?标底|多个标底"
        ),
    ),
)


def suspicions(texts: Iterable[tuple[str, str]]) -> Iterator[Suspicion]:
    """Yield what to look at in texts, each with the name of its place, in their order."""
    for where, text in texts:
        for restriction in RESTRICTIONS:
            for found in restriction.phrases.finditer(text):
                yield Suspicion(where=where, phrase=found[0], restriction=restriction)
