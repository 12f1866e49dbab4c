"""Every address of a node, for every role and object, against the table beside this file.

The table is written by hand. ``status`` is what one request gets; ``login`` is a redirect to the
sign-in page. ``object`` is seen from the role: what is its own, another organisation's, another
region's, or another tier's (which this node does not have, or has received).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver

from gongheng.data.exchange import protocol
from gongheng.data.exchange.models import Delivery, Progress
from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.data.standard import samples
from gongheng.data.validations import wire
from gongheng.data.validations.models import Job
from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.node.config import Peer
from gongheng.public.search import actions as searches
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.subjects import actions as subjects, queries as subject_queries
from gongheng.registers.subjects.kinds import Commission, Purpose, SubjectKind
from gongheng.registers.subjects.models import AgencyAgreement
from gongheng.registers.subjects.tests.support import body, verified
from gongheng.registers.venues import actions as venues
from gongheng.registers.venues.kinds import Purpose as UseOfRoom, RoomKind
from gongheng.registers.workdays import actions as workdays
from gongheng.registers.workdays.tests.test_workdays import ASKED as NOTICE
from gongheng.trading.bids.tests import support as bidding
from gongheng.trading.cases import actions as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts.tests import support as signings
from gongheng.trading.disputes.actions import raise_objection
from gongheng.trading.disputes.kinds import Matter, ObjectionFacts, Paper
from gongheng.trading.disputes.tests.support import FACTS as OBJECTION
from gongheng.trading.documents import actions as documents, queries
from gongheng.trading.documents.papers import PAPERS as DOCUMENTS
from gongheng.trading.documents.tests.support import drafted, issued
from gongheng.trading.emergency import actions as emergency
from gongheng.trading.emergency.tests.support import facts as early_look
from gongheng.trading.evaluation.tests import support as sittings
from gongheng.trading.notices.tests.support import (
    case_of,
    colleague_of,
    draft_of,
    propose,
    publish,
    rules_of_opening_signed,
    to_notice,
)
from gongheng.trading.projects import actions as projects, intake
from gongheng.trading.projects.papers import PAPERS as APPROVALS
from gongheng.trading.projects.tests.support import (
    AGENCY,
    NOW,
    OTHER,
    TENDERER,
    StandingClock,
    actor,
    filing_facts,
    lot_of,
    person,
    project_facts,
    tender_facts,
)
from gongheng.trading.validity.models import Extension
from gongheng.trading.witness import actions as witnesses
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.trading.witness.models import Record
from gongheng.trading.witness.rules import Seen
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import role_deciding, roles
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry
from gongheng.trust.ledger import actions as ledger
from gongheng.web.routes import OWN
from tests.addresses import plain_templates
from tests.docs.pages import by_invitation

TABLE = Path(__file__).with_name("authorisation.csv")
PEOPLE = (
    "visitor",
    "clerk",
    "clerk-other",
    "clerk-region",
    "officer",
    "officer-region",
    "operator",
    "supervisor",
    "witness",
    "administrator",
    "security",
    "auditor",
    "bidder",
    "expert",
)
"""Roles that every address has rows for; some have more."""
OBJECTS = {
    "clerk": {"own": "tenderer", "other organisation": "other", "other region": "region"},
    "colleague": {"own": "tenderer", "other organisation": "other"},
    "clerk-other": {"own": "other", "other organisation": "tenderer"},
    "clerk-region": {"own": "region", "other region": "tenderer"},
    "officer": {"own": "tenderer", "other region": "region"},
    "officer-region": {"own": "region", "other region": "tenderer"},
    "firm": {"own": "tenderer"},
    "firm-other": {"other organisation": "tenderer"},
}
"""Which case a role's word means; people without cases of their own look at those of others."""
BY_INVITATION = by_invitation()
"""The procedure of the how-to page: the repository itself has only the open tender."""
OTHER_REGION = "530300"
OTHER_CENTRE = "12530000MB1X000010"
PARENT, STRANGER = "530000", "999999"
CHILD_KEY = PrivateKey.generate()
CHILD = Peer(
    code=OTHER_REGION,
    name="曲靖市公共资源交易平台（测试）",
    tier="city",
    url="http://127.0.0.1:9",
    public_key=CHILD_KEY.public.to_hex(),
    direction="child",
)


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows()


