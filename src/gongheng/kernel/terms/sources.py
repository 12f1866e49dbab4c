"""Where the numbers come from, and which source outranks which."""

from enum import IntEnum

from gongheng.kernel.law import Law


class Rank(IntEnum):
    """Rank of a source: a lower one may tighten what a higher one fixed, never loosen it."""

    PROJECT = 0
    PROVINCE = 1
    GUIDANCE = 2
    DEPARTMENT = 3
    REGULATION = 4
    LAW = 5


TENDERING_LAW = "招标投标法"
TENDERING_REGULATION = "招标投标法实施条例"
PROCUREMENT_LAW = "政府采购法"
PROCUREMENT_REGULATION = "政府采购法实施条例"
BULLETIN_RULES = "招标公告和公示信息发布管理办法"
EVALUATION_RULES = "评标委员会和评标方法暂行规定"
CONSTRUCTION_RULES = "工程建设项目施工招标投标办法"
SURVEY_RULES = "工程建设项目勘察设计招标投标办法"
ELECTRONIC_RULES = "电子招标投标办法"
COMPULSORY_RULES = "必须招标的工程项目规定"
OPENNESS_OPINION = "关于推进公共资源配置领域政府信息公开的意见"
MARKET_OPINION = "关于创新完善体制机制推动招标投标市场规范健康发展的意见"
CYBERSECURITY_LAW = "网络安全法"
PENALTY_LAW = "行政处罚法"
REVIEW_LAW = "行政复议法"
ARCHIVE_STANDARD = "电子招标投标文件归档规范"
DUTIES = "公共资源交易平台职责清单"
"""The clauses that ``docs/duties.md`` lists, cited by document and clause."""

HOUSE_RULES = "本平台业务规则"
"""Our own decisions where the law is silent."""

RANKS = {
    TENDERING_LAW: Rank.LAW,
    CYBERSECURITY_LAW: Rank.LAW,
    PENALTY_LAW: Rank.LAW,
    REVIEW_LAW: Rank.LAW,
    PROCUREMENT_LAW: Rank.LAW,
    TENDERING_REGULATION: Rank.REGULATION,
    PROCUREMENT_REGULATION: Rank.REGULATION,
    BULLETIN_RULES: Rank.DEPARTMENT,
    EVALUATION_RULES: Rank.DEPARTMENT,
    CONSTRUCTION_RULES: Rank.DEPARTMENT,
    SURVEY_RULES: Rank.DEPARTMENT,
    ELECTRONIC_RULES: Rank.DEPARTMENT,
    COMPULSORY_RULES: Rank.DEPARTMENT,
    OPENNESS_OPINION: Rank.GUIDANCE,
    MARKET_OPINION: Rank.GUIDANCE,
    ARCHIVE_STANDARD: Rank.GUIDANCE,
    DUTIES: Rank.GUIDANCE,
    HOUSE_RULES: Rank.PROJECT,
}

WORKING_DAYS = {PENALTY_LAW: frozenset({2, 3, 5, 7}), REVIEW_LAW: frozenset({3, 5, 7, 10})}
"""Numbers of days that a law writes as 日 and means as working days (T-13): 行政处罚法 article 85,
行政复议法 article 88."""


def rank_of(law: Law) -> Rank:
    """Return the rank of a source; one that is not listed here is a province's at most."""
    return RANKS.get(law.title, Rank.PROVINCE)
