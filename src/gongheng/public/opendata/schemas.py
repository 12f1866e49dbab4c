"""What the interface answers with: the shapes that programs rely on; fields are only ever added."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema


class Problem(Schema):
    """Why a question was not answered, and what to do next."""

    message: str
    remedy: str


class NoticeRow(Schema):
    """A notice as lists show it; ``id`` is that of the version in force."""

    id: UUID
    dataset: str
    kind: str
    title: str
    trade_type: str
    region_code: str
    region: str
    transaction_code: str
    case_code: str
    published_at: datetime
    url: str


class NoticePage(Schema):
    """A page of notices, newest first; ``next`` is empty at the end."""

    items: list[NoticeRow]
    next: str


class FoundRow(Schema):
    """A notice that a search found."""

    id: UUID
    kind: str
    title: str
    trade_type: str
    region_code: str
    region: str
    transaction_code: str
    published_at: datetime
    is_in_title: bool
    url: str


class FoundPage(Schema):
    """A page of what was found; ``count`` goes no further than 1001."""

    items: list[FoundRow]
    count: int
    next: str


class Edition(Schema):
    """A version of a record."""

    id: UUID
    number: int
    operation: str
    published_at: datetime


class Record(Schema):
    """A version of a record with its public fields, persons' numbers masked."""

    id: UUID
    dataset: str
    dataset_name: str
    kind: str
    title: str
    number: int
    operation: str
    region_code: str
    region: str
    case_code: str
    origin: str
    published_at: datetime
    is_in_force: bool
    versions: list[Edition]
    body: dict[str, str]
    proof_url: str


class RecordRow(Schema):
    """A record of a case: its version in force, withdrawn or not."""

    id: UUID
    dataset: str
    kind: str
    title: str
    is_withdrawn: bool
    published_at: datetime
    url: str


class RecordPage(Schema):
    """The public records of a case, newest first."""

    items: list[RecordRow]
    next: str


class ActRow(Schema):
    """A public event of a case; what ``facts`` holds depends on ``kind``."""

    id: UUID
    kind: str
    actor_code: str
    facts: dict[str, object]
    happened_at: datetime


class ActPage(Schema):
    """The public acts of a case in their order."""

    items: list[ActRow]
    next: str


class PublishedRow(Schema):
    """That something is published: a record in force or an act, of whatever case."""

    id: UUID
    case_code: str
    kind: str


class PublishedPage(Schema):
    """Everything that is published, by ``id``: whoever watches compares it with the log."""

    items: list[PublishedRow]
    next: str


class DatasetRow(Schema):
    """A dataset of the standard."""

    code: str
    name: str
    domain: str
    stage: str
    scope: str
    is_notice: bool
    url: str


class FieldRow(Schema):
    """A field of a dataset; ``need`` is M always, C on a condition, O never."""

    code: str
    label: str
    name: str
    type: str
    length: str
    need: str
    code_list: str
    is_multiple: bool
    audience: str
    note: str


class RuleRow(Schema):
    """A condition on a record; ``when`` empty: always."""

    id: str
    field: str
    severity: str
    when: str
    condition: str
    message: str
    remedy: str
    law: str


class DatasetPage(Schema):
    """A dataset with its fields and rules; ``key`` are the fields that make a row one and the same."""

    code: str
    name: str
    domain: str
    stage: str
    scope: str
    key: list[str]
    parent: str
    parent_key: list[str]
    fields: list[FieldRow]
    rules: list[RuleRow]
    schema_url: str


class ParticipationRow(Schema):
    """Lots and bidders of one value of a facet; ``mean``: bidders of a lot, to two places.

    ``facet`` is trade, region, month, or empty for all; ``url`` leads to the bidders counted.
    """

    facet: str
    label: str
    lots: int
    bidders: int
    mean: str
    url: str


class ParticipationPage(Schema):
    """Who took part: all, then by trade, region and month."""

    items: list[ParticipationRow]


class CodeListRow(Schema):
    """A code list; an open one also accepts codes of a shape."""

    name: str
    is_open: bool
    size: int
    url: str


class Code(Schema):
    """A code, and whether new records may still use it."""

    code: str
    label: str
    is_retired: bool


class CodeListPage(Schema):
    """A code list with its codes."""

    name: str
    is_open: bool
    shape: str
    codes: list[Code]


class Checkpoint(Schema):
    """The newest signed state of the node's log; ``note`` is what is signed."""

    size: int
    made_at: datetime
    sha256: str
    sm3: str
    note: str


class Consistency(Schema):
    """The proof that the log of size ``new`` continues that of size ``old``: steps in base64."""

    old: int
    new: int
    sha256: list[str]
    sm3: list[str]


class PublicKey(Schema):
    """The key that the node signs checkpoints with."""

    node: str
    name: str
    algorithm: str = Field(examples=["SM2"])
    hex: str
    pem: str