@dataclass
class World:
    """Accounts by role, and what stands in the places of a path, by place and case."""

    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    readings: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often each had read protected data when the world was made: every request begins there."""
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        """Return a browser that is signed in; signing in anew for each request costs as much."""
        client = Client()
        if role not in self.sessions:
            client.force_login(self.accounts[role])
            self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client

    def path(self, row: dict[str, str]) -> str:
        words = OBJECTS.get(row["role"], {})
        case = words.get(row["object"], row["object"])
        if case in {"own", "other organisation"}:  # of people who have none
            case = "tenderer"
        return re.sub(r"\{(\w+)\}", lambda place: self._at(place[1], case), row["path"])

    def _at(self, place: str, case: str) -> str:
        """Return what stands in a place of a path; deliveries and peers belong to the node."""
        is_of_node = place in {"delivery", "peer"} and case != "other tier"
        return self.places[place, "node" if is_of_node else case]


def _people(world: World) -> None:
    world.accounts = {
        "clerk": person("clerk"),
        "colleague": person("colleague"),
        "clerk-other": person("clerk-other", organisation_code=OTHER),
        "clerk-region": person("clerk-region", region_code=OTHER_REGION),
        "officer": person("officer", role=Role.OFFICER),
        "officer-region": person("officer-region", role=Role.OFFICER, region_code=OTHER_REGION),
        "operator": person("operator", role=Role.OPERATOR),
        "supervisor": person("supervisor", role=Role.SUPERVISOR),
        "witness": person("witness", role=Role.WITNESS, organisation_code=OTHER_CENTRE),
        "administrator": person("administrator", role=Role.ADMINISTRATOR),
        "security": person("security", role=Role.SECURITY),
        "auditor": person("auditor", role=Role.AUDITOR),
        "bidder": person("bidder", role=Role.BIDDER, organisation_code=AGENCY),
        "expert": person("expert", role=Role.EXPERT, organisation_code=""),
    }
    world.places |= {
        ("account", "tenderer"): str(world.accounts["clerk"].pk),
        ("account", "other"): str(world.accounts["clerk-other"].pk),
        ("account", "region"): str(world.accounts["clerk-region"].pk),
        ("account", "other tier"): str(uuid7()),
    }
    templates = dict(roles.shipped())
    templates[Role.OPERATOR] = replace(templates[Role.OPERATOR], is_offered=False)
    proposal = role_deciding.propose(
        templates=templates, words="停止授予。", actor=actor(world.accounts["security"]), now=NOW
    )
    cases = ("tenderer", "other", "region")
    world.places |= {("role_set", case): str(proposal.pk) for case in cases}
    world.places |= {("role_set", "other tier"): str(uuid7())}
    notice = workdays.load(**NOTICE, actor=actor(world.accounts["operator"]), now=NOW)
    world.places |= {("days_off", case): str(notice.pk) for case in cases}
    world.places |= {("days_off", "other tier"): str(uuid7())}


def _case(world: World, name: str, who: Actor, region: str) -> UUID:
    """Make a case with a published notice and a draft for a second lot; return its record."""
    tender = projects.register(
        project=project_facts(region_code=region, name=f"{name}项目"),
        tender_project=tender_facts(tenderer_code=who.organisation_code),
        actor=who,
        now=NOW,
    )
    lot = lot_of(tender, who)
    notice = publish(draft_of(tender, who), who)
    announced = case_of(lot)
    objection = raise_objection(
        case_id=announced.pk,
        matter=Matter.DOCUMENTS,
        facts=ObjectionFacts(**OBJECTION, paper=Paper(name="a.pdf", pieces=[b"%PDF-1.4"])),
        actor=actor(world.accounts["bidder"]),
        now=NOW,
    )
    lot_of(tender, who, name="施工二标段")
    to_notice(tender, who)
    draft = draft_of(tender, who, title="第二份公告")
    world.places |= {
        ("tender", name): str(tender.pk),
        ("draft", name): str(draft.pk),
        ("notice", name): str(notice.pk),
        ("announced", name): str(announced.pk),
        ("objection", name): str(objection.pk),
        ("tender_code", "public"): tender.code,
    }
    return notice.version_id


def _second_look(world: World, name: str, who: Actor, region: str) -> None:
    """Let a notice wait for its second person, and a message lie in the inbox of the first."""
    tender = projects.register(
        project=project_facts(region_code=region, name=f"{name}待复核项目"),
        tender_project=tender_facts(tenderer_code=who.organisation_code),
        actor=who,
        now=NOW,
    )
    lot_of(tender, who)
    [proposal] = propose(draft_of(tender, who, title="待复核的公告"), who)
    files = {"图纸.pdf": b"%PDF-1.7 to be reviewed"}
    draft = drafted(proposal.case, now=NOW, by=who, files=files)
    digest = draft.attachments.get().digest
    message = messages.send(
        recipients=[Recipient(account_id=who.person_id)],
        subject="退回修改",
        body="请核对。",
        kind="case.returned",
        now=NOW,
    )
    world.places |= {
        ("proposal", name): str(proposal.pk),
        ("reviewed", name): digest,
        ("reviewed", "other tier"): digest,
        ("message", name): str(message.deliveries.get().pk),
        ("proposal", "other tier"): str(uuid7()),
        ("message", "other tier"): str(uuid7()),
    }


def _registers(world: World) -> None:
    """Make subjects and applications of two organisations and of another region."""
    names = {"tenderer": TENDERER, "other": OTHER, "region": samples.firm(61)}
    own = verified(TENDERER, "昆明市城市建设中心", now=NOW, roles="01")
    agency = verified(AGENCY, "云南示例招标代理有限公司", now=NOW, roles="02")
    for case, code in names.items():
        application = subjects.submit(
            kind=SubjectKind.LEGAL_PERSON,
            purpose=Purpose.CHANGE if case == "tenderer" else Purpose.REGISTER,
            body=body(code, f"示例{case}有限公司", roles="01"),
            applicant=subjects.Applicant(
                "李工", region_code=OTHER_REGION if case == "region" else "530100"
            ),
            now=NOW,
            base_version=1,
        )
        found = subject_queries.subject(code)
        assert found is not None
        world.places |= {
            ("application", case): str(application.pk),
            ("subject", case): str(found.pk),
            ("credit_code", case): code,
        }
    agreement = subjects.register_agreement(
        facts=subjects.AgreementFacts(
            tenderer_code=own.subject.code,
            agency_code=agency.subject.code,
            scope="施工招标代理",
            commissions=tuple(Commission),
            starts_on=NOW.date(),
            ends_on=NOW.date(),
            document_name="委托协议.pdf",
            document_digest="0" * 64,
        ),
        actor=actor(world.accounts["clerk"]),
        now=NOW,
    )
    # An agreement is the organisation's, whichever region its clerk works in.
    world.places |= {
        ("agreement", "tenderer"): str(agreement.pk),
        ("agreement", "other"): str(_of_another(agreement).pk),
        ("agreement", "region"): str(agreement.pk),
    }
    world.places |= {
        (place, "other tier"): str(uuid7())
        for place in ("application", "subject", "agreement", "credit_code")
    }


def _of_another(agreement: AgencyAgreement) -> AgencyAgreement:
    """Return the like of an agreement, as another organisation had it while it was registered."""
    other = AgencyAgreement.objects.get(pk=agreement.pk)
    other.pk = uuid7()
    other.tenderer_code = other.registered_by_code = OTHER
    other.save(force_insert=True)
    return other


def _bids(world: World) -> None:
    """Let a lot take bids; what a firm has handed in stands in the places of its paths."""
    folder = Path(settings.NODE.state_dir) / "authorisation"
    folder.mkdir(exist_ok=True)
    accounts, places = bidding.of_the_house(folder)
    world.accounts |= accounts
    names = ("tenderer", "other", "region")
    world.places |= {(place, name): key for place, key in places.items() for name in names}
    world.places |= {(place, "other tier"): str(uuid7()) for place in places}


def _evaluations(world: World) -> None:
    """Let a committee sit; a member and an expert without a seat look at it."""
    accounts, places = sittings.of_the_house(world.accounts["clerk"])
    world.accounts |= accounts
    names = ("tenderer", "other", "region")
    world.places |= {(place, name): key for place, key in places.items() for name in names}
    world.places |= {(place, "other tier"): str(uuid7()) for place in places}


def _witnessed(world: World) -> None:
    """Let the opening of each announced lot have been witnessed, by one witness in her region."""
    who = actor(world.accounts["witness"])
    for name in ("tenderer", "other", "region"):
        case = Case.objects.get(pk=world.places["announced", name])
        record = Record.objects.create(
            region_code=case.region_code,
            case=case,
            sitting=Sitting.OPENING,
            place="三楼",
            opened_at=NOW,
            opened_by_name=who.name,
        )
        if name != "region":
            arrived = Seen(kind=EntryKind.WITNESS, happened_at=NOW, words="到场")
            witnesses._write(record, arrived, who, NOW)
        record.closed_at, record.digest = NOW, "0" * 64
        record.save()
        world.places["witnessed", name] = str(record.pk)
    world.places["witnessed", "other tier"] = str(uuid7())


def _venues(world: World) -> None:
    """Let each centre keep a room, and each organisation's lot have it for two hours."""
    hours = {"starts_at": NOW + timedelta(days=40), "ends_at": NOW + timedelta(days=40, hours=2)}
    for number, (name, keeper, who) in enumerate(
        (
            ("tenderer", "officer", "clerk"),
            ("other", "officer", "clerk-other"),
            ("region", "officer-region", "clerk-region"),
        )
    ):
        facts = venues.RoomFacts(
            name=f"开标室{number}", kind=RoomKind.OPENING, address="三楼", seats=40
        )
        room = venues.enter_room(facts=facts, actor=actor(world.accounts[keeper]), now=NOW)
        clerk = actor(world.accounts[who])
        lot = venues.LotFacts(title=name, code=name, tenderer_code=clerk.organisation_code)
        booking = venues.book(
            room_id=room.pk, purpose=UseOfRoom.OPENING, lot=lot, actor=clerk, now=NOW, **hours
        )
        world.places |= {("room", name): str(room.pk), ("booking", name): str(booking.pk)}
    world.places |= {(place, "other tier"): str(uuid7()) for place in ("room", "booking")}


