"""The ways out of the house: e-mail by SMTP, short messages by a gateway."""

import json
import smtplib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from gongheng.kernel.clock import machine_now
from gongheng.registers.messages.kinds import Channel, Outside, outside
from gongheng.registers.messages.models import Delivery, Message

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
"""The setting of a node without a mail server."""
LONGEST_SMS = 300
NOTICE = "您有一条新消息"
"""The subject outside of a message whose own says something protected."""
_PERMANENT = 500


class NotSent(Exception):
    """A delivery that did not go; ``is_final`` when another attempt would change nothing.

    ``is_refused`` when it is the address that was refused, and not the house that has no way out.
    """

    def __init__(self, said: str, *, is_final: bool = False, is_refused: bool = False) -> None:
        super().__init__(said)
        self.is_final = is_final
        self.is_refused = is_refused


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says of a short message: whether it arrived, and why not."""

    is_delivered: bool
    reason: str = ""


class Gateway(Protocol):
    """A provider of short messages."""

    def submit(self, *, number: str, text: str, reference: str) -> str:
        """Hand a message over and return its name at the provider. Raises ``NotSent``."""

    def report(self, receipt: str) -> Report | None:
        """Return what became of a message, nothing as long as it is not known."""


@dataclass(frozen=True, slots=True)
class FileGateway:
    """A provider that is a folder: one file a message; ``<receipt>.report.json`` is its answer."""

    folder: Path

    def submit(self, *, number: str, text: str, reference: str) -> str:
        """Write the message into the folder, whole or not at all."""
        facts = {
            "number": number,
            "text": text,
            "reference": reference,
            "submitted_at": machine_now().isoformat(),
        }
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self.folder / f".{reference}.part"
            draft.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
            draft.replace(self.folder / f"{reference}.json")
        except OSError as error:
            raise NotSent(f"短信目录不可写（{error.strerror}）") from error
        return reference

    def report(self, receipt: str) -> Report | None:
        """Read the answer; a damaged one is none yet."""
        try:
            facts = json.loads((self.folder / f"{receipt}.report.json").read_text("utf-8"))
            return Report(bool(facts["delivered"]), str(facts.get("reason", ""))[:80])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def gateway() -> Gateway:
    """Return the node's provider of short messages."""
    return FileGateway(settings.NODE.state_dir / "sms")


def mail_out(*, address: str, subject: str, text: str, reference: str, now: datetime) -> str:
    """Hand a mail to the mail server, for one address alone; return its message id.

    Raises ``NotSent``.
    """
    if settings.EMAIL_BACKEND == NO_MAIL:
        raise NotSent("本平台没有配置邮件服务器", is_final=True)
    node = settings.NODE
    host = urlsplit(node.url).hostname or node.code
    receipt = f"<{reference}@{host}>"
    mail = EmailMessage(
        subject=f"【{node.name}】{subject}",
        body=f"{text}\n本邮件由系统发出，请勿回复。",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        # The same message sent twice, after a crash, is told apart from two by its id.
        headers={"Message-ID": receipt, "Date": f"{now:%a, %d %b %Y %H:%M:%S %z}"},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        is_final = all(code >= _PERMANENT for code in codes)
        raise NotSent("收件地址被拒收", is_final=is_final, is_refused=is_final) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"邮件服务器答复 {error.smtp_code}", is_final=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"邮件服务器没有应答（{type(error).__name__}）") from error
    return receipt


def text_out(*, number: str, text: str, reference: str) -> str:
    """Hand a short message to the gateway and return its name there. Raises ``NotSent``."""
    words = f"【{settings.NODE.name}】{text}"[:LONGEST_SMS]
    return gateway().submit(number=number, text=words, reference=reference)


def send(delivery: Delivery, *, address: str, now: datetime) -> str:
    """Hand over of a message what may leave the house; return its name there. Raises ``NotSent``."""
    message, reference = delivery.message, str(delivery.pk)
    if delivery.channel == Channel.SMS:
        text = f"{subject_outside(message)}。请登录平台查看。"
        return text_out(number=address, text=text, reference=reference)
    body = f"{message.body}\n\n" if outside(message.kind) is Outside.TEXT else ""
    return mail_out(
        address=address,
        subject=subject_outside(message),
        text=f"{body}登录平台查看：{settings.NODE.url}/messages/",
        reference=reference,
        now=now,
    )


def subject_outside(message: Message) -> str:
    """Return the subject as whoever carries the message may read it."""
    return NOTICE if outside(message.kind) is Outside.NOTICE else message.subject
