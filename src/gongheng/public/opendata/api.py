"""The operations of the public read interface, ``/api/v1/``: anybody, without an account.

Each is declared once; the description that programs read and the page that people read follow.
"""

import base64
from typing import Annotated, Any
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
    PublicKey,
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
    require_place,
)
from gongheng.public.search import queries as searching
from gongheng.public.search.filters import Filters
from gongheng.public.search.places import place_of as search_place_of
from gongheng.trust.crypto.sm2 import PublicKey as Key
from gongheng.trust.ledger import queries as log
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.web.clock import legal_now
from gongheng.web.paging import paginate, place_of
from gongheng.web.routes import PUBLIC, route

NOTICES, CASES, STANDARD, LEDGER = "公告", "项目", "数据标准", "存证日志"
_LARGEST = 2**62


@api.get(
    "/notices",
    response={200: NoticePage, **ANSWERS},
    tags=[NOTICES],
    summary="公告列表",
    description="按发布时间从新到旧。",
    url_name="notices",
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


@api.get(
    "/search",
    response={200: FoundPage, **ANSWERS},
    tags=[NOTICES],
    summary="查询公告",
    description="在标题和正文中查询词语、代码；标题中有的在前，再按发布时间从新到旧。",
    url_name="search",
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
    return FoundPage(
        items=[queries.found_row(hit) for hit in page.hits], count=page.count, next=page.next
    )


@api.get(
    "/records/{record_id}",
    response={200: Record, **ANSWERS},
    tags=[NOTICES],
    summary="一条记录",
    description="某一版本的公开内容和历次版本；个人信息已经遮盖。",
    url_name="record",
)
def record(request: HttpRequest, record_id: UUID) -> Record:
    """Return a version of a public record."""
    return found(queries.record(record_id, now=legal_now()))


@api.get(
    "/records/{record_id}/proof",
    response={200: dict[str, Any], **ANSWERS},
    tags=[LEDGER],
    summary="记录的发布证明",
    description="可以离线核验的证明文件；发布后数秒内生成。",
    url_name="proof",
)
def proof(request: HttpRequest, record_id: UUID) -> dict[str, object]:
    """Return the proof that a record was published."""
    version = records.public_record(record_id, now=legal_now())
    return found(records.proof_of(version) if version else None)


@api.get(
    "/cases/{case_code}/records",
    response={200: RecordPage, **ANSWERS},
    tags=[CASES],
    summary="项目的公开记录",
    description="按发布时间从新到旧，已撤销的也列出。",
    url_name="case-records",
)
def case_records(
    request: HttpRequest, *, case_code: CaseCode, after: After = "", limit: Size = 20
) -> RecordPage:
    """Return the public records of a case."""
    require_place(after, known=place_of(after) is not None)
    rows = records.case_records(case_code, now=legal_now())
    page = paginate(rows, cursor=after, size=limit)
    return RecordPage(items=[queries.record_row(row) for row in page.rows], next=page.next)


@api.get(
    "/cases/{case_code}/acts",
    response={200: ActPage, **ANSWERS},
    tags=[CASES],
    summary="项目的公开事件",
    description="按发生的先后。",
    url_name="case-acts",
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


@api.get(
    "/standard/datasets",
    response={200: list[DatasetRow], **ANSWERS},
    tags=[STANDARD],
    summary="数据集目录",
    url_name="datasets",
)
def datasets(request: HttpRequest) -> list[DatasetRow]:
    """Return every dataset of the standard."""
    return [queries.dataset_row(found) for found in registry.datasets()]


@api.get(
    "/standard/datasets/{code}",
    response={200: DatasetPage, **ANSWERS},
    tags=[STANDARD],
    summary="数据集的字段和规则",
    url_name="dataset",
)
def dataset(request: HttpRequest, code: StandardName) -> DatasetPage:
    """Return a dataset with its fields and rules."""
    return queries.dataset_page(registry.dataset(code))


@api.get(
    "/standard/datasets/{code}/schema",
    response={200: dict[str, Any], **ANSWERS},
    tags=[STANDARD],
    summary="数据集的 JSON Schema",
    url_name="schema",
)
def dataset_schema(request: HttpRequest, code: StandardName) -> dict[str, Any]:
    """Return the JSON Schema of a dataset."""
    return schema.json_schema(code)


@api.get(
    "/standard/code-lists",
    response={200: list[CodeListRow], **ANSWERS},
    tags=[STANDARD],
    summary="代码表目录",
    url_name="code-lists",
)
def code_lists(request: HttpRequest) -> list[CodeListRow]:
    """Return every code list of the standard."""
    return [queries.code_list_row(found) for found in registry.code_lists()]


@api.get(
    "/standard/code-lists/{name}",
    response={200: CodeListPage, **ANSWERS},
    tags=[STANDARD],
    summary="代码表的代码",
    url_name="code-list",
)
def code_list(request: HttpRequest, name: StandardName) -> CodeListPage:
    """Return a code list with its codes."""
    return queries.code_list_page(registry.code_list(name))


@api.get(
    "/ledger/checkpoint",
    response={200: Checkpoint, **ANSWERS},
    tags=[LEDGER],
    summary="最新的签名检查点",
    url_name="checkpoint",
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


@api.get(
    "/ledger/consistency",
    response={200: Consistency, **ANSWERS},
    tags=[LEDGER],
    summary="日志只增不改的证明",
    description="old 不大于 new，new 不大于日志的长度。",
    url_name="consistency",
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


@api.get(
    "/ledger/public-key",
    response={200: PublicKey, **ANSWERS},
    tags=[LEDGER],
    summary="签署检查点的公钥",
    url_name="public-key",
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