def _awards(world: World) -> None:
    """Let the bidder have won a lot, with letter, contract, deposit and papers."""
    firm = world.accounts["bidder"]
    places = signings.of_the_house(world.accounts["clerk"], firm)
    Extension.objects.create(
        region_code=firm.region_code,
        case_id=places["awarded"],
        until=NOW.date(),
        reason="异议尚在处理。",
        bidders=[{"code": firm.organisation_code, "name": firm.organisation_name}],
        asked_by_name="张三",
        asked_at=NOW,
        reply_by=NOW + timedelta(days=3),
    )
    names = ("tenderer", "other", "region")
    world.places |= {(place, name): key for place, key in places.items() for name in names}
    world.places |= {(place, "other tier"): str(uuid7()) for place in places}


def _saved_search(world: World) -> None:
    """Let the clerk keep a question."""
    who = actor(world.accounts["clerk"])
    kept = searches.save_search(query="q=x", name="x", actor=who, now=NOW)
    world.places |= {("search", name): str(kept.pk) for name in ("tenderer", "other", "region")}
    world.places |= {("search", "other tier"): str(uuid7())}


def _preparations(world: World, name: str, who: Actor, region: str) -> None:
    """Let a lot wait for its intake with documents begun, and the public have those of another."""
    tender = projects.register(
        project=project_facts(region_code=region, name=f"{name}待受理项目"),
        tender_project=tender_facts(tenderer_code=who.organisation_code),
        actor=who,
        now=NOW,
    )
    lot = lot_of(tender, who)
    paper = APPROVALS.keep([b"%PDF-1.7 approval"], name="批复.pdf")
    filing = intake.submit(
        tender_project_id=tender.pk,
        facts=filing_facts(digest=paper.digest),
        actor=who,
        now=NOW,
    )
    preparing = case_of(lot)
    documents.begin(case_id=preparing.pk, actor=who, now=NOW)
    world.places |= {
        ("preparing", name): str(preparing.pk),
        ("filing", name): str(filing.pk),
        ("preparing", "other tier"): str(uuid7()),
        ("filing", "other tier"): str(uuid7()),
    }


