"""The operations of the public read interface, ``/api/v1/``: anybody, without an account.

Each is declared once; the description that programs read and the page that people read follow.
"""

import base64
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern
from ninja import Query

from gongheng.data.records import queries as records
from gongheng.data.standard import registry, schema
from gongheng.kernel.clock import BEIJING
from gongheng.public.opendata import queries
from gongheng.public.opendata.schemas import (
    ActPage,
    Checkpoint,
    CodeListPage,
    CodeListRow,
    Consistency,
    DatasetPage,
    DatasetRow,
    FoundPage,
    NoticePage,
    ParticipationPage,
    PublicKey,
    PublishedPage,
    PublishedRow,
    Record,
    RecordPage,
)
from gongheng.public.opendata.service import (
    ANSWERS,
    ROOT,
    After,
    CaseCode,
    Day,
    NotHere,
    Size,
    StandardName,
    Trade,
    api,
    found,
    opened,
    require_answer,
    require_place,
)
from gongheng.public.search import participation as taking_part, queries as searching
from gongheng.public.search.filters import Filters
from gongheng.public.search.places import place_of as search_place_of
from gongheng.trust.crypto.sm2 import PublicKey as Key
from gongheng.trust.ledger import queries as log
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.web.clock import legal_now
from gongheng.web.paging import paginate, place_of
from gongheng.web.routes import PUBLIC, route

NOTICES, CASES, STATISTICS = "公告", "项目", "统计"
STANDARD, LEDGER = "数据标准", "存证日志"
_LARGEST = 2**62
_Operation = TypeVar("_Operation", bound=Callable[..., Any])


def _reads(
    path: str, answer: object, tag: str, summary: str, *, name: str, description: str | None = None
) -> Callable[[_Operation], _Operation]:
    """Declare an operation: where it stands, what it answers with, and what it is called."""
    declare: Callable[[_Operation], _Operation] = api.get(
        path,
        response={200: answer, **ANSWERS},
        tags=[tag],
        summary=summary,
        description=description,
        url_name=name,
    )
    return declare


@_reads(
    "/notices", NoticePage, NOTICES, "公告列表", name="notices", description="按发布时间从新到旧。"
)
def notices(
    request: HttpRequest,
    *,
    trade: Annotated[Trade, Query(description="交易类别")] = "",
    region: Annotated[
        str, Query(pattern="^([0-9]{6})?$", description="行政区划代码，含其下级")
    ] = "",
    kind: Annotated[str, Query(max_length=40, description="公告类型，如：招标公告")] = "",
    first: Annotated[Day | None, Query(alias="from", description="不早于这一天发布")] = None,
    last: Annotated[Day | None, Query(alias="to", description="不晚于这一天发布")] = None,
    after: After = "",
    limit: Size = 20,
) -> NoticePage:
    """Return a page of notices."""
    asked = queries.Conditions(
        trade=trade, region=region, kind=kind.replace("\0", ""), first=first, last=last
    )
    require_place(after, known=place_of(after) is not None)
    page = paginate(queries.notices(asked, now=legal_now()), cursor=after, size=limit)
    return NoticePage(items=[queries.notice_row(row) for row in page.rows], next=page.next)


@_reads(
    "/search",
    FoundPage,
    NOTICES,
    "查询公告",
    name="search",
    description="在标题和正文中查询词语、代码；标题中有的在前，再按发布时间从新到旧。",
)
def search(
    request: HttpRequest,
    *,
    q: Annotated[str, Query(min_length=1, max_length=300, description="要查的词语或代码")],
    trade: Annotated[Trade, Query(description="交易类别")] = "",
    after: After = "",
    limit: Size = 20,
) -> FoundPage:
    """Return a page of the notices that words are found in."""
    place = search_place_of(after)
    require_place(after, known=place is not None)
    filters = Filters(text=q.replace("\0", " "), trade=trade)
    page = searching.find(filters, now=legal_now(), place=place, size=limit)
    require_answer(is_given_up=page.is_given_up)
    return FoundPage(
        items=[queries.found_row(hit) for hit in page.hits], count=page.count, next=page.next
    )


