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
from gongheng.registers.messages.models import Delivery

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
"""The setting of a node without a mail server."""
LONGEST_SMS = 300
_PERMANENT = 500


class NotSent(Exception):
    """A delivery that did not go; ``is_final`` when another attempt would change nothing."""

    def __init__(self, said: str, *, is_final: bool = False) -> None:
        super().__init__(said)
        self.is_final = is_final


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


def send_email(delivery: Delivery, *, now: datetime) -> str:
    """Hand a message to the mail server, for one address alone; return its message id.

    Raises ``NotSent``.
    """
    if settings.EMAIL_BACKEND == NO_MAIL:
        raise NotSent("本平台没有配置邮件服务器", is_final=True)
    node, message = settings.NODE, delivery.message
    host = urlsplit(node.url).hostname or node.code
    receipt = f"<{delivery.pk}@{host}>"
    mail = EmailMessage(
        subject=f"【{node.name}】{message.subject}",
        body=f"{message.body}\n\n登录平台查看：{node.url}/messages/\n本邮件由系统发出，请勿回复。",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.address],
        # The same message sent twice, after a crash, is told apart from two by its id.
        headers={"Message-ID": receipt, "Date": f"{now:%a, %d %b %Y %H:%M:%S %z}"},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(
            "收件地址被拒收", is_final=all(code >= _PERMANENT for code in codes)
        ) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"邮件服务器答复 {error.smtp_code}", is_final=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"邮件服务器没有应答（{type(error).__name__}）") from error
    return receipt


def send_sms(delivery: Delivery) -> str:
    """Hand a short message to the gateway: the subject alone, the rest is read after signing in."""
    text = f"【{settings.NODE.name}】{delivery.message.subject}。请登录平台查看。"[:LONGEST_SMS]
    return gateway().submit(number=delivery.address, text=text, reference=str(delivery.pk))
