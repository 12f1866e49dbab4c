"""Papers that prove a cause, without which there is none (W-29, W-30)."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import rules
from gongheng.web.files import Paper, Store

PAPERS = Store("award")


def proof(paper: Paper | None, *, title: str) -> dict[str, str]:
    """Keep a paper; returns the columns that name it.

    Raises ``Refusal`` (NO_PROOF, and what no room keeps).
    """
    if paper is None:
        raise Refusal(rules.NO_PROOF)
    digest, name = PAPERS.enter(paper, title=title)
    return {"evidence_digest": digest, "evidence_name": name}
