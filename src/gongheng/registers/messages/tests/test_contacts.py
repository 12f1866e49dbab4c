"""People give addresses that they confirm; messages follow there, secrets do not (E-16, A-01)."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages import channels, contacts, jobs, queries, rules
from gongheng.registers.messages.kinds import Channel, Recipient, State
from gongheng.registers.messages.models import Contact, Delivery, Message
from gongheng.registers.messages.tests.smtp import Server
from gongheng.registers.messages.tests.test_messages import (
    FIRM,
    NOW,
    OTHER_FIRM,
    account,
    actor,
    browser,
    due,
    sent,
)
from gongheng.trust.identity import accounts
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry

pytestmark = pytest.mark.django_db

ADDRESS, NUMBER = "sun@firm.example.cn", "13987651234"


def code_in(server: Server) -> str:
    found = re.search(r"验证码 (\d{6})", server.taken[-1].mail.get_content())
    assert found is not None
    return found[1]


def texts(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def confirmed(who: Account, server: Server, address: str = ADDRESS) -> Contact:
    contacts.ask(channel=Channel.EMAIL, text=address, actor=actor(who), now=NOW)
    contacts.confirm(channel=Channel.EMAIL, code=code_in(server), actor=actor(who), now=NOW)
    server.taken.clear()
    return queries.contacts_of(who.pk).get(channel=Channel.EMAIL)


def reason_of_confirming(who: Account, code: str) -> object:
    with pytest.raises(Refusal) as refusal:
        contacts.confirm(channel=Channel.EMAIL, code=code, actor=actor(who), now=NOW)
    return refusal.value.reason


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**rules.CODE_DIGITS:06}"


class TestConfirming:
    """Nothing goes to an address before its owner typed the code that came there."""

    def test_an_address_counts_once_its_code_was_typed(self, server: Server) -> None:
        sun = account("sun")
        contacts.ask(channel=Channel.EMAIL, text=f" {ADDRESS} ", actor=actor(sun), now=NOW)
        sent(Recipient(account_id=sun.pk))
        before = Delivery.objects.filter(channel=Channel.EMAIL).count()

        contacts.confirm(channel=Channel.EMAIL, code=code_in(server), actor=actor(sun), now=NOW)
        sent(Recipient(account_id=sun.pk))
        jobs.send()

        assert before == 0
        assert [taken.recipients for taken in server.taken] == [[ADDRESS], [ADDRESS]]
        deeds = AuditEntry.objects.order_by("id").values_list("deed", "object_id")
        assert list(deeds) == [("contact.asked", "email"), ("contact.confirmed", "email")]

    def test_a_number_is_confirmed_by_a_short_message(self, sms_folder: Path) -> None:
        sun = account("sun")
        contacts.ask(channel=Channel.SMS, text="+86 139-8765-1234", actor=actor(sun), now=NOW)
        [told] = texts(sms_folder)
        code = str(re.search(r"\d{6}", told["text"])[0])  # type: ignore[index]  # it is there

        contacts.confirm(channel=Channel.SMS, code=code, actor=actor(sun), now=NOW)

        assert told["number"] == NUMBER
        assert queries.contacts_of(sun.pk).get().address == NUMBER

    def test_the_code_is_kept_nowhere(self, server: Server) -> None:
        sun = account("sun")
        contacts.ask(channel=Channel.EMAIL, text=ADDRESS, actor=actor(sun), now=NOW)

        assert holders_of(code_in(server)) == set()
        assert len(Contact.objects.get().code_digest) == 64

    def test_five_guesses_end_a_code(self, server: Server) -> None:
        sun = account("sun")
        contacts.ask(channel=Channel.EMAIL, text=ADDRESS, actor=actor(sun), now=NOW)
        code = code_in(server)

        guesses = {reason_of_confirming(sun, wrong(code)) for _ in range(rules.MOST_GUESSES)}

        assert guesses == {rules.WRONG_CONTACT_CODE}
        assert reason_of_confirming(sun, code) is rules.NO_CODE_WAITS
        assert Contact.objects.get().address == ""
        assert AuditEntry.objects.filter(deed="contact.confirmed", outcome="refused").count() == 6

    def test_a_code_ends_after_ten_minutes_and_works_once(self, server: Server) -> None:
        sun = account("sun")
        contacts.ask(channel=Channel.EMAIL, text=ADDRESS, actor=actor(sun), now=NOW)
        first = code_in(server)
        Contact.objects.update(code_until=machine_now() - timedelta(seconds=1))
        late = reason_of_confirming(sun, first)
        confirmed(sun, server)

        assert late is rules.NO_CODE_WAITS
        assert reason_of_confirming(sun, first) is rules.NO_CODE_WAITS

    def test_the_code_of_another_account_or_address_does_not_fit(self, server: Server) -> None:
        sun, stranger = account("sun"), account("he", OTHER_FIRM)
        contacts.ask(channel=Channel.EMAIL, text=ADDRESS, actor=actor(sun), now=NOW)
        code = code_in(server)
        contacts.ask(channel=Channel.EMAIL, text="x@example.cn", actor=actor(stranger), now=NOW)
        if code == code_in(server):  # pragma: no cover  one time in a million
            pytest.skip("the same digits by chance")

        assert reason_of_confirming(stranger, code) is rules.WRONG_CONTACT_CODE
        Contact.objects.filter(account=sun).update(waiting_address="other@example.cn")
        assert reason_of_confirming(sun, code) is rules.WRONG_CONTACT_CODE

    def test_codes_go_out_only_so_often(self, server: Server) -> None:
        sun, colleague = account("sun"), account("zhu")
        for _ in range(rules.MOST_CODES):
            contacts.ask(channel=Channel.EMAIL, text=ADDRESS, actor=actor(sun), now=NOW)

        for who, text in ((sun, "other@example.cn"), (colleague, ADDRESS)):
            with pytest.raises(Refusal) as refusal:
                contacts.ask(channel=Channel.EMAIL, text=text, actor=actor(who), now=NOW)
            assert refusal.value.reason is rules.TOO_MANY_CODES
        assert len(server.taken) == rules.MOST_CODES

    @pytest.mark.parametrize(
        ("channel", "text"),
        [
            (Channel.EMAIL, "sun"),
            (Channel.EMAIL, "a@example.cn\nBcc:x@example.cn,b"),
            (Channel.EMAIL, NUMBER),
            (Channel.SMS, "0871-60000000"),
            (Channel.SMS, ADDRESS),
        ],
    )
    def test_what_is_no_address_is_refused(
        self, server: Server, sms_folder: Path, channel: Channel, text: str
    ) -> None:
        with pytest.raises(Refusal) as refusal:
            contacts.ask(channel=channel, text=text, actor=actor(account("sun")), now=NOW)

        assert refusal.value.reason is rules.NOT_AN_ADDRESS
        assert (server.taken, sms_folder.exists()) == ([], False)

    def test_a_server_that_refuses_changes_nothing(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        server.refused["new@example.cn"] = "550 no such user"

        with pytest.raises(Refusal) as refusal:
            contacts.ask(channel=Channel.EMAIL, text="new@example.cn", actor=actor(sun), now=NOW)

        assert refusal.value.reason is rules.CODE_NOT_SENT
        assert Contact.objects.get().address == ADDRESS

    def test_a_change_counts_with_its_code_and_is_told(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        contacts.ask(channel=Channel.EMAIL, text="new@example.cn", actor=actor(sun), now=NOW)
        meanwhile = Contact.objects.get().address
        contacts.confirm(channel=Channel.EMAIL, code=code_in(server), actor=actor(sun), now=NOW)

        assert meanwhile == ADDRESS
        assert Contact.objects.get().address == "new@example.cn"
        assert Message.objects.get().kind == "contact.changed"


class TestReach:
    """Who is told in the inbox is told at the own address too, once."""

    def test_an_organisation_is_its_active_people_with_a_role(self, server: Server) -> None:
        sun, shared, stopped, former = (account(n) for n in ("sun", "zhu", "wu", "li"))
        stranger = account("he", OTHER_FIRM)
        for number, who in enumerate((stopped, former, stranger)):
            confirmed(who, server, f"{number}@example.cn")
        confirmed(sun, server)
        confirmed(shared, server)
        Account.objects.filter(pk=stopped.pk).update(is_active=False)
        former.grants.update(ends_at=NOW + timedelta(seconds=1))

        sent(Recipient(organisation_code=FIRM), now=NOW + timedelta(hours=1))
        jobs.send()

        assert [taken.recipients for taken in server.taken] == [[ADDRESS]], "shared: once"

    def test_a_person_who_is_named_besides_the_own_organisation_is_told_once(
        self, server: Server
    ) -> None:
        sun = account("sun")
        confirmed(sun, server)

        sent(Recipient(organisation_code=FIRM), Recipient(account_id=sun.pk))
        jobs.send()

        assert len(server.taken) == 1

    def test_an_address_given_for_one_message_is_used_alone(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)

        sent(Recipient(account_id=sun.pk, email="asker@example.cn"))
        jobs.send()

        assert [taken.recipients for taken in server.taken] == [["asker@example.cn"]]

    def test_a_secret_stays_in_the_inbox(self, server: Server, sms_folder: Path) -> None:
        sun = account("sun")
        confirmed(sun, server)
        Contact.objects.create(
            account=sun, region_code="530100", channel="sms", address=NUMBER, confirmed_at=NOW
        )

        sent(Recipient(account_id=sun.pk), Recipient(organisation_code=FIRM), is_secret=True)
        jobs.send()

        assert (server.taken, sms_folder.exists()) == ([], False)
        assert set(Delivery.objects.values_list("channel", flat=True)) == {Channel.INBOX}

    def test_who_wants_no_mail_gets_none(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        sent(Recipient(account_id=sun.pk))
        contacts.choose(wanted=[], actor=actor(sun), now=NOW)
        sent(Recipient(account_id=sun.pk))
        jobs.send()

        assert server.taken == []
        assert Delivery.objects.get(channel=Channel.EMAIL).state == State.FAILED
        assert AuditEntry.objects.filter(deed="contact.unwanted").exists()

    def test_what_waits_goes_nowhere_once_the_address_was_removed(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        sent(Recipient(account_id=sun.pk))
        contacts.remove(channel=Channel.EMAIL, actor=actor(sun), now=NOW)
        jobs.send()

        assert server.taken == []
        assert Delivery.objects.get(channel=Channel.EMAIL).state == State.FAILED
        assert not Contact.objects.exists()
        assert AuditEntry.objects.filter(deed="contact.removed").exists()


class TestRefused:
    """An address that takes nothing rests, and its owner reads so in the inbox."""

    def test_a_refused_address_is_told_once_and_rests(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        sent(Recipient(account_id=sun.pk))
        sent(Recipient(account_id=sun.pk))
        server.refused[ADDRESS] = "550 no such user"

        jobs.send()
        sent(Recipient(account_id=sun.pk))
        jobs.send()

        told = Message.objects.get(kind="contact.refused")
        assert told.deliveries.get().channel == Channel.INBOX
        assert "s***@firm.example.cn" in told.body
        assert ADDRESS not in told.body
        assert Delivery.objects.filter(channel=Channel.EMAIL, state=State.FAILED).count() == 2
        assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 2

        server.refused.clear()
        assert confirmed(sun, server).is_used

    def test_a_number_that_does_not_exist(self, sms_folder: Path) -> None:
        sun = account("sun")
        Contact.objects.create(
            account=sun, region_code="530100", channel="sms", address=NUMBER, confirmed_at=NOW
        )
        sent(Recipient(account_id=sun.pk))
        jobs.send()
        [told] = texts(sms_folder)
        report = '{"delivered": false, "reason": "空号"}'
        (sms_folder / f"{told['reference']}.report.json").write_text(report, encoding="utf-8")

        jobs.read_reports()

        assert Contact.objects.get().refusal == "空号"
        assert Message.objects.filter(kind="contact.refused").count() == 1

    def test_a_dead_server_is_no_fault_of_the_address(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        sent(Recipient(account_id=sun.pk))
        server.is_dead = True
        for _ in range(rules.MOST_ATTEMPTS):
            due()
            jobs.send()

        assert Delivery.objects.get(channel=Channel.EMAIL).state == State.FAILED
        assert Contact.objects.get().is_used


class TestWhatLeaves:
    """Who carries a message reads only what is public (decision 0021)."""

    @pytest.mark.parametrize(
        ("kind", "subject", "has_body"),
        [
            ("notice.changed", "招标文件有修改", True),
            ("award.letter", "招标文件有修改", False),
            ("evaluation.request_sent", channels.NOTICE, False),
            ("nobody.knows", channels.NOTICE, False),
        ],
    )
    def test_by_kind(
        self, server: Server, sms_folder: Path, kind: str, subject: str, *, has_body: bool
    ) -> None:
        sun = account("sun")
        confirmed(sun, server)
        Contact.objects.create(
            account=sun, region_code="530100", channel="sms", address=NUMBER, confirmed_at=NOW
        )
        sent(Recipient(account_id=sun.pk), kind=kind)
        jobs.send()

        [mail], [text] = server.taken, texts(sms_folder)
        words = mail.mail.get_content()
        assert subject in mail.mail["Subject"]
        assert subject in text["text"]
        assert ("11月9日" in words) is has_body
        assert "/messages/" in words
        if subject == channels.NOTICE:
            assert "招标文件" not in words + mail.mail["Subject"] + text["text"]


def holders_of(words: str) -> set[str]:
    """Return the tables in which a text stands."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = map(str, model.objects.values_list(field.name, flat=True))  # type: ignore[attr-defined]
                if any(words in value for value in values):
                    found.add(model.__name__)
    return found


