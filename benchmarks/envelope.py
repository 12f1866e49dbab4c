"""What sealing and opening a bid cost, beside the raw cipher and digest of the same bytes.

    .venv/bin/python benchmarks/envelope.py [--megabytes 200] [--rounds 3] [--bids 0] [--bid-megabytes 20]

CPU seconds of this process (user and system), the least of the rounds; floors run between the
deeds, so that a busy machine slows both. ``cipher`` is pyca's GCM over the padded bytes, ``floor``
that and the digest of the same suite; neither reads or writes a file, ``copy`` does nothing else, through
the system's cache. With ``--bids N`` it opens N bids of ``--bid-megabytes`` (20) each on two threads as well,
as the worker does, and says how long it took, their CPU, and the floor. The last line is JSON.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from gongheng.trust.envelope import intake  # noqa: E402
from gongheng.trust.envelope.cover import Cover  # noqa: E402
from gongheng.trust.envelope.opening import open_part  # noqa: E402
from gongheng.trust.envelope.recombination import ValidShares, key_of, recombine  # noqa: E402
from gongheng.trust.envelope.suites import AES, CHUNK, SUITES, Suite  # noqa: E402
from gongheng.trust.envelope.tests import world  # noqa: E402


class Least:
    """The least CPU seconds of each deed: in all, and those outside the kernel (not reading or writing)."""

    def __init__(self) -> None:
        self.all: dict[str, float] = {}
        self.user: dict[str, float] = {}

    def note(self, name: str, deed: Callable[[], object]) -> None:
        before = resource.getrusage(resource.RUSAGE_SELF)
        deed()
        after = resource.getrusage(resource.RUSAGE_SELF)
        user = after.ru_utime - before.ru_utime
        whole = user + after.ru_stime - before.ru_stime
        self.all[name] = min(whole, self.all.get(name, whole))
        self.user[name] = min(user, self.user.get(name, user))


def raw_cipher(suite: Suite, chunks: int) -> Callable[[], None]:
    """pyca's own calls into one buffer, without anything of ours around them."""
    key, plain, out = os.urandom(suite.key_length), os.urandom(CHUNK), bytearray(CHUNK + 16)
    nonces = [number.to_bytes(12) for number in range(chunks)]

    def aes() -> None:
        cipher = AESGCM(key)
        for each in nonces:
            cipher.encrypt_into(each, plain, b"x" * 32, out)

    def sm4() -> None:
        for each in nonces:
            encryptor = Cipher(algorithms.SM4(key), modes.GCM(each)).encryptor()
            encryptor.authenticate_additional_data(b"x" * 32)
            encryptor.update_into(plain, out)
            encryptor.finalize()

    return aes if suite is AES else sm4


def raw_digest(suite: Suite, chunks: int) -> Callable[[], None]:
    plain = os.urandom(CHUNK)

    def run() -> None:
        digest = suite.digest()
        for _ in range(chunks):
            digest.update(plain)

    return run


def copy(source: Path, target: Path) -> None:
    """Read and write the same bytes in the same pieces: what the files cost by themselves."""
    buffer = bytearray(CHUNK)
    with source.open("rb") as reading, target.open("wb") as writing:
        while count := reading.readinto(buffer):
            writing.write(memoryview(buffer)[:count])


def measure(suite: Suite, megabytes: int, rounds: int, folder: Path) -> dict[str, object]:
    source = folder / "bid.bin"
    with source.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1_000_000))
    least = Least()
    chunks = 0
    for number in range(rounds):
        home = folder / f"{suite.name}{number}"
        home.mkdir()
        chunks = one_round(world.bids(home, suite), source, least)
        shutil.rmtree(home)
    return figures(least, chunks, megabytes)


def one_round(bids: world.Bids, source: Path, least: Least) -> int:
    contents = {"bid": world.Content({"bid.bin": source}, {"tool": "benchmark"})}
    path, suite = bids.folder / "alpha.gbe", bids.policy.suite
    signed, key = world.signed(bids.policy), world.key("alpha")

    def seal() -> None:
        bids.sealed["alpha"] = world.seal(contents, path, signed=signed, key=key)

    least.note("seal", seal)
    cover = bids.cover("alpha")
    chunks = cover.header.part("bid").chunks
    least.note("cipher", raw_cipher(suite, chunks))
    least.note("digest", raw_digest(suite, chunks))
    least.note("copy", lambda: copy(source, bids.folder / "copy"))
    least.note("judge", lambda: intake.judge_file(path, policy_digest=bids.policy.digest))
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    half, shares = bids.half("alpha", closing), bids.shares(closing, frozen)

    def open_it() -> None:
        content_key = recombine(cover, frozen, half, shares).content_key
        open_part(path, cover, "bid", content_key, bids.folder / "opened")

    least.note("open", open_it)
    return chunks


def figures(least: Least, chunks: int, megabytes: int) -> dict[str, object]:
    size = chunks * CHUNK / 1e6
    floor = least.all["cipher"] + least.all["digest"]
    found: dict[str, object] = {"megabytes": megabytes, "padded_megabytes": round(size)}
    for name, seconds in sorted({**least.all, "floor": floor}.items()):
        found[f"{name}_mb_per_s"] = round(size / seconds)
    for deed in ("seal", "open"):
        found[f"{deed}_over_cipher"] = round(least.all[deed] / least.all["cipher"], 2)
        found[f"{deed}_over_floor"] = round(least.all[deed] / floor, 2)
        found[f"{deed}_over_floor_and_copy"] = round(
            least.all[deed] / (floor + least.all["copy"]), 2
        )
        found[f"{deed}_over_floor_outside_kernel"] = round(least.user[deed] / floor, 2)
    return found


def open_many(suite: Suite, count: int, megabytes: int, folder: Path) -> dict[str, object]:
    """Open bids on two threads; one envelope on disk stands for all of its kind."""
    bids = world.bids(folder, suite)
    path = bids.add("alpha", {"bid": {"bid.bin": os.urandom(megabytes * 1_000_000)}})
    chunks = bids.cover("alpha").header.part("bid").chunks
    floor = Least()
    for _ in range(5):
        floor.note("floor", raw_cipher(suite, chunks))
        floor.note("digest", raw_digest(suite, chunks))
    closing = bids.close()
    frozen = bids.freeze(closing, ["alpha"])
    half, statements = bids.half("alpha", closing), bids.shares(closing, frozen)
    valid = ValidShares.of(bids.policy, frozen, statements)

    def open_one(number: int) -> None:
        cover, target = Cover.of_file(path), folder / f"opened{number}"
        open_part(path, cover, "bid", key_of(cover, half, valid).content_key, target)
        shutil.rmtree(target)

    started, before = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(open_one, range(count)))
    cpu = time.process_time() - before
    least = count * (floor.all["floor"] + floor.all["digest"])
    return {
        "bids": count,
        "megabytes_each": megabytes,
        "padded_megabytes_each": round(chunks * CHUNK / 1e6),
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(cpu, 1),
        "floor_cpu_seconds": round(least, 1),
        "cpu_over_floor": round(cpu / least, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bids", type=int, default=0)
    parser.add_argument("--bid-megabytes", type=int, default=20)
    asked = parser.parse_args()
    result: dict[str, object] = {}
    for suite in SUITES.values():
        with tempfile.TemporaryDirectory() as folder:
            found = measure(suite, asked.megabytes, asked.rounds, Path(folder))
        if asked.bids:
            with tempfile.TemporaryDirectory() as folder:
                found["many"] = open_many(suite, asked.bids, asked.bid_megabytes, Path(folder))
        result[suite.name] = found
        print(suite.name, found, file=sys.stderr)
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
