"""Works tenders of the demonstration, registered and published by the rooms' own actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gongheng.data.standard import samples
from gongheng.kernel.clock import DEMO_STARTS_AT, to_minute
from gongheng.node.demo import holders
from gongheng.node.demo.people import HOSPITAL, SCHOOL
from gongheng.trading.cases import actions as cases, gate, queries as cases_queries
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.documents import actions as documents
from gongheng.trading.documents.kinds import Conclusion
from gongheng.trading.notices import actions as notices, drafts
from gongheng.trading.projects import actions as projects, intake, planning
from gongheng.trading.projects.kinds import (
    SELF_ORGANISED,
    THROUGH_AGENCY,
    Approval,
    FilingFacts,
    IntakeVerdict,
    LotFacts,
    PlanFacts,
    ProjectFacts,
    TenderProjectFacts,
)
from gongheng.trading.projects.models import TenderProject
from gongheng.trading.projects.papers import PAPERS
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.actors import Actor, acting


@dataclass(frozen=True, slots=True)
class Tender:
    """One invented tender: lots as pairs of name and estimate in ten thousand yuan.

    ``days_before`` is the day of its notice. ``is_published`` tells whether that is out; the others
    wait for the visitor to go on.
    """

    days_before: int
    clerk: str
    region: str
    name: str
    scale: str
    work: str
    lots: tuple[tuple[str, int], ...]
    has_agency: bool = False
    is_published: bool = True


TENDERS = (
    Tender(
        26,
        "clerk2",
        "530111",
        "昆明市示例人民医院门诊楼改扩建工程",
        "建筑面积 2.4 万平方米，地上六层",
        "施工图范围内的建筑、安装和装饰工程",
        (("施工", 12860),),
        has_agency=True,
    ),
    Tender(
        20,
        "clerk",
        "530102",
        "昆明市示例第一中学运动场改造工程",
        "四百米跑道一处，看台 1200 座",
        "运动场及附属设施施工",
        (("施工", 1680),),
    ),
    Tender(
        12,
        "clerk2",
        "530103",
        "昆明市盘龙区示例片区老旧小区改造工程",
        "涉及 14 个小区、居民 2860 户",
        "外墙、管网、道路和消防设施改造",
        (("施工一标段", 4320), ("施工二标段", 3950)),
        has_agency=True,
    ),
    Tender(
        6,
        "clerk",
        "530114",
        "昆明市呈贡区示例河道综合治理工程",
        "治理河道 8.6 公里",
        "清淤、护岸和生态修复",
        (("施工", 5240),),
    ),
    Tender(
        2,
        "clerk",
        "530112",
        "昆明市西山区示例路道路提升改造工程",
        "道路全长 3.2 公里，红线宽 40 米",
        "道路、排水、照明和绿化工程",
        (("施工一标段", 2750), ("施工二标段", 2310)),
    ),
    Tender(
        0,
        "clerk",
        "530102",
        "昆明市示例第一中学教学楼建设工程",
        "建筑面积 1.2 万平方米，地上五层",
        "教学楼土建、安装和室外工程",
        (("施工", 4680),),
        is_published=False,
    ),
)
_PROCEDURE = "works_open"
_APPROVER = "昆明市示例发展和改革委员会"
_AGENCY = "云南示例招标代理有限公司"
_CONTACTS = {
    "tenderer_address": "云南省昆明市示例路1号",
    "tenderer_person": "李明（演示）",
    "tenderer_phone": "0871-60000001",
    "tenderer_email": "zhaobiao@example.cn",
}
_AGENCY_CONTACTS = {
    "agency_address": "云南省昆明市示例路8号",
    "agency_person": "陈静（演示）",
    "agency_phone": "0871-60000002",
    "agency_email": "daili@example.cn",
}
_SECOND = {"clerk": "reviewer", "clerk2": "reviewer2"}
"""Who confirms what a clerk proposes."""
DAYS_BEFORE_NOTICE = 35
"""From the registration to the notice: a plan stands for a month first (B-01)."""
_LEAST_BIDDING = timedelta(days=20)
"""Before this no deadline is lawful (W-06): the earliest hour that rules of opening name."""
REVIEWED = "已逐项核对，联系方式为对外公布的办公信息，可以公开。"
_OWNERS = {"clerk": (samples.firm(1), SCHOOL), "clerk2": (samples.firm(11), HOSPITAL)}


def load() -> None:
    """Register and plan every tender, then write its documents and publish the notices that are out.

    Each deed has its own legal time, in the order of the days: two people do what takes two.
    """
    registered: list[tuple[Tender, TenderProject]] = []
    for number, tender in enumerate(TENDERS, start=1):
        at = _day(tender) - timedelta(days=DAYS_BEFORE_NOTICE)
        registered.append((tender, _register(tender, number, _actor(tender.clerk), at)))
        take_in(registered[-1][1], tender, at + timedelta(minutes=20))
    for tender, made in registered:
        at = _day(tender)
        write_documents(made, tender, at)
        if tender.is_published:
            agree_on_opening(made, tender, at + timedelta(minutes=20))
            _publish(made, tender, at + timedelta(minutes=40))


def _day(tender: Tender) -> datetime:
    return DEMO_STARTS_AT - timedelta(days=tender.days_before, hours=1)


def take_in(made: TenderProject, tender: Tender, at: datetime) -> None:
    """Submit a tender with its approval, accept it, and publish its plan."""
    clerk, project = _actor(tender.clerk), made.project
    paper = PAPERS.keep([_page(f"Approval {project.code}, demonstration")], name="批复.pdf")
    approval = Approval(
        name=project.approval_name,
        number=project.approval_number,
        authority=project.approval_authority or _APPROVER,
        on=(at - timedelta(days=30)).date(),
    )
    intake.submit(
        tender_project_id=made.pk,
        facts=FilingFacts(approval=approval, file="批复.pdf", digest=paper.digest),
        actor=clerk,
        now=at,
    )
    intake.decide(
        tender_project_id=made.pk,
        verdict=IntakeVerdict.ACCEPTED,
        corrections=(),
        actor=_actor("officer"),
        now=at + timedelta(minutes=20),
    )
    proposals = planning.propose(
        tender_project_id=made.pk,
        facts=PlanFacts(planned_on=_day(tender).date(), scope=tender.work),
        actor=clerk,
        now=at + timedelta(minutes=40),
    )
    _confirm(proposals[0], tender, at + timedelta(hours=1))


def _page(words: str) -> bytes:
    """Return a page of ASCII words as a PDF."""
    drawn = f"BT /F1 14 Tf 72 720 Td ({words}) Tj ET"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            f" /Resources << /Font << /F1 {font} >> >> >>"
        ),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    )
    text, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(f"{len(text):010d} 00000 n \n")
        text += f"{number} 0 obj\n{one}\nendobj\n"
    count = len(objects) + 1
    table = f"xref\n0 {count}\n0000000000 65535 f \n{''.join(places)}"
    end = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + table + end).encode("ascii")


def _confirm(proposal: Proposal, tender: Tender, at: datetime) -> None:
    """Let the second person of the tenderer look at a matter and publish it."""
    passage = gate.deed_of(proposal.step).preview(proposal, at)
    cases.confirm(
        proposal_id=proposal.pk,
        verdict=Verdict.PUBLISH,
        seen=gate.digest(passage, gate.proposals_of(proposal.matter)),
        reason=REVIEWED,
        actor=_actor(_SECOND[tender.clerk]),
        now=at,
    )


def write_documents(made: TenderProject, tender: Tender, at: datetime) -> None:
    """Write each lot's documents from the template, and review their fairness."""
    for case in _cases(made):
        draft = documents.begin(case_id=case.pk, actor=_actor(tender.clerk), now=at)
        documents.review(
            case_id=case.pk,
            conclusion=Conclusion.PASSED,
            reasons="未设置排除、限制竞争的条件，资格和评审标准与项目规模相适应。",
            exceptions="",
            revision=draft.revision,
            actor=_actor(_SECOND[tender.clerk]),
            now=at + timedelta(minutes=10),
        )


