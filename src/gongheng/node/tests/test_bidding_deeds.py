"""``gongheng bid submit`` when the platform takes in no more of a part for now."""

from pathlib import Path

import httpx
import pytest

from gongheng.node import bidding_deeds

URL = "http://platform.example/bidding/1/"
SIZE = 100


@pytest.mark.parametrize("status", [408, 503])
def test_a_part_that_was_ended_is_sent_again_from_where_it_broke(
    tmp_path: Path, status: int
) -> None:
    envelope = tmp_path / "bid.gbe"
    envelope.write_bytes(bytes(range(SIZE)))
    sent: list[bytes] = []

    def platform(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(201, json={"offset": 0, "next": "0/"})
        if request.method == "GET":
            return httpx.Response(200, json={"offset": 40, "next": "40/"})
        sent.append(request.content)
        if len(sent) == 1:
            return httpx.Response(status, json={"code": "web.body_too_slow"})
        return httpx.Response(201, json={"receipt": {}})

    client = httpx.Client(transport=httpx.MockTransport(platform))
    answer = bidding_deeds._Sender(client, URL, envelope, SIZE).send()

    assert answer == {"receipt": {}}
    assert sent == [bytes(range(SIZE)), bytes(range(40, SIZE))]
