"""Kinds of rooms, what they are booked for and why a booking ended, with their Chinese labels."""

from gongheng.kernel.labels import Labelled


class RoomKind(Labelled):
    """What a room is made for."""

    OPENING = "opening", "开标室"
    EVALUATION = "evaluation", "评标室"
    REMOTE_DESK = "remote_desk", "远程异地评标工位"
    AUCTION_HALL = "auction_hall", "竞价厅"


class Purpose(Labelled):
    """What a room is booked for; the last one is the centre's own: repair, training, a meeting."""

    OPENING = "opening", "开标"
    EVALUATION = "evaluation", "评标"
    AUCTION = "auction", "竞价"
    OTHER = "other", "中心占用"

    @property
    def rooms(self) -> frozenset[RoomKind]:
        """Return the kinds of rooms that serve it."""
        return _SUITABLE[self]


_SUITABLE = {
    Purpose.OPENING: frozenset({RoomKind.OPENING}),
    Purpose.EVALUATION: frozenset({RoomKind.EVALUATION, RoomKind.REMOTE_DESK}),
    Purpose.AUCTION: frozenset({RoomKind.AUCTION_HALL}),
    Purpose.OTHER: frozenset(RoomKind),
}


class ReleaseCause(Labelled):
    """Why a booking ended before its hours."""

    MOVED = "moved", "开标时间变更"
    FAILED = "failed", "招标失败"
    TERMINATED = "terminated", "项目终止"
    SUSPENDED = "suspended", "项目暂停"
    OVER = "over", "项目已结束"
    GIVEN_UP = "given_up", "预约单位取消"
    CENTRE = "centre", "交易中心调整"
    ROOM_CLOSED = "room_closed", "场地停用"

    @property
    def calls_for_another(self) -> bool:
        """Tell whether whoever booked needs another booking in its place."""
        return self in _CALLING


_CALLING = frozenset(
    {ReleaseCause.MOVED, ReleaseCause.SUSPENDED, ReleaseCause.CENTRE, ReleaseCause.ROOM_CLOSED}
)
