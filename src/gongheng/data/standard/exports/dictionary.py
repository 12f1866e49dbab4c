"""The dictionary of the standard to print: one HTML file in Chinese that needs nothing else."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml.html import builder as E  # type: ignore[import-untyped]  # noqa: N812  as lxml names it

from gongheng.data.standard import faults
from gongheng.data.standard.lists import CodeList
from gongheng.data.standard.reading import plan_of
from gongheng.data.standard.registry import (
    Dataset,
    Field,
    FieldAudience,
    Need,
    code_lists,
    dataset as find_dataset,
    datasets,
)

TITLE: Final = "公共资源交易数据字典"
DOMAINS: Final = {
    "works": "工程建设",
    "procurement": "政府采购",
    "land": "土地使用权",
    "mining": "矿业权",
    "property": "国有产权",
    "other": "其他交易",
    "subject": "市场主体",
    "expert": "评标专家",
    "credit": "信用信息",
    "supervision": "监督信息",
    "attachment": "附件",
    "system": "平台与交换",
}
_NEEDS: Final = {Need.MANDATORY: "必填", Need.CONDITIONAL: "条件必填", Need.OPTIONAL: "选填"}
_AUDIENCES: Final = {
    FieldAudience.PUBLIC: "公开",
    FieldAudience.GOVERNMENT: "政务",
    FieldAudience.PERSONAL: "个人信息",
    FieldAudience.SECRET: "不出平台",
}
_CHECKS: Final = {
    "uscc": "统一社会信用代码校验位",
    "subject": "统一社会信用代码或公民身份号码校验位",
    "identity": "公民身份号码校验位",
    "deal_code": "统一交易标识码结构与校验位",
    "signed": "可为负数",
}
_SEVERITIES: Final = {"error": "错误", "warning": "提醒"}
_STYLE: Final = """
body { font: 10.5pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #111;
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 22pt; text-align: center; margin: 3rem 0 1rem; }
h2 { font-size: 15pt; border-bottom: 2px solid #b22; margin-top: 2.5rem; }
h3 { font-size: 12pt; margin: 1.5rem 0 .3rem; }
code { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 8.5pt; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem; font-size: 9pt; }
th, td { border: 1px solid #999; padding: .15rem .4rem; text-align: left; vertical-align: top; }
th { background: #f2efe8; }
caption { text-align: left; font-weight: bold; padding: .2rem 0; }
.contents { columns: 2; font-size: 9.5pt; }
.contents p { margin: 0; break-inside: avoid; }
.codes { columns: 4 12rem; font-size: 8.5pt; }
.codes p { margin: 0; break-inside: avoid; }
.wide { overflow-x: auto; }
.wide table { min-width: 56rem; }
a { color: inherit; text-decoration: none; }
@page { size: A4 landscape; margin: 15mm 12mm; @bottom-center { content: counter(page); } }
@media print {
  body { margin: 0; max-width: none; padding: 0; }
  h2 { break-before: page; } h3, caption { break-after: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; } .wide table { min-width: 0; }
}
"""


def page() -> bytes:
    """Return the dictionary: contents, datasets with fields and rules, code lists, sorts of fault."""
    tree = E.HTML(
        E.HEAD(
            E.META(charset="utf-8"),
            E.META(name="viewport", content="width=device-width, initial-scale=1"),
            E.TITLE(TITLE),
            E.STYLE(_STYLE),
        ),
        E.BODY(E.H1(TITLE), *_intro(), *_by_domain(), *_lists(), *_faults()),
        lang="zh-CN",
    )
    written: bytes = etree.tostring(
        tree, encoding="UTF-8", method="html", doctype="<!DOCTYPE html>", pretty_print=True
    )
    return written


def _intro() -> Iterator[Any]:
    fields = sum(len(dataset.fields) for dataset in datasets())
    yield E.P(
        f"共{len(datasets())}个数据集、{fields}个字段、{len(code_lists())}个代码表。值一律为文本，"
        "长度按字符计（一个汉字计一个字符）；C18为恰好18个字符，C..200为至多200个，C..ul不限，"
        "N..20,6为至多20位数字、其中小数6位，yyyyMMddHHmmss为北京时间。"
        "一个字段含多个值的，以半角分号隔开。"
    )
    yield E.DIV(
        *(
            E.P(E.A(f"{dataset.name} ", E.CODE(dataset.code), href=f"#{dataset.code}"))
            for dataset in datasets()
        ),
        E.CLASS("contents"),
    )


def _by_domain() -> Iterator[Any]:
    for domain, name in DOMAINS.items():
        yield E.H2(name)
        for dataset in datasets():
            if dataset.domain == domain:
                yield from _dataset(dataset)


def _dataset(dataset: Dataset) -> Iterator[Any]:
    yield E.H3(f"{dataset.name} ", E.CODE(dataset.code), id=dataset.code)
    key = "、".join(dataset.field(code).label for code in dataset.key)
    above = f"上级：{find_dataset(dataset.parent).name}。" if dataset.parent else ""
    yield E.P(f"主键：{key}。{above}")
    needed = {step.field.code for step in plan_of(dataset.code).steps if step.required is not None}
    yield _table(
        ("序号", "字段代码", "名称", "长度", "填写", "代码表", "公开", "其他要求"),
        (
            (str(number), E.CODE(field.code), *_said(field, is_needed=field.code in needed))
            for number, field in enumerate(dataset.fields, 1)
        ),
    )
    if dataset.rules:
        yield _table(
            ("规则", "字段", "程度", "要求", "依据"),
            (
                (
                    E.CODE(f"std.{rule.kind}.{rule.id}"),
                    E.CODE(rule.field),
                    _SEVERITIES[rule.severity],
                    rule.message + rule.remedy,
                    rule.law,
                )
                for rule in dataset.rules
            ),
        )


def _said(field: Field, *, is_needed: bool) -> tuple[Any, ...]:
    need = _NEEDS[field.need]
    if field.need is Need.MANDATORY and not is_needed:
        need = "不填" if field.audience is FieldAudience.SECRET else "按本省要求"
    codes = E.A(field.code_list, href=f"#codes-{field.code_list}") if field.code_list else ""
    others = [
        _CHECKS.get(field.check, ""),
        "可含多个值" if field.is_multiple else "",
        "首次上报后不得更改" if field.is_immutable else "",
    ]
    return (
        field.label,
        E.CODE(field.length.text),
        need,
        codes,
        _AUDIENCES[field.audience],
        "；".join(filter(None, others)),
    )


def _lists() -> Iterator[Any]:
    yield E.H2("代码表")
    for codes in sorted(code_lists(), key=lambda each: each.name):
        yield E.H3(E.CODE(codes.name), id=f"codes-{codes.name}")
        if codes.is_open:
            yield E.P("开放代码表：以下为其中一部分，其余以相应标准为准。")
        yield E.DIV(*_codes(codes), E.CLASS("codes"))


def _codes(codes: CodeList) -> Iterator[Any]:
    for code, label in codes.labels.items():
        first, last = codes.dated.get(code, ("", ""))
        days = f"（{first or '起'}—{last or '今'}）" if first or last else ""
        yield E.P(E.CODE(code), f" {label}{days}")


def _faults() -> Iterator[Any]:
    yield E.H2("通用校验")
    words = {"label": "该项", "limit": "规定的长度或范围"}
    yield _table(
        ("规则", "程度", "说明", "如何改正"),
        (
            (
                E.CODE(fault.rule),
                _SEVERITIES[str(fault.severity)],
                fault.message.format(**words),
                fault.remedy.format(**words),
            )
            for fault in faults.ALL.values()
        ),
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Any:  # noqa: ANN401  an element
    return E.DIV(
        E.TABLE(
            E.THEAD(E.TR(*map(E.TH, heads))),
            E.TBODY(*(E.TR(*map(E.TD, row)) for row in rows)),
        ),
        E.CLASS("wide"),
    )