@_reads(
    "/records/{record_id}",
    Record,
    NOTICES,
    "一条记录",
    name="record",
    description="某一版本的公开内容和历次版本；个人信息已经遮盖。",
)
def record(request: HttpRequest, record_id: UUID) -> Record:
    """Return a version of a public record."""
    return found(queries.record(record_id, now=legal_now()))


@_reads(
    "/records/{record_id}/proof",
    dict[str, Any],
    LEDGER,
    "记录的发布证明",
    name="proof",
    description="可以离线核验的证明文件；发布后数秒内生成。",
)
def proof(request: HttpRequest, record_id: UUID) -> dict[str, object]:
    """Return the proof that a record was published."""
    version = records.public_record(record_id, now=legal_now())
    return found(records.proof_of(version) if version else None)


@_reads(
    "/cases/{case_code}/records",
    RecordPage,
    CASES,
    "项目的公开记录",
    name="case-records",
    description="按发布时间从新到旧，已撤销的也列出。",
)
def case_records(
    request: HttpRequest, *, case_code: CaseCode, after: After = "", limit: Size = 20
) -> RecordPage:
    """Return the public records of a case."""
    require_place(after, known=place_of(after) is not None)
    rows = records.case_records(case_code, now=legal_now())
    page = paginate(rows, cursor=after, size=limit)
    return RecordPage(items=[queries.record_row(row) for row in page.rows], next=page.next)


@_reads(
    "/cases/{case_code}/acts",
    ActPage,
    CASES,
    "项目的公开事件",
    name="case-acts",
    description="按发生的先后。",
)
def case_acts(
    request: HttpRequest,
    *,
    case_code: CaseCode,
    after: Annotated[UUID | None, Query(description="上一页返回的 next；第一页不填")] = None,
    limit: Size = 20,
) -> ActPage:
    """Return the public acts of a case."""
    rows = list(queries.acts(case_code, after=after, now=legal_now())[: limit + 1])
    shown = rows[:limit]
    following = str(shown[-1].pk) if len(rows) > limit else ""
    return ActPage(items=[queries.act_row(row) for row in shown], next=following)


@_reads(
    "/published",
    PublishedPage,
    LEDGER,
    "全部公开内容的编号",
    name="published",
    description="现行的公开记录和公开事件，按编号排列，每页最多一千条；监督者据此与存证日志逐条比对。",
)
def published(
    request: HttpRequest,
    *,
    after: Annotated[UUID | None, Query(description="上一页返回的 next；第一页不填")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="每页条数")] = 1000,
) -> PublishedPage:
    """Return what is published, as far as a page goes."""
    rows = records.everything_public(after, now=legal_now(), limit=limit + 1)
    items = [PublishedRow(id=row, case_code=case, kind=kind) for row, case, kind in rows[:limit]]
    following = str(items[-1].id) if len(rows) > limit else ""
    return PublishedPage(items=items, next=following)


@_reads(
    "/statistics/participation",
    ParticipationPage,
    STATISTICS,
    "投标人参与情况",
    name="participation",
    description="按公布的投标人名单统计：合计，再按交易类别、地区、月份。",
)
def participation(
    request: HttpRequest,
    *,
    trade: Annotated[Trade, Query(description="交易类别")] = "",
    first: Annotated[Day | None, Query(alias="from", description="不早于这一天公布")] = None,
    last: Annotated[Day | None, Query(alias="to", description="不晚于这一天公布")] = None,
) -> ParticipationPage:
    """Return how many took part."""
    asked = Filters(
        trade=trade,
        first_day=queries.within(first) if first else None,
        last_day=queries.within(last) if last else None,
    )
    shares = taking_part.shares(asked, now=legal_now())
    return ParticipationPage(items=[queries.participation_row(share) for share in shares])


