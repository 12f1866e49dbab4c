"""The examples of ``docs/api/public.md`` are what the interface answers.

``GONGHENG_RECORD=1`` writes them anew.
"""

import json
import os
import re
from pathlib import Path

import pytest
from django.test import Client

from gongheng.public.opendata.tests.conftest import World

PAGE = Path(__file__).resolve().parents[5] / "docs" / "api" / "public.md"
EXAMPLE = re.compile(r"(```\nGET (\S+)\n```\n```json\n)(.*?)(```\n)", re.DOTALL)
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOISE = {
    r'"(next|sha256|sm3)": "[^"]+"': r'"\1": "…"',
    r'"note": "[^"]+"': '"note": "…"',
}
"""What is another in every run: places, roots, signatures."""


def answered(visitor: Client, world: World, path: str) -> str:
    place = path.replace("{notice}", world.notice).replace("{tender}", world.tender)
    answer = visitor.get(place)
    body = json.loads(answer.content)
    if "NOTICE_CONTENT" in body.get("body", {}):
        body["body"] = {name: body["body"][name] for name in ("NOTICE_NAME", "NOTICE_SEND_TIME")}
    text = json.dumps(body, ensure_ascii=False, indent=2)
    for pattern, words in NOISE.items():
        text = re.sub(pattern, words, text)
    seen = {
        found: f"{number:08}-…" for number, found in enumerate(dict.fromkeys(IDS.findall(text)), 1)
    }
    return IDS.sub(lambda found: seen[found[0]], text) + "\n"


@pytest.mark.django_db
def test_the_examples_are_what_the_interface_answers(visitor: Client, world: World) -> None:
    page = PAGE.read_text(encoding="utf-8")
    recorded = EXAMPLE.sub(
        lambda found: found[1] + answered(visitor, world, found[2]) + found[4], page
    )

    if os.environ.get("GONGHENG_RECORD"):
        PAGE.write_text(recorded, encoding="utf-8")
    assert EXAMPLE.search(page)
    assert recorded == page