class TestPersonalData:
    """Addresses are read by their owner; officers see them masked, and that is written down."""

    def test_they_stand_in_one_table(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        sun = account("sun")
        confirmed(sun, server)
        sent(Recipient(account_id=sun.pk))
        server.refused[ADDRESS] = "550 no such user"
        jobs.send()

        assert holders_of(ADDRESS) == {"Contact"}
        assert ADDRESS not in caplog.text

    def test_an_officer_sees_them_masked_and_is_noted(self, server: Server) -> None:
        sun = account("sun")
        confirmed(sun, server)
        facts = accounts.NewAccount(
            username="fang",
            display_name="方正",
            organisation_code="12530000MB1X000010",
            organisation_name="交易中心",
            region_code="530100",
        )
        officer, _ = accounts.open_account(facts=facts, actor=actor(sun), now=NOW)
        accounts.actions.grant_role(account=officer, role=Role.ADMINISTRATOR, now=NOW)
        Account.objects.filter(pk=officer.pk).update(must_change_password=False, is_demo=True)
        officer.refresh_from_db()

        page = browser(officer).get(f"/accounts/{sun.pk}/")
        listed = browser(officer).get("/accounts/")

        assert "s***@firm.example.cn" in page.content.decode()
        assert ADDRESS not in page.content.decode() + listed.content.decode()
        noted = AuditEntry.objects.get(account=officer, deed="account.read")
        assert noted.object_id == str(sun.pk)

    def test_the_demonstration_alone_enters_addresses_without_a_code(self, settings: Any) -> None:
        settings.NODE = replace(settings.NODE, is_demo=True)
        sun = account("sun")
        settings.NODE = replace(settings.NODE, is_demo=False)

        with pytest.raises(Refusal):
            contacts.enter_for_demo(
                account_id=sun.pk, channel=Channel.EMAIL, address="sun@demo.invalid", now=NOW
            )
        assert not Contact.objects.exists()


class TestPages:
    """The section of the own account page, without scripts."""

    def test_a_person_gives_confirms_chooses_and_removes(self, server: Server) -> None:
        sun = account("sun")
        client = browser(sun)

        asked = client.post("/me/contacts/email/", {"address": ADDRESS})
        waiting = client.get("/me/").content.decode()
        missed = client.post("/me/contacts/email/confirm/", {"code": wrong(code_in(server))})
        done = client.post("/me/contacts/email/confirm/", {"code": code_in(server)}, follow=True)
        client.post("/me/contacts/wanted/", {})
        silent = client.get("/me/").content.decode()
        client.post("/me/contacts/email/remove/")

        assert asked["Location"] == "/me/contacts/email/confirm/"
        assert "待验证" in waiting
        assert missed.status_code == 422
        assert "验证码不正确" in missed.content.decode()
        assert ADDRESS in done.content.decode()
        assert "已验证，不接收" in silent
        assert ADDRESS not in client.get("/me/").content.decode()

    def test_a_refusal_keeps_what_was_typed(self, server: Server) -> None:
        client = browser(account("sun"))
        server.refused[ADDRESS] = "550 no such user"

        bad = client.post("/me/contacts/sms/", {"address": "0871-60000000"})
        refused = client.post("/me/contacts/email/", {"address": ADDRESS})

        assert 'value="0871-60000000"' in bad.content.decode()
        assert f'value="{ADDRESS}"' in refused.content.decode()
        assert "收件地址被拒收" in refused.content.decode()
        assert client.get("/me/contacts/inbox/").status_code == 404
        assert client.post("/me/contacts/wanted/", {"wanted": "fax"}).status_code == 302

    def test_the_message_says_how_it_went(self, server: Server) -> None:
        sun, colleague = account("sun"), account("zhu")
        confirmed(sun, server)
        sent(Recipient(organisation_code=FIRM))
        jobs.send()
        delivery = queries.inbox_of(actor(sun)).get()

        assert (
            "电子邮件提醒：已发出" in browser(sun).get(f"/messages/{delivery.pk}/").content.decode()
        )
        page = browser(colleague).get(f"/messages/{delivery.pk}/").content.decode()
        assert "电子邮件提醒" not in page
