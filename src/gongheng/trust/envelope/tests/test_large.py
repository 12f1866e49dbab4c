"""A bid of 500 MB in a process that may not hold a tenth of it."""

import subprocess
import sys
from pathlib import Path

import pytest

import gongheng

SOURCES = Path(gongheng.__file__).parents[1]
CODE = """
import resource, sys
from pathlib import Path
from gongheng.trust.envelope import intake
from gongheng.trust.envelope.opening import open_part
from gongheng.trust.envelope.recombination import recombine
from gongheng.trust.envelope.sealing import Content, seal
from gongheng.trust.envelope.tests import world

folder = Path(sys.argv[1])
source = folder / "large.bin"
with source.open("wb") as file:
    file.truncate(500_000_000)
    file.seek(-5, 2)
    file.write(b"final")
bids = world.bids(folder)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
bids.sealed["alpha"] = seal(
    {"bid": Content({"large.bin": source})},
    folder / "bid.gbe",
    signed=world.signed(bids.policy),
    key=world.key("alpha"),
)
cover = intake.judge_file(folder / "bid.gbe", policy_digest=bids.policy.digest)
closing = bids.close()
frozen = bids.freeze(closing, ["alpha"])
key = recombine(cover, frozen, bids.half("alpha", closing), bids.shares(closing, frozen))
open_part(folder / "bid.gbe", cover, "bid", key.content_key, folder / "opened")
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with (folder / "opened" / "large.bin").open("rb") as file:
    assert file.seek(-5, 2) == 499_999_995
    assert file.read() == b"final"
print(after - before)
"""


@pytest.mark.full
@pytest.mark.slow
def test_memory_does_not_grow_with_the_bid(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCES)},
    )

    assert int(done.stdout) < 50_000