def _invitations(world: World, name: str, who: Actor, region: str) -> None:
    """Let a lot be tendered by invitation, its letter not out yet."""
    tender = projects.register(
        project=project_facts(region_code=region, name=f"{name}邀请招标项目"),
        tender_project=tender_facts(
            tenderer_code=who.organisation_code, procedure=BY_INVITATION.code
        ),
        actor=who,
        now=NOW,
    )
    world.places |= {
        ("inviting", name): str(case_of(lot_of(tender, who)).pk),
        ("inviting", "other tier"): str(uuid7()),
    }


def _documents_on_view(world: World, who: Actor) -> None:
    """Let the public have the documents of the lot that takes bids, with a file."""
    case = Case.objects.get(pk=world.places["bidding", "tenderer"])
    announced = case.steps.get(step="publish_notice")
    announced.facts["documents_from"] = NOW.isoformat()  # the world stands at this very hour
    announced.save(update_fields=["facts"])
    version = queries.issued_in(case) or issued(case, now=NOW, by=who, reviewer=colleague_of(who))
    kept = DOCUMENTS.keep([b"%PDF-1.7 list"], name="清单.pdf")
    version.attachments.create(
        region_code=version.region_code,
        name="清单.pdf",
        media_type=kept.media_type,
        size=kept.size,
        digest=kept.digest,
    )
    names = ("tenderer", "other", "region")
    world.places |= {("attachment", name): kept.digest for name in names}
    world.places |= {("attachment", "other tier"): "0" * 64}


