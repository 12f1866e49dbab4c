"""Rights that were granted or ended come into the inbox of their person (001-22, T-12)."""

from datetime import datetime
from uuid import UUID

from gongheng.registers.messages import actions
from gongheng.registers.messages.kinds import Recipient
from gongheng.trust.identity import telling


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
