"""The interface as a whole: what it calls itself, its parameters, its refusals, its description."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, wraps
from typing import Annotated, Any, Literal, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from pydantic import BeforeValidator

from gongheng.kernel.reasons import Refusal
from gongheng.public.opendata.schemas import Problem
from gongheng.web.routes import View

ROOT = "api/v1/"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
Thing = TypeVar("Thing")


class Readable(JSONRenderer):
    """JSON in the letters that people read."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = NinjaAPI(
    title="公共资源交易平台开放数据接口",
    version="1",
    description="公告、项目记录、统计、数据标准和存证日志，任何人可读，无需账号。时间为北京时间。",
    openapi_url=None,
    docs_url=None,
    urls_namespace="opendata",
    renderer=Readable(),
)

Size = Annotated[int, Query(ge=1, le=100, description="每页条数")]
After = Annotated[
    str,
    Query(pattern="^[A-Za-z0-9_-]{0,80}$", description="上一页返回的 next；第一页不填"),
]
Trade = Literal["", "works", "procurement", "land", "mining", "property", "other"]


def _written(text: object) -> object:
    """Let a day through as it is written; numbers are no days, whatever the parser makes of them."""
    if isinstance(text, str) and not _DAY.fullmatch(text):
        raise ValueError(text)
    return text


Day = Annotated[date, BeforeValidator(_written)]
CaseCode = Annotated[
    str,
    Path(pattern="^[0-9A-Za-z:_-]{1,60}$", description="招标项目编号、标段编号等项目代码"),
]
StandardName = Annotated[str, Path(pattern="^[0-9A-Z_]{1,64}$", description="英文代码")]
ANSWERS: dict[int, Any] = {404: Problem, 422: Problem}


class NotHere(Exception):
    """What was asked for is not here, or not for everybody."""


class TooWide(Exception):
    """What was asked for was not found out in time."""


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    reason = refusal.reason
    problem = Problem(message=reason.message, remedy=reason.remedy)
    return api.create_response(request, problem, status=404)


@api.exception_handler(NotHere)
@api.exception_handler(Http404)
def _not_here(request: HttpRequest, _error: Exception) -> HttpResponse:
    problem = Problem(message="没有这项内容，或者它不对社会公开。", remedy="请核对地址中的编号。")
    return api.create_response(request, problem, status=404)


@api.exception_handler(TooWide)
def _too_wide(request: HttpRequest, _error: Exception) -> HttpResponse:
    problem = Problem(
        message="符合查询的公告太多，未能在限定时间内排出。",
        remedy="请再加一个词或一个条件后重新查询。",
    )
    return api.create_response(request, problem, status=422)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = "、".join(dict.fromkeys(str(fault["loc"][-1]) for fault in error.errors))
    problem = Problem(
        message=f"参数 {places} 不合要求。", remedy="请对照接口说明中的类型、长度和取值范围。"
    )
    return api.create_response(request, problem, status=422)


def not_an_operation(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001  a view's shape
    """Say in JSON that there is nothing at an address below the interface."""
    return _not_here(request, NotHere())


def require_place(after: str, *, known: bool) -> None:
    """Refuse a place that no page has named. Raises ``NotHere``."""
    if after and not known:
        raise NotHere


def require_answer(*, is_given_up: bool) -> None:
    """Refuse a question that was too wide to be answered in time. Raises ``TooWide``."""
    if is_given_up:
        raise TooWide


def found(thing: Thing | None) -> Thing:
    """Return what was found. Raises ``NotHere`` when it was not."""
    if thing is None:
        raise NotHere
    return thing


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description; an optional parameter is left out, never null.

    It follows from the code alone and is made once: callers must not change it.
    """
    whole: dict[str, Any] = api.get_openapi_schema(path_prefix=f"/{ROOT}")
    for operations in whole["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                _without_null(parameter["schema"])
    return whole


def _without_null(asked: dict[str, Any]) -> None:
    choices = [one for one in asked.pop("anyOf", ()) if one.get("type") != "null"]
    for choice in choices:
        asked.update(choice)
    if choices and asked.get("default", "") is None:
        del asked["default"]


def opened(view: View) -> Callable[..., HttpResponseBase]:
    """Return the view for programs of any origin; asked for the head alone, as for the whole."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  Django's own shape
        asked, request.method = (
            request.method,
            "GET" if request.method == "HEAD" else request.method,
        )
        given = view(request, *args, **kwargs)
        request.method = asked
        given.headers["Access-Control-Allow-Origin"] = "*"
        return given

    return answer