def _validation(world: World) -> None:
    """Let the operator wait for a file to be judged."""
    job = Job.objects.create(
        region_code="530100",
        account=world.accounts["operator"],
        name="PROJECT.csv",
        size=1,
        digest="0" * 64,
        queued_at=NOW,
    )
    world.places |= {("validation", name): str(job.pk) for name in ("tenderer", "other", "region")}
    world.places |= {("validation", "other tier"): str(uuid7())}
    facts = {"name": "PROJECT.csv", "size": 1, "digest": "0" * 64, "queued_at": NOW}
    theirs = Job.objects.create(region_code="530100", peer=CHILD.code, **facts)
    others = Job.objects.create(region_code="530100", peer=PARENT, **facts)
    world.places |= {
        ("peer_validation", name): str(theirs.pk) for name in ("tenderer", "other", "region")
    }
    world.places |= {
        ("peer_validation", "another peer"): str(others.pk),
        ("peer_validation", "other tier"): str(uuid7()),
    }


def _emergency(world: World) -> None:
    """A supervisor asks for an early look, which nobody has decided."""
    asked = emergency.ask(
        case_id=UUID(world.places["announced", "tenderer"]),
        facts=early_look(),
        actor=actor(world.accounts["supervisor"]),
        now=NOW,
    )
    for name in ("tenderer", "other", "region"):
        world.places["emergency", name] = str(asked.pk)
    world.places["emergency", "other tier"] = str(uuid7())


