"""What is witnessed is written once, kept secret as long as the law asks, and proves itself (U-04)."""

import json
import pkgutil
import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

import gongheng
from gongheng.data.exchange import stations
from gongheng.data.records.models import Act
from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.kinds import Role as Doer
from gongheng.trading.evaluation.models import Committee, Member
from gongheng.trading.witness import actions, queries, rules
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.trading.witness.models import Entry, Record
from gongheng.trading.witness.rules import Seen
from gongheng.trading.witness.tests.support import arrival, browser, departure, joined, witness
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.statements import read
from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission
from tests.cases import (
    BIDDER,
    CLERK,
    EXPERT,
    NOW,
    OFFICER,
    SUPERVISOR,
    TENDERER,
    WORKS,
    Walk,
    case_at,
    lot_case,
    walk_to,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def at_opening(walk: Walk, who: Any) -> Record:
    return actions.arrive(case_id=walk.case.pk, sitting=Sitting.OPENING, actor=who, now=walk.now)


def refused(reason: Any, deed: Any, **asked: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        deed(**asked)
    assert refusal.value.reason is reason


def test_a_witness_has_no_other_deed() -> None:
    names = [found.name for found in pkgutil.walk_packages(gongheng.__path__, "gongheng.")]
    modules = [import_module(name) for name in names if name.endswith(".permissions")]
    each = [value for module in modules for value in vars(module).values()]
    own = {one.code for one in each if isinstance(one, Permission) and Role.WITNESS in one.roles}

    assert own == {"trading:witness:record", "trading:witness:read"}
    doers = {role for step in WORKS.steps for role in (*step.roles, *step.second)}
    assert Role.WITNESS.value not in {role.value for role in doers | set(Doer)}


def test_what_is_seen_is_chained_closed_and_signed() -> None:
    walk, who = case_at("open_bids"), witness()
    record = at_opening(walk, who)
    by: dict[str, Any] = {"record_id": record.pk, "actor": who, "now": walk.now}
    actions.write(**by, seen=arrival(walk.now, "李明", "招标人代表"))
    refused(rules.STILL_IN, actions.close, **by)
    video = Seen(
        kind=EntryKind.VIDEO,
        happened_at=walk.now - MINUTE,
        until=walk.now,
        file_name="301-1.mp4",
        file_digest="ab" * 32,
    )
    actions.write(**by, seen=video)
    fault = Seen(kind=EntryKind.CORRECTION, happened_at=walk.now, words="应为李敏", corrects=2)
    actions.write(**by, seen=fault)
    actions.write(**by, seen=departure(walk.now, "李明", "招标人代表"))

    closed = actions.close(**by)

    entries = list(closed.entries.order_by("number"))
    assert [entry.kind for entry in entries] == [
        "witness", "arrival", "video", "correction", "departure"
    ]  # fmt: skip
    chain = ""
    for entry in entries:
        chain = sm3(canonical([chain, actions.content_of(entry)])).hex()
        assert entry.digest == chain
    assert closed.statement["chain"] == chain
    assert closed.statement["entries"][3]["corrects"] == 2
    assert closed.statement["entries"][1]["person"] == "李明"
    assert sm3(canonical(closed.statement)).hex() == closed.digest
    public = stations.own_key().public
    signature = bytes.fromhex(closed.signature)
    assert read(actions.LABEL, canonical(closed.statement), signature, public)["v"] == 1
    acts = Act.objects.filter(kind__startswith="witness.").order_by("id")
    assert [act.facts["digest"] for act in acts] == [*(e.digest for e in entries), closed.digest]
    assert "李明" not in json.dumps([act.facts for act in acts], ensure_ascii=False)
    assert {act.audience for act in acts} == {"supervision"}
    refused(rules.CLOSED, actions.write, **by, seen=arrival(walk.now))
    refused(rules.CLOSED, actions.close, **by)
    refused(rules.CLOSED, at_opening, walk=walk, who=witness("he"))


def test_the_paper_after_storage_says_what_was_signed() -> None:
    walk, who = case_at("open_bids"), witness()
    record = at_opening(walk, who)
    actions.close(record_id=record.pk, actor=who, now=walk.now)

    stored = Record.objects.select_related("case").get(pk=record.pk)

    assert actions.paper_of(stored) == stored.statement
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(closed_at=None)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(kind=EntryKind.ARRIVAL, happened_at=NOW, person_name="甲"), rules.INCOMPLETE),
        (Seen(kind=EntryKind.EVENT, happened_at=NOW), rules.INCOMPLETE),
        (Seen(kind=EntryKind.INCIDENT, happened_at=NOW, words=" "), rules.INCOMPLETE),
        (Seen(kind=EntryKind.CORRECTION, happened_at=NOW, words="x"), rules.INCOMPLETE),
        (Seen(kind=EntryKind.EVENT, happened_at=NOW, words="x", corrects=1), rules.INCOMPLETE),
        (
            Seen(kind=EntryKind.VIDEO, happened_at=NOW, until=NOW, file_name="a", file_digest="x"),
            rules.INCOMPLETE,
        ),
        (Seen(kind=EntryKind.EVENT, happened_at=NOW + MINUTE, words="x"), rules.FUTURE),
        (
            Seen(kind=EntryKind.EVENT, happened_at=NOW, until=NOW - MINUTE, words="x"),
            rules.FUTURE,
        ),
    ],
)
def test_an_entry_says_what_it_must(seen: Seen, reason: Any) -> None:
    good = replace(
        seen, kind=EntryKind.EVENT, happened_at=NOW, until=None, words="停电", corrects=None
    )
    rules.require_complete(good, now=NOW)

    refused(reason, rules.require_complete, seen=seen, now=NOW)


