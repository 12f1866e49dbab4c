"""XML Schema of the rows of a dataset: what of the checks any validator of XML can do.

A row is ``DES`` with ``TITLE`` (which names the dataset) and ``CONTEXT`` (a column an element, in any
order); a file holds one row, or several in ``ROWS``. Needed fields, lengths, numbers, times and code
lists are in it; check digits, conditions and the order in time are not, and neither are the parts of
a value that lists regions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml.builder import ElementMaker  # type: ignore[import-untyped]

from gongheng.data.standard.checks import LONGEST_TEXT, accepted_codes
from gongheng.data.standard.reading import plan_of
from gongheng.data.standard.registry import (
    Dataset,
    Field,
    code_list,
    dataset as find_dataset,
    datasets,
)
from gongheng.data.standard.schema import is_closed, part_pattern

_SPACE: Final = "http://www.w3.org/2001/XMLSchema"
_XS: Final = ElementMaker(namespace=_SPACE, nsmap={"xs": _SPACE})
_NOT_BLANK: Final = "(.|[\n\r])*[^ \t\r\n\u3000](.|[\n\r])*"
MOST_IN_PATTERN: Final = 200
"""Codes that are spelled out in one pattern."""

CODES: Final = "codes.xsd"
"""The file of the code lists, which all others include."""


def codes() -> bytes:
    """Return the schema of the code lists, of blank values and of plain text."""
    wanted = {
        _codes_of(field): field
        for dataset in datasets()
        for field in dataset.fields
        if is_closed(field) and not field.is_multiple
    }
    types = [
        _named("BLANK", _pattern("xs:string", "[ \t\r\n\u3000]*")),
        _named("TEXT", _pattern("xs:string", "[^\x7f-\x9f]*")),
    ]
    for name, field in sorted(wanted.items()):
        known = sorted(accepted_codes(code_list(field.code_list), field.length))
        types.append(_named(name, _restricted("xs:string", _values("enumeration", known))))
        types.append(_named(f"{name}_OR_BLANK", _XS.union(memberTypes=f"{name} BLANK")))
    return _written(types)


def schema(dataset: str) -> bytes:
    """Return the schema of the rows of a dataset. Raises ``Refusal``."""
    found = find_dataset(dataset)
    needed = {step.field.code for step in plan_of(found.code).steps if step.required is not None}
    context = [_element(field, is_needed=field.code in needed) for field in found.fields]
    title = [_title_element(field, found) for field in find_dataset("EXCHANGE_TITLE").fields]
    row = _XS.complexType(
        _XS.sequence(
            _XS.element(_XS.complexType(_XS.all(*title)), name="TITLE"),
            _XS.element(_XS.complexType(_XS.all(*context)), name="CONTEXT"),
            _XS.element(
                _XS.complexType(
                    _XS.sequence(
                        _XS.any(processContents="skip", minOccurs="0", maxOccurs="unbounded")
                    )
                ),
                name="SOURCE",
                minOccurs="0",
                maxOccurs="unbounded",
            ),
        )
    )
    rows = _XS.complexType(_XS.sequence(_XS.element(ref="DES", maxOccurs="unbounded")))
    return _written(
        [
            _XS.include(schemaLocation=CODES),
            _XS.element(rows, name="ROWS"),
            _XS.element(row, name="DES"),
        ]
    )


def _title_element(field: Field, dataset: Dataset) -> Any:  # noqa: ANN401  an element
    if field.code == "DATA_EN":
        told = _restricted("xs:string", _values("enumeration", [dataset.code]))
        return _XS.element(_XS.simpleType(told), name=field.code)
    return _element(field, is_needed=False)


def _element(field: Field, *, is_needed: bool) -> Any:  # noqa: ANN401  an element
    told = {"name": field.code} if is_needed else {"name": field.code, "minOccurs": "0"}
    note = _XS.annotation(_XS.documentation(field.label))
    if is_closed(field) and not field.is_multiple:
        name = _codes_of(field)
        return _XS.element(note, type=name if is_needed else f"{name}_OR_BLANK", **told)
    value = _XS.simpleType(_value(field))
    if is_needed:
        value = _XS.simpleType(_XS.restriction(value, _facet("pattern", _NOT_BLANK)))
    else:
        value = _XS.simpleType(_XS.union(value, memberTypes="BLANK"))
    return _XS.element(note, value, **told)


def _value(field: Field) -> Any:  # noqa: ANN401  an element
    """Return the restriction of a value that is not blank."""
    facets: list[Any] = []
    is_plain = field.type not in {"date", "datetime", "integer", "decimal"}
    if is_plain and field.length.is_exact and not _is_list(field):
        facets.append(_facet("length", str(field.length.size)))
    elif is_plain and not field.length.is_exact:
        facets.append(_facet("maxLength", str(field.length.size or LONGEST_TEXT)))
    part = _part(field)
    if field.is_multiple:
        part = part or "[^;]*[^; \t\r\n\u3000][^;]*"
        facets.append(_facet("pattern", f"{part}(;{part})*"))
    elif part:
        facets.append(_facet("pattern", part))
    return _restricted("TEXT", facets)


def _is_list(field: Field) -> bool:
    return bool(field.code_list)


def _part(field: Field) -> str:
    """Return the pattern of a part in the dialect of XML Schema: always of the whole, plain groups."""
    if field.code_list and field.type not in {"date", "datetime"}:
        codes = code_list(field.code_list)
        known = sorted(accepted_codes(codes, field.length))
        if len(known) > MOST_IN_PATTERN:
            return ""
        either = [*map(_escaped, known), *([shape_of(field)] if codes.shape else [])]
        return f"({'|'.join(either)})"
    return part_pattern(field).replace("(?:", "(")


def shape_of(field: Field) -> str:
    """Return the shape of an open list's other codes; of exact length where the field is.

    Shapes end in a class and its number: ``[0-9A-Z]+`` of six is ``[0-9A-Z]{6}``.
    """
    shape = code_list(field.code_list).shape
    pattern = shape.pattern if shape else ""
    if not field.length.is_exact:
        return pattern
    return re.sub(r"(\+|\{[0-9]+,[0-9]+\})$", f"{{{field.length.size}}}", pattern)


def _escaped(code: str) -> str:
    return re.sub(r"([\\|.?*+(){}\[\]^$-])", r"\\\1", code)


def _codes_of(field: Field) -> str:
    """Return the name of the type of a closed list; codes may be filled up to an exact length."""
    codes = code_list(field.code_list)
    plain = {*codes.labels, *codes.retired}
    is_filled = accepted_codes(codes, field.length) != plain
    return f"{codes.name}_{field.length.size}" if is_filled else codes.name


def _restricted(base: str, facets: Iterable[Any]) -> Any:  # noqa: ANN401  an element
    return _XS.restriction(*facets, base=base)


def _pattern(base: str, pattern: str) -> Any:  # noqa: ANN401  an element
    return _restricted(base, [_facet("pattern", pattern)])


def _facet(name: str, value: str) -> Any:  # noqa: ANN401  an element
    return _XS(name, value=value)


def _values(name: str, values: Iterable[str]) -> Iterator[Any]:
    return (_facet(name, value) for value in values)


def _named(name: str, content: Any) -> Any:  # noqa: ANN401  elements
    return _XS.simpleType(content, name=name)


def _written(parts: list[Any]) -> bytes:
    tree = _XS.schema(*parts)
    written: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written
