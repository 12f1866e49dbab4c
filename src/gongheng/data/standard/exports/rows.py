"""Right records as they are sent: JSON objects and XML rows; what never leaves a node is not in them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from gongheng.data.standard import samples
from gongheng.data.standard.registry import FieldAudience, dataset as find_dataset


def sample(dataset: str) -> dict[str, str]:
    """Return a right record with every field that may be sent."""
    found = find_dataset(dataset)
    body = samples.full(found.code)
    return {
        field.code: body[field.code]
        for field in found.fields
        if field.audience is not FieldAudience.SECRET
    }


def as_json(body: Mapping[str, str]) -> bytes:
    """Return a record as a JSON object."""
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def as_xml(dataset: str, bodies: Iterable[Mapping[str, str]]) -> bytes:
    """Return records as the XML rows of the standard."""
    root = etree.Element("ROWS")
    for body in bodies:
        row = etree.SubElement(root, "DES")
        _told(etree.SubElement(row, "TITLE"), {"DATA_EN": dataset})
        _told(etree.SubElement(row, "CONTEXT"), body)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _told(element: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401  an element
    for code, value in values.items():
        etree.SubElement(element, code).text = value
