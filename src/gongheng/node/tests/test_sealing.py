"""The commands of bidders and holders, from the key to the opened bid."""

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.clock import FileClock
from gongheng.node import cli
from gongheng.trust.envelope import bidder_release, recovery
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.destruction import Cause, Destruction, Order
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import Announcement, Holder
from gongheng.trust.envelope.opening import open_part
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.envelope.recombination import recombine
from gongheng.trust.envelope.share_release import ShareStatement
from gongheng.trust.envelope.tests import world


class Desk:
    """One folder with everybody's files, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.code = 0
        self.said = ""

    def __call__(self, *words: object) -> list[Any]:
        self.code = cli.main([str(word) for word in words])
        captured = self._capsys.readouterr()
        self.said = captured.err
        return [json.loads(line) for line in captured.out.splitlines()]

    def write(self, name: str, value: object) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def key(self, name: str) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_bytes(world.key(name).to_pem())
        return path

    def clock(self, name: str, at: datetime) -> Path:
        path = self.folder / name
        FileClock(path).advance_to(at)
        return path

    def policy(self, **changes: object) -> tuple[Policy, Path]:
        """A policy whose holders made their keys by the command line."""
        made_at = self.clock("early.json", world.DEADLINE - timedelta(days=30))
        holders = []
        for code, side in zip(world.CODES, world.SIDES, strict=True):
            out = self.folder / f"holder-{code}.pem"
            (answer,) = self(
                *("holder", "keygen", "--lot", world.LOT, "--code", code, "--name", code),
                *("--standing-key", self.key(f"standing {code}"), "--out", out),
                *("--clock", made_at),
            )
            holders.append(Holder(Announcement.of_json(answer), side, code))
        policy = world.policy(holders=tuple(holders), **changes)
        return policy, self.write("policy.json", world.signed(policy).as_json())


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_bid_goes_from_folder_to_envelope_and_back(desk: Desk) -> None:
    policy, policy_path = desk.policy(takes_fingerprint=True)
    home = desk.folder / "投标文件"
    (home / "附件").mkdir(parents=True)
    (home / "投标函.txt").write_text("报价 100", encoding="utf-8")
    (home / "附件" / "清单.csv").write_text("a,b", encoding="utf-8")
    envelope = desk.folder / "bid.gbe"
    key = desk.key("alpha")

    (sealed,) = desk(
        *("seal", home, "--policy", policy_path, "--key", key, "--out", envelope),
        *("--policy-digest", policy.digest.hex(), "--consent"),
    )
    cover = Cover.of_file(envelope)
    assert (sealed["envelope"], sealed["size"]) == (cover.digest.hex(), envelope.stat().st_size)
    paper, own = Path(sealed["recovery_code"]), desk.folder / "holder-BODY1.pem"
    assert {stat.S_IMODE(each.stat().st_mode) for each in (paper, own)} == {0o600}

    end = Closing.make(
        policy,
        [cover.digest],
        key=world.key("centre"),
        opening_key=world.key("opening").public,
        now=world.DEADLINE,
    ).cosigned(world.key("cosigner"))
    closing = desk.write("closing.json", end.as_json())
    late = desk.clock("late.json", world.AFTER)
    release = ("bid", "release", envelope, "--closing", closing)
    (by_key,) = desk(*release, "--key", key, "--clock", late)
    (by_paper,) = desk(*release, "--recovery-code", paper, "--clock", late)
    halves = {
        bidder_release.take_half(
            BidderRelease.of_json(each), cover, closing=end, opening_key=world.key("opening")
        )
        for each in (by_key, by_paper)
    }
    (half,) = halves

    frozen = FrozenList.make(
        end, "bid", [cover.digest], key=world.key("centre"), now=world.AFTER - timedelta(minutes=1)
    )
    listed = desk.write("list.json", frozen.as_json())
    statements = []
    for code in world.CODES[:3]:
        (answer,) = desk(
            *("holder", "release", "--policy", policy_path, "--closing", closing),
            *("--key", desk.folder / f"holder-{code}.pem", "--list", listed),
            *("--clock", late, desk.folder),
        )
        statements.append(ShareStatement.of_json(answer))

    found = recombine(cover, frozen, half, statements)
    manifest = open_part(envelope, cover, "bid", found.content_key, desk.folder / "opened")
    assert world.folder_bytes(desk.folder / "opened") == world.folder_bytes(home)
    assert manifest.fingerprint["tool"] == {"value": "gongheng seal"}


def test_several_parts_lie_in_folders_of_their_own(desk: Desk) -> None:
    parts = (world.part("technical", title="技术标"), world.part("price", title="商务标"))
    policy, policy_path = desk.policy(parts=parts)
    home = desk.folder / "in"
    for name in ("技术标", "price"):
        (home / name).mkdir(parents=True)
        (home / name / "a.txt").write_text(name, encoding="utf-8")
    out = desk.folder / "bid.gbe"
    words = ("seal", home, "--policy", policy_path, "--key", desk.key("alpha"), "--out", out)

    (home / "readme.txt").write_text("left over", encoding="utf-8")
    desk(*words)
    assert desk.code == 1
    assert "readme.txt" in desk.said
    (home / "readme.txt").unlink()
    desk(*words, "--no-recovery-code")

    assert desk.code == 0
    assert policy.digest.hex() in desk.said
    assert [part.name for part in Cover.of_file(out).header.parts] == ["technical", "price"]
    assert not list(desk.folder.glob("*.recovery.txt"))


def test_faults_are_told_in_chinese_with_what_to_do_and_leave_nothing_behind(desk: Desk) -> None:
    _, policy_path = desk.policy(takes_fingerprint=True)
    home = desk.folder / "in"
    home.mkdir()
    (home / "a.txt").write_text("a")
    out, key = desk.folder / "bid.gbe", desk.key("alpha")
    broken = desk.folder / "broken.json"
    broken.write_text("{")
    usual = {"--policy": policy_path, "--key": key, "--out": out, "--policy-digest": ""}
    faults: dict[str, dict[str, object]] = {
        "仅在得到同意": {},
        "摘要不一致": {"--policy-digest": "00" * 32},
        "不是 JSON 格式": {"--policy": broken},
        "密钥无法识别": {"--key": broken, "consent": True},
        "文件无法读写": {"--key": desk.folder / "no.pem", "consent": True},
        "已经存在": {"--out": key, "consent": True, "--recovery-code": broken},
    }
    expected = {"仅在得到同意": "尚未得到投标人同意"}

    for fault, changed in faults.items():
        options = {**usual, **changed}
        consent = ["--consent"] if options.pop("consent", False) else []
        words = [word for pair in options.items() for word in pair]
        answer = desk("seal", home, *words, *consent)

        assert (desk.code, answer) == (1, [])
        assert expected.get(fault, fault) in desk.said
        assert "请" in desk.said
        assert not out.exists()
    assert desk("seal", desk.folder / "nowhere", *[w for p in usual.items() for w in p]) == []
    assert desk("bid", "release", key, "--closing", policy_path, "--key", key) == []
    assert "不是按要求加密的投标文件" in desk.said


def test_a_bidder_names_its_key_or_its_code_and_a_part_that_exists(desk: Desk) -> None:
    _, policy_path = desk.policy()
    home = desk.folder / "in"
    home.mkdir()
    (home / "a.txt").write_text("a")
    envelope, key = desk.folder / "bid.gbe", desk.key("alpha")
    desk("seal", home, "--policy", policy_path, "--key", key, "--out", envelope)
    cover = Cover.of_file(envelope)
    end = Closing.make(
        cover.header.policy,
        [cover.digest],
        key=world.key("centre"),
        opening_key=world.key("opening").public,
        now=world.DEADLINE,
    ).cosigned(world.key("cosigner"))
    closing = desk.write("closing.json", end.as_json())
    release = ("bid", "release", envelope, "--closing", closing)

    desk(*release)
    assert "没有给出私钥" in desk.said
    desk(*release, "--key", desk.key("beta"))
    assert "不是加密这份投标文件时所用的密钥" in desk.said
    desk(*release, "--key", key, "--part", "other")
    assert "没有这一部分" in desk.said
    desk(*release, "--key", key, "--clock", desk.clock("soon.json", world.BEFORE - timedelta(1)))
    assert "未到开启时间" in desk.said
    paper = desk.folder / "code.txt"
    paper.write_text(recovery.code_of(bytes(32)).replace("0", "8", 1))
    desk(*release, "--recovery-code", paper)
    assert "恢复码有误" in desk.said


def test_a_holder_destroys_its_key_by_hand_on_the_centres_order_only(desk: Desk) -> None:
    policy, policy_path = desk.policy()
    late = desk.clock("late.json", world.AFTER)
    key = desk.folder / "holder-BODY1.pem"
    orders = {
        who: desk.write(
            f"order-{who}.json",
            Order.make(policy, Cause.NEVER_OPENED, key=world.key(who), now=world.AFTER).as_json(),
        )
        for who in ("centre", "tenderer")
    }
    words = ("holder", "destroy", "--policy", policy_path, "--code", "BODY1", "--key", key)
    standing = ("--standing-key", desk.key("standing BODY1"), "--clock", late)

    desk(*words, *standing, "--order", orders["tenderer"])
    assert desk.code == 1
    assert key.exists()

    (answer,) = desk(*words, *standing, "--order", orders["centre"])
    (again,) = desk(*words, *standing, "--order", orders["centre"])

    assert Destruction.of_json(answer).require_valid(policy).code == "BODY1"
    assert answer == again
    assert not key.exists()
    secret = world.key("BODY1").to_pem()
    assert not any(secret in path.read_bytes() for path in desk.folder.glob("holder-BODY1*"))
