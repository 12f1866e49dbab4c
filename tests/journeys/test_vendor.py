"""A second city's platform by another vendor reports to the province: nothing of it is ours."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests import browser
from tests.journeys import vendor_records
from tests.nodes import Node, Nodes

PAPER = 794
"""A4's width in a browser's points."""
VENDOR = Path(__file__).parents[2] / "examples" / "vendor" / "vendor.py"

pytestmark = pytest.mark.journey


def _send(nodes: Nodes, folder: Path, name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Run the vendor's program as its people would; return its verdicts by digest."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(records, ensure_ascii=False))
    province_key = folder / "province.hex"
    province_key.write_text(nodes.province.public_key)
    done = subprocess.run(
        [
            sys.executable,
            str(VENDOR),
            f"--url={nodes.province.url}",
            f"--receiver={nodes.province.code}",
            f"--code={nodes.vendor_code}",
            f"--key={nodes.vendor_key_path}",
            f"--receiver-key={province_key}",
            "--seconds=60" if name != "waiting" else "--seconds=6",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)["verdicts"])


def _states(verdicts: dict[str, Any]) -> list[str]:
    return sorted(verdict["state"] for verdict in verdicts.values())


def test_another_vendors_records_are_judged_corrected_and_shown(
    three_nodes: Nodes, tmp_path: Path
) -> None:
    section, parents = vendor_records.late()
    wrong = vendor_records.wrong()

    first = _send(three_nodes, tmp_path, "good", vendor_records.good())
    refused = _send(three_nodes, tmp_path, "wrong", wrong)
    waiting = _send(three_nodes, tmp_path, "waiting", [section])
    mended = _send(three_nodes, tmp_path, "mended", vendor_records.corrected(wrong))
    settled = _send(three_nodes, tmp_path, "settled", [*parents, section])

    assert _states(first) == ["accepted"] * 20
    assert _states(refused) == ["refused"] * 5
    found = {finding["field"] for verdict in refused.values() for finding in verdict["findings"]}
    assert found == {field for _, field, _ in vendor_records.WRONG_VALUES}
    assert _states(waiting) == ["waiting"]
    assert _states(mended) == ["accepted"] * 5
    assert _states(settled) == ["accepted"] * 3
    title = "曲靖市示例道路改造工程第1期施工招标公告"
    for node in (three_nodes.province, three_nodes.nation):
        node.wait_until(lambda node=node: title in node.get("/notices/?region=530300").text)
        _see_the_dossier(node, "E5303000001000001001", title)


def _see_the_dossier(node: Node, code: str, title: str) -> None:
    """Look at the case of another vendor's platform, on screens and on paper."""
    address = f"{node.url}/dossiers/{code}/"
    node.wait_until(lambda: "核验<span" in node.get(f"/dossiers/{code}/").text)
    with browser.visitor() as look:
        look.at(address, name=f"{node.code}-vendor-dossier")
        with look.opened(address, width=PAPER) as (page, told):
            text = page.locator("main").inner_text()
            assert title in text
            assert "证明生成中" not in text
            page.emulate_media(media="print")
            assert browser.wider_than_window(page) == []
            furniture = page.locator(".site-nav, .site-menu, .page-actions, .no-print")
            assert not furniture.locator("visible=true").all()
            assert page.get_by_text(title).first.is_visible()
            assert page.pdf(format="A4")
            if browser.PICTURES:
                path = browser.PICTURES / f"{node.code}-vendor-dossier-print.png"
                page.screenshot(path=path, full_page=True)
            assert told == []
    kept = zipfile.ZipFile(io.BytesIO(node.get(f"/dossiers/{code}/archive.zip").content))
    assert len([name for name in kept.namelist() if name.startswith("proofs/")]) == 4