def _record(number: int, audience: Audience, **more: Any) -> str:
    body = samples.valid("PROJECT", PROJECT_CODE=f"E53010000019{number:05d}")
    version = records.publish(dataset="PROJECT", body=body, audience=audience, now=NOW, **more)
    return str(version.pk)


def _world() -> World:
    world = World()
    _people(world)
    _bids(world)  # adopts the procedure that the other cases begin under, too
    cases.adopt(BY_INVITATION, now=NOW)
    _documents_on_view(world, actor(world.accounts["clerk"]))
    own = _case(world, "tenderer", actor(world.accounts["clerk"]), "530103")
    received = _case(world, "other", actor(world.accounts["clerk-other"]), "530102")
    _case(world, "region", actor(world.accounts["clerk-region"]), "530302")
    for name, role, region in (
        ("tenderer", "clerk", "530103"),
        ("other", "clerk-other", "530102"),
        ("region", "clerk-region", "530302"),
    ):
        _second_look(world, name, actor(world.accounts[role]), region)
        _preparations(world, name, actor(world.accounts[role]), region)
        _invitations(world, name, actor(world.accounts[role]), region)
    Version.objects.filter(pk=received).update(origin=CHILD.code, sender=CHILD.code)
    _registers(world)
    _evaluations(world)
    _awards(world)
    _saved_search(world)
    _validation(world)
    _venues(world)
    _witnessed(world)
    _emergency(world)
    delivery = Delivery.objects.create(
        peer=PARENT,
        version_id=own,
        position=0,
        progress=Progress.REFUSED,
        queued_at=machine_now(),
    )
    plan = records.act(
        case_code="E5301000001000001001001",
        kind="tender_plan.published",
        actor_code=TENDERER,
        facts={"plan": "1", "title": "招标计划", "planned_on": "2026-11-20", "facts": []},
        audience=Audience.PUBLIC,
        region_code="530100",
        now=NOW,
    )
    world.places |= {("plan", "public"): str(plan.pk), ("plan", "other tier"): str(uuid7())}
    later = NOW.replace(year=2027)
    world.places |= {(place, "other tier"): str(uuid7()) for place in ("tender", "draft", "notice")}
    world.places |= {
        (place, "other tier"): str(uuid7()) for place in ("announced", "objection", "tender_code")
    }
    world.places |= {
        ("record", "public"): str(own),
        ("record", "other tier"): str(received),
        ("record", "not yet"): _record(1, Audience.PUBLIC, not_before=later),
        ("record", "supervision only"): _record(2, Audience.SUPERVISION),
        ("record", "parties only"): _record(3, Audience.PARTIES),
        ("record", "unknown"): str(uuid7()),
        ("delivery", "node"): str(delivery.pk),
        ("delivery", "other tier"): str(delivery.pk + 1000),
        ("peer", "node"): PARENT,
        ("peer", "other tier"): STRANGER,
    }
    ledger.number()
    key = PrivateKey.from_pem(settings.NODE.key_path.read_bytes())
    ledger.sign_checkpoint(key=key, origin=settings.NODE.code, now=NOW)
    return world


@pytest.fixture(autouse=True)
def _signed_rules() -> Iterator[None]:
    with rules_of_opening_signed():
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:  # noqa: ARG001  brings the database
    """Make the world once; the mark on the test rolls every request against it back."""
    changed = {
        "NODE": replace(settings.NODE, peers=(*settings.NODE.peers, CHILD)),
        "GONGHENG_CLOCK": StandingClock(),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "TEMPLATES": plain_templates(),
    }
    with django_db_blocker.unblock(), override_settings(**changed), transaction.atomic():
        made = _world()
        for role in made.accounts:
            made.browser(role)
            made.readings[role] = _readings(made, role)
        yield made
        transaction.set_rollback(True)


