"""What a hold stops, and how it is lifted."""

from collections.abc import Sequence

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds.reasons import HELD, NO_DOCUMENT


def require_document(document: str) -> None:
    """Refuse to hold or lift without a document's number. Raises ``Refusal`` (NO_DOCUMENT)."""
    if not document.strip():
        raise Refusal(NO_DOCUMENT)


def require_free(documents: Sequence[str]) -> None:
    """Refuse while a hold stands; ``documents`` are those of the standing ones.

    Raises ``Refusal`` (HELD).
    """
    if documents:
        raise Refusal(HELD, documents=tuple(documents))
