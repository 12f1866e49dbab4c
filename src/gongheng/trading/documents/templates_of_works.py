"""The usual contents of documents for works, from which an editor begins."""

from datetime import date
from decimal import Decimal

from gongheng.trading.documents import rules
from gongheng.trading.documents.kinds import (
    CriterionFacts,
    DocumentFacts,
    EvaluationMethod,
    Group,
    Manner,
)
from gongheng.trading.projects.models import Lot

VALIDITY_DAYS = 90
DURATION_DAYS = 180
_REQUIREMENTS = (
    "工程施工应符合国家现行工程建设标准、强制性条文和施工图设计文件的要求。"
    "材料和设备的技术参数以满足使用功能为准；提到的产品名称仅作档次参考，可以采用相当或者更好的产品。"
    "招标人不统一组织踏勘，投标人可以自行踏勘现场；统一组织的，通过澄清通知全部潜在投标人。"
)
_CONTRACT = (
    "采用《建设工程施工合同（示范文本）》。工程款按月计量支付；履约保证金不超过中标合同金额的百分之十；"
    "缺陷责任期二十四个月。中标人不得转包；经招标人同意，可以将非主体、非关键性工作分包给具备资格的人完成，分包人不得再次分包。"
    "合同的标的、价款、质量、履行期限等主要条款与招标文件和中标人的投标文件一致。"
)

_PASS = (
    (Group.FORM, "投标人名称", "与营业执照、资质证书一致。"),
    (Group.FORM, "签章", "投标函加盖投标人电子印章并由法定代表人或其委托代理人签字。"),
    (Group.FORM, "投标文件格式", "符合招标文件给出的格式，实质性内容齐全。"),
    (Group.FORM, "报价唯一", "只有一个有效报价；招标文件要求提交备选方案的除外。"),
    (Group.FORM, "联合体投标", "以联合体投标的，附有共同投标协议并明确牵头人。"),
    (Group.QUALIFICATION, "营业执照", "具备有效的营业执照。"),
    (Group.QUALIFICATION, "资质等级", "符合公告和本文件规定的资质要求。"),
    (Group.QUALIFICATION, "安全生产许可证", "具备有效的安全生产许可证。"),
    (Group.QUALIFICATION, "项目经理", "具备要求专业的注册建造师执业资格，且未担任其他在建工程项目经理。"),
    (Group.QUALIFICATION, "信誉", "未被列入失信被执行人、严重违法失信名单，未处于禁止投标期。"),
    (Group.RESPONSE, "投标内容", "符合招标范围。"),
    (Group.RESPONSE, "工期", "不超过招标文件规定的工期。"),
    (Group.RESPONSE, "工程质量", "达到招标文件规定的质量要求。"),
    (Group.RESPONSE, "投标有效期", "不短于招标文件规定的投标有效期，自投标截止之日起算。"),
    (Group.RESPONSE, "投标保证金", "按规定的金额、形式和时间提交，有效期与投标有效期一致。"),
    (Group.RESPONSE, "投标报价", "不高于最高投标限价。大写与小写不一致的以大写为准；单价与数量乘积同总价不一致的以单价为准，单价有明显小数点错误的以总价为准。"),
    (Group.RESPONSE, "实质性要求", "没有招标人不能接受的附加条件。"),
)  # fmt: skip
_VETOES = {"报价唯一", "营业执照", "资质等级", "投标报价", "实质性要求"}
_POINTS = (
    (Group.TECHNICAL, "施工方案与技术措施", "针对性强、工艺合理的得 8—10 分；基本合理的得 5—7 分；有明显缺陷的得 0—4 分。", 10, False),
    (Group.TECHNICAL, "质量管理体系与措施", "体系健全、措施具体的得 6—8 分；基本健全的得 3—5 分；缺漏的得 0—2 分。", 8, False),
    (Group.TECHNICAL, "安全管理体系与措施", "危险性较大工程识别完整、措施具体的得 6—8 分；基本完整的得 3—5 分；缺漏的得 0—2 分。", 8, False),
    (Group.TECHNICAL, "工期保证措施", "关键线路清楚、资源保障充分的得 5—7 分；基本可行的得 3—4 分；不可行的得 0—2 分。", 7, False),
    (Group.TECHNICAL, "环境保护与文明施工", "措施具体可行的得 5—7 分；一般的得 3—4 分；缺漏的得 0—2 分。", 7, False),
    (Group.COMMERCIAL, "类似项目业绩", "投标截止前五年内完成的同类工程，每项得 3 分，最多 9 分，不限地区和行业。", 9, True),
    (Group.COMMERCIAL, "项目经理业绩", "以项目经理身份完成的同类工程，每项得 3 分，最多 6 分。", 6, True),
    (Group.COMMERCIAL, "项目管理机构", "主要岗位人员配备齐全、持证有效的得 5 分，每缺一岗扣 1 分，扣完为止。", 5, True),
    (Group.PRICE, "投标报价", "投标报价得分＝评标基准价÷投标报价×满分；评标基准价为通过初步评审的最低投标报价。由系统按公式计算，保留两位小数。", 40, True),
)  # fmt: skip


def facts(lot: Lot, *, on: date) -> DocumentFacts:
    """Return the basic data from which the documents of a lot begin."""
    return DocumentFacts(
        evaluation_method=EvaluationMethod.COMPREHENSIVE,
        validity_days=VALIDITY_DAYS,
        duration_days=lot.duration_days or DURATION_DAYS,
        quality="合格",
        scope=lot.content,
        requirements=_REQUIREMENTS,
        contract_terms=_CONTRACT,
        ceiling=lot.estimate,
        ceiling_note="最高投标限价为招标控制价，投标报价高于最高投标限价的，其投标将被否决。",
        bond_amount=rules.highest_bond(lot.estimate, on),
    )


def criteria(method: str) -> list[CriterionFacts]:
    """Return the standard criteria for an evaluation method (W-41)."""
    found = [
        CriterionFacts(group=group, title=title, text=text, is_veto=title in _VETOES)
        for group, title, text in _PASS
    ]
    if method == EvaluationMethod.LOWEST:
        return found + [
            CriterionFacts(group=group, title=title, text="内容完整、切实可行，满足招标文件要求。")
            for group, title, _, _, _ in _POINTS
            if group == Group.TECHNICAL
        ]
    return found + [
        CriterionFacts(
            group=group,
            title=title,
            text=text,
            method=Manner.POINTS,
            points=Decimal(points),
            is_objective=is_objective,
        )
        for group, title, text, points, is_objective in _POINTS
    ]