def test_whoever_has_a_part_in_the_case_cannot_witness_it() -> None:
    walk = case_at("open_bids")
    committee = Committee.objects.create(
        region_code=walk.case.region_code,
        case=walk.case,
        letter_on=walk.now.date(),
        formed_at=walk.now,
        formed_by=CLERK.person_id,
    )
    sits = witness("sits")
    Member.objects.create(
        region_code=walk.case.region_code,
        committee=committee,
        account_id=sits.account_id,
        name="席",
        seat=1,
        kind="expert",
    )
    acted = joined(replace(OFFICER, roles=frozenset({"officer", "witness"})))

    for who, reason in (
        (witness("staff", organisation=TENDERER), rules.PARTY),
        (sits, rules.MEMBER),
        (acted, rules.ACTED),
        (witness("far", region="530300"), rules.NOT_A_WITNESS),
        (CLERK, rules.NOT_A_WITNESS),
        (SUPERVISOR, rules.NOT_A_WITNESS),
        (EXPERT, rules.NOT_A_WITNESS),
        (BIDDER, rules.NOT_A_WITNESS),
    ):
        refused(reason, at_opening, walk=walk, who=who)
    assert at_opening(walk, witness()).opened_by_name == "gao"


def test_nothing_is_witnessed_before_its_time() -> None:
    walk, who = case_at("publish_notice"), witness()
    refused(rules.NOT_NOW, at_opening, walk=walk, who=who)
    walk_to(walk, "close_bids")
    opening_at = queries.times_of(walk.case)["opening_at"]
    assert opening_at is not None
    walk.now = opening_at - rules.BEFORE - MINUTE
    refused(rules.NOT_NOW, at_opening, walk=walk, who=who)
    walk.now += MINUTE

    assert at_opening(walk, who).place == queries.ONLINE


def test_the_number_of_questions_does_not_grow_with_the_cases() -> None:
    walk, who = case_at("close_bids"), witness()
    walk.now = queries.times_of(walk.case)["opening_at"] or walk.now

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            open_now = queries.cases_to_witness(who, now=walk.now)
        assert open_now[0] == (walk.case, Sitting.OPENING)
        return len(questions)

    once = asked()
    _, other = lot_case("close_bids")
    lot_case("evaluate")
    lot_case("register")

    assert asked() == once
    sittings = [sitting for _, sitting in queries.cases_to_witness(who, now=walk.now)]
    assert sorted(sittings) == sorted([Sitting.OPENING, Sitting.OPENING, Sitting.EVALUATION])
    assert other.case in [case for case, _ in queries.cases_to_witness(who, now=walk.now)]