def _from_peer(client: Client, row: dict[str, str], path: str) -> Any:
    """Ask as another platform: known by its key, known with a wrong key, or not known."""
    code = STRANGER if row["role"] == "unknown peer" else CHILD.code
    key = CHILD_KEY if row["role"] == "peer" else PrivateKey.generate()
    common = {"sender": code, "receiver": settings.NODE.code}
    if row["route"].startswith("registers-"):
        return _from_city(client, row, path, key, common)
    if row["route"].startswith("validations-"):
        return _with_file(client, row, path, key, common)
    if row["method"] == "GET":
        question = common | {"after": 0, "made_at": machine_now().isoformat()}
        signed = protocol.Signed.of(protocol.QUESTION, question, key)
        return client.get(path, headers={"Authorization": protocol.authorization(signed)})
    head = protocol.Head(
        **common, batch_id=uuid4(), made_at=machine_now(), count=0, digest=sm3(b"").hex()
    )
    body = protocol.compose(head, b"", key)[1]
    return client.post(path, body, content_type="application/octet-stream")


REGISTERS = {
    "registers-subjects": "applications",
    "registers-subject": "subject",
    "registers-application": "application",
    "registers-keys": "keys",
    "registers-ranges": "ranges",
    "registers-roles": "roles",
    "registers-calendar": "calendar",
}
"""What is asked at each door of the registers."""


def _from_city(
    client: Client, row: dict[str, str], path: str, key: PrivateKey, common: dict[str, str]
) -> Any:
    """Ask the keeper of the registers as a city does."""
    last = path.rsplit("/", 1)[-1]
    question = common | {"code": last, "application": last, "made_at": machine_now().isoformat()}
    label = f"gongheng.registers.{REGISTERS[row['route']]}.question.v1"
    signed = protocol.Signed.of(label, question, key)
    if row["method"] == "GET":
        return client.get(path, headers={"Authorization": protocol.authorization(signed)})
    return client.post(path, signed.as_json(), content_type="application/json")


def _with_file(
    client: Client, row: dict[str, str], path: str, key: PrivateKey, common: dict[str, str]
) -> Any:
    """Hand in a file to be judged, or ask after one."""
    now = machine_now().isoformat()
    file = {"name": "PROJECT.csv", "size": 1, "sm3": sm3(b"x").hex(), "made_at": now}
    job = {"job": path.split("/")[4] if row["method"] == "GET" else "", "made_at": now}
    label, said = (wire.QUESTION, job) if row["method"] == "GET" else (wire.FILE, file)
    head = {"Authorization": protocol.authorization(protocol.Signed.of(label, common | said, key))}
    if row["method"] == "GET":
        return client.get(path, headers=head)
    return client.post(path, b"x", content_type="application/octet-stream", headers=head)


def _ask(world: World, row: dict[str, str]) -> Any:
    path = world.path(row)
    if "peer" in row["role"]:
        return _from_peer(Client(), row, path)
    client = Client() if row["role"] == "visitor" else world.browser(row["role"])
    # The version of the draft as it was made; a form that is admitted is then found wanting.
    data = {"number": "1"} if row["method"] == "POST" else None
    return client.generic(row["method"], path) if data is None else client.post(path, data)


PROTECTED = {
    OBJECTION["evidence"]: {"bidder"},
    OBJECTION["contact"]: {"bidder"},
    "0871-60000031": set(),  # whom to call about an application
    "席上专家": {"member"},
    "HD001": {"bidder"},  # the paper of a deposit
    "按月支付。": {"bidder"},  # the clauses of a contract that is not published
    "BG-1": set(),  # the report to the supervisor
    "HT-1": {"bidder"},
}
"""What stands in protected data of this world, and the roles whose own it is (E-16)."""


def _protected_in(content: bytes, role: str) -> list[str]:
    text = content.decode(errors="replace")
    return [words for words, owners in PROTECTED.items() if words in text and role not in owners]


def _readings(world: World, role: str) -> int:
    who = world.accounts.get(role)
    return AuditEntry.objects.filter(account=who, outcome="done").count() if who else 0