@_reads(
    "/standard/datasets",
    list[DatasetRow],
    STANDARD,
    "数据集目录",
    name="datasets",
    description="国家数据标准的全部数据集。",
)
def datasets(request: HttpRequest) -> list[DatasetRow]:
    """Return every dataset of the standard."""
    return [queries.dataset_row(found) for found in registry.datasets()]


@_reads(
    "/standard/datasets/{code}",
    DatasetPage,
    STANDARD,
    "数据集的字段和规则",
    name="dataset",
    description="一个数据集的字段、代码表和校验规则。",
)
def dataset(request: HttpRequest, code: StandardName) -> DatasetPage:
    """Return a dataset with its fields and rules."""
    return queries.dataset_page(registry.dataset(code))


@_reads(
    "/standard/datasets/{code}/schema",
    dict[str, Any],
    STANDARD,
    "数据集的 JSON Schema",
    name="schema",
    description="可交给通用程序，在报送前自行校验。",
)
def dataset_schema(request: HttpRequest, code: StandardName) -> dict[str, Any]:
    """Return the JSON Schema of a dataset."""
    return schema.json_schema(code)


@_reads(
    "/standard/code-lists",
    list[CodeListRow],
    STANDARD,
    "代码表目录",
    name="code-lists",
    description="国家数据标准的全部代码表。",
)
def code_lists(request: HttpRequest) -> list[CodeListRow]:
    """Return every code list of the standard."""
    return [queries.code_list_row(found) for found in registry.code_lists()]


@_reads(
    "/standard/code-lists/{name}",
    CodeListPage,
    STANDARD,
    "代码表的代码",
    name="code-list",
    description="一个代码表的全部代码和含义。",
)
def code_list(request: HttpRequest, name: StandardName) -> CodeListPage:
    """Return a code list with its codes."""
    return queries.code_list_page(registry.code_list(name))


@_reads(
    "/ledger/checkpoint",
    Checkpoint,
    LEDGER,
    "最新的签名检查点",
    name="checkpoint",
    description="日志此刻的长度和两个根值，由平台签名。",
)
def checkpoint(request: HttpRequest) -> Checkpoint:
    """Return the newest signed checkpoint of the log."""
    latest = found(log.latest_checkpoint())
    read = checkpoints.read(latest.note)
    return Checkpoint(
        size=read.size,
        made_at=read.made_at.astimezone(BEIJING),
        sha256=read.sha256.hex(),
        sm3=read.sm3.hex(),
        note=latest.note,
    )


@_reads(
    "/ledger/consistency",
    Consistency,
    LEDGER,
    "日志只增不改的证明",
    name="consistency",
    description="old 不大于 new，new 不大于日志的长度。",
)
def consistency(
    request: HttpRequest,
    old: Annotated[int, Query(ge=1, le=_LARGEST, description="先前的长度")],
    new: Annotated[int, Query(ge=1, le=_LARGEST, description="后来的长度")],
) -> Consistency:
    """Return the proof that the log has only grown."""
    if not old <= new <= log.size():
        raise NotHere
    steps = {
        algorithm: [base64.b64encode(step).decode() for step in path]
        for algorithm, path in log.consistency(old, new).items()
    }
    return Consistency(old=old, new=new, sha256=steps["sha256"], sm3=steps["sm3"])


@_reads(
    "/ledger/public-key",
    PublicKey,
    LEDGER,
    "签署检查点的公钥",
    name="public-key",
    description="核对检查点签名所用的公钥。",
)
def public_key(request: HttpRequest) -> PublicKey:
    """Return the key that the node signs with."""
    key = Key.from_hex(settings.NODE.public_key)
    return PublicKey(
        node=settings.NODE.code,
        name=settings.NODE.name,
        algorithm="SM2",
        hex=key.to_hex(),
        pem=key.to_pem().decode(),
    )


def _operations() -> list[URLPattern]:
    patterns, _, _ = api.urls
    return [
        route(
            f"{ROOT}{pattern.pattern}",
            opened(pattern.callback),
            name=f"api-{pattern.name}",
            audience=PUBLIC,
        )
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


ROUTES = _operations()
"""The operations; the page and the description stand in ``pages``, which closes the list."""
