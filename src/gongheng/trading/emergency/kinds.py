"""What may be looked at early, on which ground, and where a request stands."""

from collections.abc import Mapping

from gongheng.kernel.labels import Labelled
from gongheng.trading.cases.kinds import Information


class Item(Labelled):
    """A secret item that an order can open early.

    Bids are none: nobody can open those (A-06). Nor is who bids: until the deadline nobody can list or
    count the bids, and afterwards supervision sees the opening anyway (A-01).
    """

    INVITEES = "invitees", "被邀请单位名单"
    COMMITTEE = "committee", "评标委员会成员名单"

    @property
    def information(self) -> Information:
        """Return the row of the visibility matrix that the item belongs to."""
        return _ROWS[self]


_ROWS: Mapping[Item, Information] = {
    Item.INVITEES: Information.DOCUMENT_HOLDERS,
    Item.COMMITTEE: Information.EXPERT_NAMES,
}


class Ground(Labelled):
    """By whose order something is looked at early."""

    SUPERVISION = "supervision", "行政监督部门查处违法行为的决定"
    COURT = "court", "人民法院、人民检察院、监察机关或者公安机关的调取文书"


class State(Labelled):
    """Where a request stands; an approved one ends by itself."""

    WAITING = "waiting", "待另一人批准"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"
