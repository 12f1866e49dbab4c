"""The description of the interface: for programs as OpenAPI, for people as a page of our own."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.public.opendata import api, service
from gongheng.web.routes import PUBLIC, route

_TYPES = {"string": "文本", "integer": "整数"}
_HUGE = 10**9
_FORMATS = {"uuid": "UUID", "date": "日期，如 2026-10-12"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation in words."""

    name: str
    place: str
    is_needed: bool
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation in words; ``example`` is an address that anybody may open, empty without one."""

    name: str
    path: str
    summary: str
    meaning: str
    parameters: list[Parameter]
    example: str


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Give the description that programs read."""
    answer = JsonResponse(service.description(), json_dumps_params={"ensure_ascii": False})
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters."""
    found = service.description()
    groups: dict[str, list[Operation]] = {}
    for path, operations in found["paths"].items():
        described = operations["get"]
        groups.setdefault(described["tags"][0], []).append(_operation(path, described))
    context = {
        "about": found["info"],
        "groups": groups,
        "origin": request.build_absolute_uri("/"),
        "trail": [("/", "首页")],
    }
    return render(request, "opendata/documentation.html", context)


def _operation(path: str, described: dict[str, Any]) -> Operation:
    parameters = [_parameter(one) for one in described.get("parameters", ())]
    is_open = not any(one.is_needed for one in parameters)
    return Operation(
        name=described["operationId"].rpartition("_api_")[2],
        path=path,
        summary=described["summary"],
        meaning=described.get("description", ""),
        parameters=parameters,
        example=path if is_open else "",
    )


def _parameter(described: dict[str, Any]) -> Parameter:
    asked = described["schema"]
    return Parameter(
        name=described["name"],
        place="路径" if described["in"] == "path" else "查询",
        is_needed=described["required"],
        type=_type(asked),
        meaning=asked.get("description", described.get("description", "")),
    )


def _type(asked: dict[str, Any]) -> str:
    if choices := [str(one) for one in asked.get("enum", ()) if one]:
        return "、".join(choices)
    word = _FORMATS.get(asked.get("format", "")) or _TYPES.get(asked.get("type", ""), "")
    if "maximum" in asked and asked["maximum"] < _HUGE:
        word = f"{word}，{asked['minimum']} 至 {asked['maximum']}"
    if "maxLength" in asked:
        word = f"{word}，至多 {asked['maxLength']} 字"
    if asked.get("default"):
        word = f"{word}，不填为 {asked['default']}"
    return word


ROUTES = [
    *api.ROUTES,
    route(service.ROOT, documentation, name="api", audience=PUBLIC),
    route(f"{service.ROOT}openapi.json", openapi, name="api-openapi", audience=PUBLIC),
    route(
        f"{service.ROOT}<path:rest>", service.not_an_operation, name="api-nothing", audience=PUBLIC
    ),
]