def test_who_takes_over_comes_first_and_others_do_not_write() -> None:
    walk, who, next_one = case_at("open_bids"), witness(), witness("he")
    record = at_opening(walk, who)
    by: dict[str, Any] = {"record_id": record.pk, "now": walk.now, "seen": arrival(walk.now)}
    refused(rules.NOT_HERE, actions.write, **by, actor=next_one)
    assert not queries.records_for(next_one).exists()

    assert at_opening(walk, next_one).pk == record.pk
    actions.write(**by, actor=next_one)

    assert Entry.objects.filter(record=record, kind=EntryKind.WITNESS).count() == 2


def test_names_of_an_evaluation_are_seen_by_its_witness_until_the_award() -> None:
    walk, who = case_at("evaluate"), witness()
    record = actions.arrive(
        case_id=walk.case.pk, sitting=Sitting.EVALUATION, actor=who, now=walk.now
    )
    by: dict[str, Any] = {"record_id": record.pk, "actor": who, "now": walk.now}
    actions.write(**by, seen=arrival(walk.now))
    actions.write(**by, seen=departure(walk.now))
    actions.close(**by)
    for actor in (CLERK, OFFICER, SUPERVISOR):
        joined(actor)
    settings.GONGHENG_CLOCK.at = walk.now
    address = f"/witness/{record.pk}/"

    def met(actor: Any) -> list[int]:
        case = browser(actor).get(f"/cases/{walk.case.pk}/?tab=witness")
        assert "郑培元" not in case.content.decode()
        return [browser(actor).get(address + end).status_code for end in ("", "record.json")]

    assert browser(who).get(address).status_code == 200
    for actor in (CLERK, OFFICER, SUPERVISOR):
        assert met(actor) == [404, 404]
        assert (
            "在定标前保密"
            in browser(actor).get(f"/cases/{walk.case.pk}/?tab=witness").content.decode()
        )
    walk_to(walk, "notify_award")
    walk_to(walk, "publish_result")

    assert met(CLERK) == [200, 200]
    assert met(OFFICER) == [404, 404]
    assert met(SUPERVISOR) == [404, 404]


def test_a_record_is_written_on_the_pages() -> None:
    walk, who = case_at("open_bids"), witness()
    settings.GONGHENG_CLOCK.at = walk.now
    client = browser(who)
    listed = client.get("/witness/").content.decode()
    begun = client.post(f"/cases/{walk.case.pk}/witness/opening/")
    record = Record.objects.get()
    address = f"/witness/{record.pk}/"
    moment = f"{walk.now:%Y-%m-%d %H:%M}"

    empty = client.post(address, {"kind": "event", "happened_at": moment})
    client.post(address, {"kind": "incident", "happened_at": moment, "words": "断电三分钟"})
    page = client.get(address).content.decode()
    moved = {"happened_at": moment, "person_name": "李明", "person_role": "招标人代表"}
    client.post(address, {"kind": "arrival", **moved})
    too_early = client.post(f"{address}close/")
    sent_to = re.search(
        r'<form method="post"\s+action="([^"]+)"\s+novalidate', too_early.content.decode()
    )
    assert sent_to is not None
    client.post(sent_to[1], {"kind": "departure", **moved})
    client.post(f"{address}close/")
    joined(CLERK)
    paper = browser(CLERK).get(f"{address}record.json").json()

    assert "到场见证" in listed
    assert begun["Location"] == address
    assert empty.status_code == 422
    assert "断电三分钟" in page
    assert str(rules.STILL_IN.message) in too_early.content.decode()
    assert paper["statement"]["entries"][1]["words"] == "断电三分钟"
    assert client.post(f"/cases/{walk.case.pk}/witness/nothing/").status_code == 404
    assert browser(CLERK).post(f"/cases/{walk.case.pk}/witness/opening/").status_code == 403
