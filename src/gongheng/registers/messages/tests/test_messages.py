"""Who must know is told, each alone; the inbox counts, the rest is tried until it went."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages import actions, jobs, queries, rules
from gongheng.registers.messages.kinds import Channel, Recipient, State
from gongheng.registers.messages.models import Delivery, Message
from gongheng.registers.messages.tests.smtp import Server
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.actors import NOBODY, Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
FIRM, OTHER_FIRM = "91440300MA5F000007", "91440300MA5F000015"


def account(name: str, firm: str = FIRM, roles: Iterable[Role] = (Role.BIDDER,)) -> Account:
    return identity.create_account(
        username=name,
        password="demo",
        display_name=name,
        organisation_code=firm,
        organisation_name=firm,
        region_code="530100",
        roles=roles,
        now=NOW,
        is_demo=True,
    )


def actor(who: Account) -> Actor:
    return acting(who, now=NOW)


def sent(*recipients: Recipient, **changes: Any) -> Message:
    facts: dict[str, Any] = {
        "recipients": recipients,
        "subject": "招标文件有修改",
        "body": "投标截止时间改为11月9日09:00。\n详见澄清公告。",
        "kind": "notice.changed",
        "case_code": "E5301000001000001001001",
        "now": NOW,
    }
    return actions.send(**facts | changes)


def browser(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


def due() -> None:
    """Let everything that waits be due, as if time had passed."""
    Delivery.objects.filter(state=State.WAITING).update(next_attempt_at=NOW - timedelta(days=300))


class TestInbox:
    """A message is received when it enters the inbox, and the first reading is proof (T-12, E-26)."""

    def test_it_is_received_at_once_and_read_once(self) -> None:
        sun = account("sun")
        sent(Recipient(account_id=sun.pk))
        delivery = queries.inbox_of(actor(sun)).get()

        first = actions.read(
            delivery_id=delivery.pk, actor=actor(sun), now=NOW + timedelta(hours=1)
        )
        again = actions.read(
            delivery_id=delivery.pk, actor=actor(sun), now=NOW + timedelta(hours=2)
        )

        assert delivery.received_at == NOW
        assert first.read_at == again.read_at == NOW + timedelta(hours=1)
        assert first.read_by_id == sun.pk
        assert AuditEntry.objects.filter(deed="message.read").count() == 1

    def test_an_organisation_has_one_inbox_for_its_people(self) -> None:
        sun, colleague, stranger = account("sun"), account("zhu"), account("he", OTHER_FIRM)
        sent(Recipient(organisation_code=FIRM))

        [delivery] = queries.inbox_of(actor(sun))
        actions.read(delivery_id=delivery.pk, actor=actor(colleague), now=NOW)

        assert queries.unread(actor(sun)) == 0
        assert not queries.inbox_of(actor(stranger)).exists()
        assert queries.proof(delivery.message_id).get().read_by_id == colleague.pk

    def test_who_has_no_organisation_shares_no_inbox(self) -> None:
        expert = account("zhou", "")
        sent(Recipient(account_id=account("sun").pk), Recipient(email="a@example.cn"))

        assert not queries.inbox_of(actor(expert)).exists()
        assert not queries.inbox_of(NOBODY).exists()

    def test_who_only_claims_to_be_of_a_firm_reads_none_of_its_messages(self) -> None:
        sun, claimant = account("sun"), account("claims", roles=[])  # as signing up leaves one
        sent(Recipient(organisation_code=FIRM))
        sent(Recipient(account_id=claimant.pk))
        [of_firm] = queries.inbox_of(actor(sun))
        client = browser(claimant)

        listed = client.get("/messages/").content.decode()
        answer = client.get(f"/messages/{of_firm.pk}/")

        assert str(of_firm.pk) not in listed
        assert answer.status_code == 404
        assert queries.unread(actor(claimant)) == 1  # what became of the own application
        of_firm.refresh_from_db()
        assert of_firm.read_at is None

    def test_whose_role_has_ended_reads_what_came_to_the_firm_no_longer(self) -> None:
        sun = account("sun")
        sent(Recipient(organisation_code=FIRM))
        sun.grants.update(ends_at=NOW + timedelta(days=1))

        assert queries.unread(actor(sun)) == 1
        assert not queries.inbox_of(acting(sun, now=NOW + timedelta(days=1))).exists()

    def test_it_vanishes_with_the_deed_that_it_tells_of(self) -> None:
        sun = account("sun")

        with transaction.atomic():
            sent(Recipient(account_id=sun.pk))
            transaction.set_rollback(True)

        assert not Message.objects.exists()

    def test_the_same_recipient_twice_is_told_once(self) -> None:
        sun = account("sun")
        to = Recipient(account_id=sun.pk, organisation_code=FIRM, email="a@example.cn")

        sent(to, to, Recipient(account_id=sun.pk, email="b@example.cn"))

        assert queries.inbox_of(actor(sun)).count() == 1

    @pytest.mark.parametrize(
        ("recipients", "changes", "reason"),
        [
            ((), {}, rules.NOBODY_TO_TELL),
            ((Recipient(),), {}, rules.NOBODY_TO_TELL),
            ((Recipient(email="a@b.cn"),), {"subject": " \n"}, rules.EMPTY),
            ((Recipient(email="a@b.cn"),), {"body": ""}, rules.EMPTY),
        ],
    )
    def test_a_message_without_people_or_words_is_refused(
        self, recipients: tuple[Recipient, ...], changes: dict[str, Any], reason: object
    ) -> None:
        with pytest.raises(Refusal) as refusal:
            sent(*recipients, **changes)

        assert refusal.value.reason is reason


class TestPages:
    """The inbox page shows the person's messages, and nobody else's."""

    def test_the_list_the_message_and_the_number_in_the_head(self) -> None:
        sun = account("sun")
        sent(Recipient(account_id=sun.pk), subject="<b>甲</b>\n乙")
        client = browser(sun)

        before = client.get("/messages/").content.decode()
        delivery = queries.inbox_of(actor(sun)).get()
        message = client.get(f"/messages/{delivery.pk}/").content.decode()
        after = client.get("/messages/").content.decode()

        assert "&lt;b&gt;甲&lt;/b&gt; 乙" in before
        assert "条未读" in before
        assert "投标截止时间改为11月9日09:00。<br>详见澄清公告。" in message
        assert "《电子签名法》第十一条" in message
        assert "条未读" not in after
        assert "没有未读消息" in client.get("/messages/?unread=1").content.decode()

    def test_another_finds_nothing(self) -> None:
        sun, stranger = account("sun"), account("he", OTHER_FIRM)
        sent(Recipient(account_id=sun.pk))
        delivery = queries.inbox_of(actor(sun)).get()

        assert browser(stranger).get(f"/messages/{delivery.pk}/").status_code == 404
        assert Delivery.objects.get(pk=delivery.pk).read_at is None
        assert "还没有消息" in browser(stranger).get("/messages/").content.decode()
        assert Client().get("/messages/")["Location"].startswith("/login/")

    def test_many_messages_have_pages(self) -> None:
        sun = account("sun")
        for number in range(25):
            sent(
                Recipient(account_id=sun.pk),
                subject=f"消息{number:02}",
                now=NOW + timedelta(minutes=number),
            )

        first = browser(sun).get("/messages/").content.decode()

        assert "消息24" in first
        assert "消息04" not in first
        assert 'rel="next"' in first


class TestEmail:
    """E-mail over a real line: each recipient alone, tried again, given up in the end."""

    def test_each_gets_a_mail_of_his_own(self, server: Server) -> None:
        sent(Recipient(email="a@example.cn"), Recipient(email="b@example.cn"))

        assert jobs.send() is True
        assert jobs.send() is False

        assert sorted(taken.recipients for taken in server.taken) == [
            ["a@example.cn"],
            ["b@example.cn"],
        ]
        for taken in server.taken:
            others = {"a@example.cn", "b@example.cn"} - set(taken.recipients)
            assert not any(other.encode() in taken.data for other in others)
            assert "招标文件有修改" in taken.mail["Subject"]
            assert "详见澄清公告" in taken.mail.get_content()
            assert taken.mail["From"] == "ggzy@example.cn"
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
        assert Delivery.objects.values("receipt").distinct().count() == 2

    def test_a_dead_server_is_tried_again_with_growing_pauses(self, server: Server) -> None:
        sent(Recipient(email="a@example.cn"))
        server.is_dead = True

        jobs.send()
        failed = Delivery.objects.get()
        server.is_dead = False
        assert jobs.send() is False
        due()
        jobs.send()

        assert (failed.state, failed.attempts) == (State.WAITING, 1)
        assert "没有应答" in failed.failure or "答复" in failed.failure
        assert Delivery.objects.get().state == State.SENT
        assert len(server.taken) == 1

    def test_it_is_given_up_after_the_last_attempt(self, server: Server) -> None:
        sent(Recipient(email="a@example.cn"))
        server.is_dead = True

        for _ in range(rules.MOST_ATTEMPTS):
            due()
            assert jobs.send() is True

        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == (State.FAILED, rules.MOST_ATTEMPTS)
        due()
        assert jobs.send() is False

    @pytest.mark.parametrize(
        ("reply", "state"),
        [("550 no such user", State.FAILED), ("450 busy", State.WAITING)],
    )
    def test_a_refused_address_is_final_only_when_the_server_says_so(
        self, server: Server, reply: str, state: State
    ) -> None:
        sent(Recipient(email="a@example.cn"), Recipient(email="b@example.cn"))
        server.refused["a@example.cn"] = reply

        jobs.send()

        assert Delivery.objects.get(address="a@example.cn").state == state
        assert Delivery.objects.get(address="b@example.cn").state == State.SENT

    @pytest.mark.parametrize(
        "address",
        ["a", "a@b", "a@example.cn\nBcc: x@example.cn", "张@example.cn", "a b@example.cn"],
    )
    def test_what_is_no_address_is_never_sent(self, server: Server, address: str) -> None:
        sent(Recipient(email=address))

        jobs.send()

        assert server.taken == []
        assert Delivery.objects.get().state == State.FAILED

    def test_a_subject_of_several_lines_makes_no_header(self, server: Server) -> None:
        sent(Recipient(email="a@example.cn"), subject="甲\r\nBcc: x@example.cn")

        jobs.send()

        [taken] = server.taken
        assert taken.mail["Bcc"] is None
        assert "甲 Bcc: x@example.cn" in taken.mail["Subject"]

    def test_a_crash_after_sending_sends_again_under_the_same_id(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent(Recipient(email="a@example.cn"))

        def crash(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Delivery, "save", crash)
        with pytest.raises(KeyboardInterrupt):
            jobs.send()
        monkeypatch.undo()
        assert jobs.send() is False, "the claim still stands"
        due()
        jobs.send()

        assert len({taken.mail["Message-ID"] for taken in server.taken}) == 1

    def test_a_node_without_a_mail_server_says_so(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        sent(Recipient(account_id=account("sun").pk, email="a@example.cn"))

        jobs.send()

        email, inbox = (Delivery.objects.get(channel=c) for c in (Channel.EMAIL, Channel.INBOX))
        assert (email.state, email.failure) == (State.FAILED, "本平台没有配置邮件服务器")
        assert inbox.state == State.DELIVERED


class TestSms:
    """Short messages by a gateway, whose report says whether they arrived."""

    def submitted(self, folder: Path) -> dict[str, Any]:
        [path] = folder.glob("*.json")
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return facts

    def answer(self, folder: Path, text: str) -> None:
        reference = self.submitted(folder)["reference"]
        (folder / f"{reference}.report.json").write_text(text, encoding="utf-8")

    def test_it_is_submitted_and_its_report_read(self, sms_folder: Path) -> None:
        sent(Recipient(phone="13987651234"))

        jobs.send()
        facts = self.submitted(sms_folder)
        jobs.read_reports()
        unknown = Delivery.objects.get().state
        self.answer(sms_folder, '{"delivered": true}')
        jobs.read_reports()

        assert facts["number"] == "13987651234"
        assert "招标文件有修改" in facts["text"]
        assert "详见澄清公告" not in facts["text"], "the body is read after signing in"
        assert unknown == State.SENT
        assert Delivery.objects.get().state == State.DELIVERED

    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ('{"delivered": false, "reason": "空号"}', State.FAILED),
            ("{", State.SENT),
            ("[]", State.SENT),
            ('{"reason": "?"}', State.SENT),
        ],
    )
    def test_a_bad_report_is_none(self, sms_folder: Path, text: str, state: State) -> None:
        sent(Recipient(phone="+8613987651234"))
        jobs.send()
        self.answer(sms_folder, text)

        jobs.read_reports()

        assert Delivery.objects.get().state == state

    def test_a_gateway_that_cannot_be_reached_is_tried_again(self, sms_folder: Path) -> None:
        sms_folder.write_text("no folder")
        sent(Recipient(phone="13987651234"))

        jobs.send()

        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == (State.WAITING, 1)
        assert "不可写" in delivery.failure

    def test_what_is_no_number_is_never_sent(self, sms_folder: Path) -> None:
        sent(Recipient(phone="0871-60000000"))

        jobs.send()

        assert not sms_folder.exists()
        assert Delivery.objects.get().state == State.FAILED


def test_pauses_grow_to_an_hour_and_end() -> None:
    pauses = [rules.pause_after(attempt) for attempt in range(1, rules.MOST_ATTEMPTS + 1)]

    assert pauses[0] == rules.FIRST_PAUSE
    assert pauses[-1] is None
    known = [pause for pause in pauses if pause is not None]
    assert known == sorted(known)
    assert max(known) <= rules.LONGEST_PAUSE
