"""The secrecy review of a passage: marks of fields, and personal data in every text (000-5, A-09)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongheng.data.standard import registry
from gongheng.data.standard.registry import FieldAudience
from gongheng.kernel import masking
from gongheng.trading.cases.gate import Attached, Passage
from gongheng.web import file_search


class Ground(StrEnum):
    """Why a text of a passage was found."""

    WITHHELD = "withheld"
    PERSONAL_FIELD = "personal_field"
    SECRET_FIELD = "secret_field"  # noqa: S105  # a ground of a finding, no password
    PERSONAL_DATA = "personal_data"
    UNREAD = "unread"

    @property
    def label(self) -> str:
        """Return the ground in Chinese."""
        return _LABELS[self]


_LABELS = {
    Ground.WITHHELD: "不公开字段，只供政府部门使用，公众页面自动隐去",
    Ground.PERSONAL_FIELD: "个人信息字段，公众页面自动隐去",
    Ground.SECRET_FIELD: "保密字段，不离开本平台",
    Ground.PERSONAL_DATA: "文字中含有个人信息",
    Ground.UNREAD: file_search.UNREAD,
}
_OF_MARKS = {
    FieldAudience.GOVERNMENT: Ground.WITHHELD,
    FieldAudience.PERSONAL: Ground.PERSONAL_FIELD,
    FieldAudience.SECRET: Ground.SECRET_FIELD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place of a passage: record (or none), label, ground, and the text with persons covered."""

    record: str
    label: str
    ground: Ground
    kind: str
    shown: str

    @property
    def is_open(self) -> bool:
        """Tell whether somebody must say why it may go out; every record has withheld fields."""
        return self.ground is not Ground.WITHHELD

    def as_json(self) -> dict[str, str]:
        """Return the finding as it is kept with the review."""
        return {
            "record": self.record,
            "label": self.label,
            "ground": self.ground.value,
            "kind": self.kind,
            "shown": self.shown,
        }


def findings(passage: Passage) -> tuple[Found, ...]:
    """Return everything that the reviewer must look at, what is open first."""
    found = [*_in_text("", "标题", passage.title)]
    for label, words in passage.facts:
        found.extend(_in_text("", label, words))
    for of, label, words in passage.texts:
        found.extend(_in_text(of, label, words))
    for file in passage.files:
        found.extend(_in_file(file))
    for code, body in passage.records:
        found.extend(_in_record(code, body))
    return tuple(sorted(found, key=lambda finding: not finding.is_open))


def _in_record(code: str, body: Mapping[str, str]) -> Iterator[Found]:
    dataset = registry.dataset(code)
    for field in dataset.fields:
        value = body.get(field.code, "")
        if not value:
            continue
        ground = _OF_MARKS.get(field.audience)
        if ground in {Ground.PERSONAL_FIELD, Ground.SECRET_FIELD}:
            shown = masking.hidden(value)
        else:
            yield from _in_text(dataset.name, field.label, value)
            shown = masking.masked(value)
        if ground is not None:
            yield Found(record=dataset.name, label=field.label, ground=ground, kind="", shown=shown)


def _in_file(file: Attached) -> Iterator[Found]:
    for place in file_search.places(file.store, file.digest):
        yield Found(
            record=file.of,
            label=f"{file.name}　{place.where}".rstrip(),
            ground=Ground.PERSONAL_DATA if place.kind else Ground.UNREAD,
            kind=place.kind.label if place.kind else "",
            shown=place.shown,
        )


def _in_text(record: str, label: str, text: str) -> Iterator[Found]:
    for place in masking.found(text):
        yield Found(
            record=record,
            label=label,
            ground=Ground.PERSONAL_DATA,
            kind=place.kind.label,
            # Some numbers are only told by the words before them, so those stay while it is covered.
            shown=masking.masked(text[: place.end])[len(masking.masked(text[: place.start])) :],
        )
