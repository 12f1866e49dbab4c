import stat
from pathlib import Path

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.node import config_file, demo_nodes, initiation
from gongheng.node.config import ConfigFaults


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return demo_nodes.write(tmp_path)


def _faults(path: Path, right: str, wrong: str) -> ConfigFaults:
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    with pytest.raises(ConfigFaults) as found:
        config_file.read(path)
    return found.value


def test_the_demonstrations_nodes_know_each_other_by_their_keys(files: list[Path]) -> None:
    city, province, nation = (config_file.read(path) for path in files)

    assert [(peer.code, peer.direction) for peer in city.peers] == [("530000", "parent")]
    assert {(peer.code, peer.kind) for peer in province.peers} == {
        ("530100", "gongheng"),
        ("000000", "gongheng"),
        ("530300", "vendor"),
    }
    assert city.peers[0].public_key == province.public_key
    assert nation.peers[0].public_key == province.public_key
    assert city.clock_path == nation.clock_path


def test_writing_the_demonstration_again_changes_nothing(files: list[Path], tmp_path: Path) -> None:
    before = [path.read_bytes() for path in files]

    demo_nodes.write(tmp_path)

    assert [path.read_bytes() for path in files] == before


def test_secrets_are_for_the_owner_alone(files: list[Path]) -> None:
    for path in files:
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE((path.parent / "keys" / "node.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('tier = "city"', 'tier = "town"', "tier"),
        ('region = "530100"', 'region = "5301"', "region"),
        ('name = "', 'nam = "', "nam"),
        ("port = 8001", 'port = "8001"', "web.port"),
        ("port = 8001", "port = 80", "web.port"),
        ("demo = true", "", "clock"),
        ('direction = "parent"', 'direction = "child"', "peer 530000 direction"),
        ('direction = "parent"', 'direction = "up"', "peer[1].direction"),
        ('public_key = "04', 'public_key = "05', "peer[1].public_key"),
        ("[web]", "[web", "文件"),
        ("[web]", "[wep]", "wep"),
        ("[web]", '[time]\nservers = "ntp.ntsc.ac.cn"\n\n[web]', "time.servers"),
        ("[web]", '[time]\nservers = ["ntp ntsc"]\n\n[web]', "time.servers"),
    ],
)
def test_a_mistake_is_told_with_its_key(
    files: list[Path], right: str, wrong: str, key: str
) -> None:
    found = _faults(files[0], right, wrong)

    assert key in {fault.key for fault in found.faults}
    for fault in found.faults:
        assert str(files[0]) in str(fault)
        assert fault.expected


def test_five_mistakes_are_told_at_once(files: list[Path]) -> None:
    text = files[0].read_text().replace('"city"', '"town"', 1).replace("8001", "1", 2)
    files[0].write_text(text.replace('region = "530100"', "region = 1").replace("04", "4", 1))
    (files[0].parent / "keys" / "node.pem").write_text("no key")

    with pytest.raises(ConfigFaults) as found:
        config_file.read(files[0])

    assert len(found.value.faults) >= 4
    assert {"tier", "region", "web.port", "key"} <= {fault.key for fault in found.value.faults}


def test_a_new_node_is_made_once_and_says_what_is_missing(tmp_path: Path) -> None:
    facts = {"code": "530100", "tier": "city", "name": "", "url": "http://127.0.0.1:8000"}
    path, public_key = initiation.init(tmp_path / "node", **facts)

    with pytest.raises(Refusal) as refusal:
        initiation.init(tmp_path / "node", **facts)
    with pytest.raises(ConfigFaults) as found:
        config_file.read(path)

    assert refusal.value.reason is initiation.EXISTS
    assert len(public_key) == 130
    assert {fault.key for fault in found.value.faults} == {"platform_code", "service_code"}


def test_a_node_compares_its_clock_with_the_servers_it_names(files: list[Path]) -> None:
    before = config_file.read(files[0]).time_servers
    text = files[0].read_text()
    files[0].write_text(f'{text}\n[time]\nservers = ["ntp.ntsc.ac.cn", "127.0.0.1:1123"]\n')

    assert before == ()
    assert config_file.read(files[0]).time_servers == ("ntp.ntsc.ac.cn", "127.0.0.1:1123")