def agree_on_opening(made: TenderProject, tender: Tender, at: datetime) -> None:
    """Let the rules be signed by which the bids for each lot are sealed and opened."""
    for case in _cases(made):
        holders.agree_on_opening(
            case, not_before=at + _LEAST_BIDDING, actor=_actor(tender.clerk), now=at
        )


def _cases(made: TenderProject) -> list[Case]:
    found = [cases_queries.case_of(lot.code) for lot in made.lots.order_by("code")]
    return [case for case in found if case is not None]


def _actor(username: str) -> Actor:
    account = identity.account_named(username)
    if account is None:
        msg = f"no account {username}: people come first"
        raise LookupError(msg)
    return acting(account, now=DEMO_STARTS_AT)


def _register(tender: Tender, number: int, actor: Actor, at: datetime) -> TenderProject:
    owner_code, owner = _OWNERS[tender.clerk]
    registered = projects.register(
        project=ProjectFacts(
            name=tender.name,
            region_code=tender.region,
            relate_code="1",
            address=f"云南省昆明市示例路{number}号",
            legal_person=owner,
            industry="E48" if "道" in tender.name else "E47",
            fund_source="市级财政资金",
            scale=tender.scale,
            contact_name=actor.name,
            contact_phone="0871-60000001",
            approval_name=f"关于{tender.name}可行性研究报告的批复",
            approval_number=f"示例发改〔2026〕{number}号",
            approval_authority=_APPROVER,
            invest_project_code=f"2026-530100-47-01-{number:06d}",
        ),
        tender_project=TenderProjectFacts(
            procedure=_PROCEDURE,
            name=f"{tender.name}施工",
            is_statutory=True,
            category="A01",
            content=tender.work,
            tenderer_name=owner,
            tenderer_code=owner_code,
            organise_form=THROUGH_AGENCY if tender.has_agency else SELF_ORGANISED,
            supervisor_name="昆明市示例住房和城乡建设局",
            approver_name=_APPROVER,
            reporter=actor.name,
            agency_name=_AGENCY if tender.has_agency else "",
            agency_code=samples.firm(2) if tender.has_agency else "",
        ),
        actor=actor,
        now=at,
    )
    for name, estimate in tender.lots:
        projects.add_lot(
            tender_project_id=registered.pk,
            facts=LotFacts(
                name=f"{tender.name}{name}",
                content=tender.work,
                classification="A080200",
                estimate=Decimal(estimate) * 10_000,
                qualification="具备相应专业施工总承包二级及以上资质，安全生产许可证有效。",
                begin_on=(at + timedelta(days=75)).date(),
                duration_days=300,
            ),
            actor=actor,
            now=at,
        )
    return registered


def _publish(made: TenderProject, tender: Tender, at: datetime) -> None:
    actor = _actor(tender.clerk)
    values = _as_typed(drafts.form_of(made, values=None, actor=actor, now=at).initial)
    values |= _CONTACTS | (_AGENCY_CONTACTS if made.has_agency else {})
    draft = notices.save_draft(
        tender_project_id=made.pk, values=values, number=0, actor=actor, now=at
    )
    proposals = notices.propose(draft_id=draft.pk, number=draft.number, actor=actor, now=at)
    _confirm(proposals[0], tender, at + timedelta(minutes=10))


def _as_typed(initial: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's beginnings as a person would have typed them."""
    return {
        name: to_minute(value) if isinstance(value, datetime) else value
        for name, value in initial.items()
    }
