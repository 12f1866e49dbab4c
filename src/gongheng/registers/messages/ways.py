"""What the room gives to accounts: messages about rights (001-22, T-12), and addresses (E-16)."""

from datetime import datetime
from uuid import UUID

from gongheng.kernel.clock import machine_now
from gongheng.registers.messages import actions, contact_pages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trust.identity import sections, telling


@telling.provides_way
def tell(*, account_id: UUID, subject: str, body: str, now: datetime) -> None:
    """Put a message about a right into a person's inbox."""
    actions.send(
        recipients=[Recipient(account_id=account_id)],
        subject=subject,
        body=body,
        kind="identity.right",
        now=now,
    )


@sections.provides_section
def contacts(account_id: UUID, *, is_own: bool) -> sections.Section:
    """Show a person's addresses: whole to the owner, masked to the officers."""
    template = "messages/_own_contacts.html" if is_own else "messages/_contacts.html"
    lines = contact_pages.lines_of(account_id, is_own=is_own, now=machine_now())
    return sections.Section(template, {"lines": lines})