def _reads_own(path: str) -> bool:
    return getattr(get_resolver().resolve(path.partition("?")[0]).func, "reads", "") == OWN


def _fault(world: World, row: dict[str, str]) -> str:
    """Return what is wrong with the answer to a row, empty when nothing is."""
    answer = _ask(world, row)
    # A file is closed once it was read.
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    protected = _protected_in(content, row["role"])
    must_be_noted = protected and not _reads_own(world.path(row))
    if must_be_noted and _readings(world, row["role"]) <= world.readings[row["role"]]:
        return f"shows {protected} and nobody wrote it down"
    is_login = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
    got = "login" if is_login else str(answer.status_code)
    return "" if got == row["status"] else f"gets {got}"


REFUSALS = {"login", "403", "404", "405"}


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted({row["route"] for row in ROWS}))
def test_each_request_of_an_address_gets_what_the_table_says(world: World, route: str) -> None:
    """Each request begins in the world as it was made: what it does is undone behind it."""
    found = []
    for row in ROWS:
        if row["route"] == route:
            # A refusal leaves nothing but its entry in the audit trail.
            with nullcontext() if row["status"] in REFUSALS else undone():
                fault = _fault(world, row)
            if fault:
                found.append(" ".join([*filter(None, row.values()), fault]))

    assert found == []


ALL_TABS = {
    *("project", "documents", "notice", "deposits", "bids", "opening"),
    *("evaluation", "award", "contract", "disputes", "rooms"),
}
"""What the rooms show of the cases in this world, to the centre."""


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["clerk", "officer", "supervisor", "bidder", "expert", "member"])
def test_every_tab_of_every_case_opens_for_who_sees_it(world: World, role: str) -> None:
    client = world.browser(role)
    seen: dict[str, set[int]] = defaultdict(set)
    alike = {(case.awaits, case.tenderer_code): case for case in Case.objects.all()}
    for case in alike.values():
        page = client.get(f"/cases/{case.pk}/")
        for tab, _ in page.context["tabs"] if page.status_code == 200 else ():
            before = _readings(world, role)
            shown = client.get(f"/cases/{case.pk}/?tab={tab}")
            seen[tab].add(shown.status_code)
            protected = _protected_in(shown.content, role)
            assert not protected or _readings(world, role) > before, (tab, protected)

    assert seen.keys() >= {"course", "procedure"} | (ALL_TABS if role == "officer" else set())
    assert set().union(*seen.values()) == {200}, seen


def _patterns() -> list[URLPattern]:
    patterns = get_resolver().url_patterns
    assert all(isinstance(pattern, URLPattern) for pattern in patterns), "no nested resolvers"
    return patterns


def test_every_address_of_the_resolver_has_rows_for_every_role() -> None:
    roles: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        roles[row["route"]].add(row["role"])

    missing = {
        (pattern.name, role)
        for pattern in _patterns()
        for role in PEOPLE
        if role not in roles[str(pattern.name)]
    }

    assert not missing
    assert set(roles) == {pattern.name for pattern in _patterns()}


def test_every_address_with_an_object_has_rows_for_an_own_and_a_foreign_one() -> None:
    objects: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        objects[row["route"]].add(row["object"])

    lacking = [
        pattern.name
        for pattern in _patterns()
        if "<" in str(pattern.pattern)
        and not (
            objects[str(pattern.name)] & {"own", "public"}
            and "other tier" in objects[str(pattern.name)]
        )
    ]

    assert not lacking


def test_a_row_names_the_address_that_its_path_leads_to() -> None:
    for row in ROWS:
        path = re.sub(r"\{(delivery|peer)\}", "1", row["path"].partition("?")[0])
        match = get_resolver().resolve(re.sub(r"\{\w+\}", str(uuid7()), path))
        assert match.url_name == row["route"], row


def test_no_request_has_two_answers() -> None:
    asked = [(row["method"], row["path"], row["role"], row["object"]) for row in ROWS]

    assert len(asked) == len(set(asked))
