"""What is witnessed, and what stands in a record, with their Chinese labels."""

from gongheng.kernel.labels import Labelled


class Sitting(Labelled):
    """What is witnessed."""

    OPENING = "opening", "开标"
    EVALUATION = "evaluation", "评标"


class EntryKind(Labelled):
    """What an entry of a record says."""

    WITNESS = "witness", "见证人员到场"
    ARRIVAL = "arrival", "签到"
    DEPARTURE = "departure", "签退"
    ACCESS = "access", "门禁出入"
    EVENT = "event", "事项"
    INCIDENT = "incident", "异常"
    VIDEO = "video", "音视频"
    CORRECTION = "correction", "更正"

    @property
    def is_of_person(self) -> bool:
        """Tell whether the entry is about a person who came or went."""
        return self in {EntryKind.ARRIVAL, EntryKind.DEPARTURE, EntryKind.ACCESS}
