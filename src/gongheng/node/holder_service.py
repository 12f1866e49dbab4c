"""The standing service of a body that holds shares, on the body's own machine (no Django).

It asks its node what there is to do, and judges everything by itself: the node's key is the one
that the body noted, closing and list must hold by the body's own clock, a key is destroyed only on
the centre's signed order. Each act stands in the journal before the node hears of it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import httpx

from gongheng.kernel.clock import Clock, machine_now
from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node.holder_folder import HolderFolder
from gongheng.trust.envelope import holder_requests, share_release
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.destruction import Destruction, Order
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import announce
from gongheng.trust.envelope.policy import Policy, SignedPolicy

PAUSE, LONGEST_PAUSE = 2.0, 60.0
TIMEOUT = httpx.Timeout(60, connect=5)

OTHER_NODE = Reason(
    code="node.holder_other_node",
    message="对方不是本单位登记的平台：平台代码或公钥不符。",
    remedy="请核对平台地址，以及 body.json 中登记的平台代码和公钥。",
)
OTHER_POLICY = Reason(
    code="node.holder_other_policy",
    message="平台给出的开启规则与本单位先前保存的不同，或其中没有本单位的密钥。",
    remedy="请不要交出份额，联系招标人、交易中心和监督部门核实。",
)
NODE_SAYS = Reason(
    code="node.holder_refused",
    message="平台没有受理本单位提交的内容。",
    remedy="请按平台所说的原因处理；服务会继续重试。",
)
NOT_UNDERSTOOD = Reason(
    code="node.holder_answer_unreadable",
    message="平台的答复无法识别。",
    remedy="请核对平台地址和版本。",
)
NO_KEY = Reason(
    code="node.holder_no_key",
    message="本机没有这个标段的保管密钥。",
    remedy="密钥已销毁或不在本机的，无法交出份额；请告知交易中心，由其他保管方交出。",
)

Json = Mapping[str, object]


class NodeAway(Exception):
    """The node does not answer; it is asked again later."""


class Door:
    """The node's door for holders: every request is signed by the body."""

    def __init__(self, url: str, folder: HolderFolder, client: httpx.Client) -> None:
        self._url = url.rstrip("/")
        self._folder = folder
        self._client = client

    def get(self, path: str) -> Json:
        """Return what the node answers. Raises ``NodeAway``, ``Refusal``."""
        return self._ask("GET", path, b"")

    def post(self, path: str, value: Json) -> Json:
        """Send a statement and return the answer. Raises ``NodeAway``, ``Refusal``."""
        return self._ask("POST", path, json.dumps(value, ensure_ascii=False).encode())

    def _ask(self, method: str, path: str, body: bytes) -> Json:
        who = self._folder.body
        signed = holder_requests.authorization(
            code=who.code,
            node=who.node,
            method=method,
            path=path,
            body=body,
            key=self._folder.standing,
            now=machine_now(),
        )
        headers = {"Authorization": signed, "Content-Type": "application/json"}
        try:
            answer = self._client.request(method, self._url + path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NodeAway(str(error) or type(error).__name__) from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise NodeAway(f"HTTP {answer.status_code}")
        return _content(answer)


def _content(answer: httpx.Response) -> Json:
    try:
        found = answer.json()
    except ValueError as error:
        raise Refusal(NOT_UNDERSTOOD, status=answer.status_code) from error
    if not isinstance(found, dict):
        raise Refusal(NOT_UNDERSTOOD, status=answer.status_code)
    if answer.is_success:
        return found
    raise Refusal(NODE_SAYS, code=found.get("code", ""), said=found.get("message", ""))


class Service:
    """Does what there is to do for one body."""

    def __init__(self, folder: HolderFolder, door: Door, clock: Clock) -> None:
        self._folder = folder
        self._door = door
        self._clock = clock
        self._told: set[tuple[str, str]] = set()

    def round(self) -> int:
        """Do everything that there is to do now; return how many deeds were done.

        What is refused is written down, once for each cause, and keeps nothing else from being
        done. Raises ``NodeAway``, ``Refusal`` (OTHER_NODE, NOT_UNDERSTOOD, NODE_SAYS).
        """
        answer = self._door.get("/holders/v1/work")
        if answer.get("node") != self._folder.body.node:
            raise Refusal(OTHER_NODE, node=answer.get("node", ""))
        done = 0
        for item in _items(answer.get("work")):
            try:
                done += self._do(item)
            except Refusal as refusal:
                self._refused(item, refusal)
        return done

    def _refused(self, item: Json, refusal: Refusal) -> None:
        what = (str(item.get("case", "")), refusal.reason.code)
        if what not in self._told:
            self._told.add(what)
            self._note("refused", item, reason=refusal.reason.code, **refusal.facts)

    def _note(self, act: str, item: Json, **facts: object) -> None:
        self._folder.note(
            act, at=self._clock.now(), lot=item.get("lot", ""), case=item.get("case", ""), **facts
        )

    def _do(self, item: Json) -> int:
        deeds: Mapping[str, Callable[[UUID, Json], int]] = {
            "announce": self._announce,
            "release": self._release,
            "destroy": self._destroy,
        }
        deed = deeds.get(str(item.get("deed")))
        # Another version of the node may ask for what this one does not know.
        return deed(_case_of(item), item) if deed else 0

    # The key of a case.

    def _announce(self, case_id: UUID, item: Json) -> int:
        who, now = self._folder.body, self._clock.now()
        if self._folder.kept(case_id, "destroyed"):
            raise Refusal(NO_KEY)
        kept = self._folder.kept(case_id, "announcement")
        if kept is None:
            made = announce(
                lot=str(item.get("lot", "")),
                code=who.code,
                name=who.name,
                key=self._folder.make_key(case_id),
                standing=self._folder.standing,
                now=now,
            )
            kept = made.as_json()
            # Kept before it is sent: the node takes only one announcement, this very one.
            self._folder.keep(case_id, "announcement", made.as_json())
            self._note("key_made", item, key=made.key)
        reached("holder.before_announcement")
        self._door.post(f"/holders/v1/cases/{case_id}/announcement", _object(kept))
        self._note("announced", item)
        return 1

    # The opening.

    def _release(self, case_id: UUID, item: Json) -> int:
        answer = self._door.get(f"/holders/v1/cases/{case_id}/opening")
        policy = self._policy(case_id, item, answer.get("policy"))
        closing = Closing.of_json(answer.get("closing"))
        closing.require_valid(policy, now=self._clock.now())
        done = 0
        for value in _items(answer.get("lists")):
            frozen = FrozenList.of_json(value)
            if frozen.part in _words(item.get("parts")):
                done += self._release_part(case_id, item, policy, closing, frozen)
        return done

    def _release_part(
        self, case_id: UUID, item: Json, policy: Policy, closing: Closing, frozen: FrozenList
    ) -> int:
        now, name = self._clock.now(), f"shares-{frozen.part}"
        frozen.require_valid(policy, closing, now=now)
        kept = self._folder.kept(case_id, name)
        if kept is None or _list_of(kept) != frozen.digest.hex():
            key = self._folder.key_of(case_id)
            if key is None:
                raise Refusal(NO_KEY)
            made = share_release.release(
                self._covers(case_id, frozen.part),
                key=key,
                policy=policy,
                closing=closing,
                frozen=frozen,
                now=now,
            )
            kept = made.as_json()
            self._folder.keep(case_id, name, made.as_json())
            self._note(
                "shares_signed",
                item,
                part=frozen.part,
                list=frozen.digest.hex(),
                shares=len(made.shares),
                unusable=len(made.unusable),
            )
        reached("holder.before_shares")
        self._door.post(f"/holders/v1/cases/{case_id}/shares", _object(kept))
        self._note("shares_released", item, part=frozen.part)
        return 1

    def _covers(self, case_id: UUID, part: str) -> Iterator[Cover]:
        after = ""
        while True:
            path = f"/holders/v1/cases/{case_id}/covers?part={part}&after={after}"
            found = _items(self._door.get(path).get("covers"))
            if not found:
                return
            for value in found:
                yield Cover.of_json(value)
            after = str(found[-1].get("envelope", ""))

    def _policy(self, case_id: UUID, item: Json, value: object) -> Policy:
        """Return the policy, once both sides signed it, the centre is ours, and the key is in it."""
        signed = SignedPolicy.of_json(value)
        policy, who = signed.policy, self._folder.body
        if policy.centre_key != who.node_key:
            raise Refusal(OTHER_NODE, key=policy.centre_key[:16])
        kept = self._folder.kept(case_id, "policy")
        mine = next((holder for holder in policy.holders if holder.code == who.code), None)
        announced = _object(self._folder.kept(case_id, "announcement") or {})
        is_mine = mine is not None and mine.announcement.as_json() == announced
        if not is_mine or policy.lot != item.get("lot"):
            raise Refusal(OTHER_POLICY)
        if kept is not None and SignedPolicy.of_json(kept).policy.digest != policy.digest:
            raise Refusal(OTHER_POLICY)
        if kept is None:
            self._folder.keep(case_id, "policy", signed.as_json())
            self._note("policy_kept", item, digest=policy.digest.hex())
        return policy

    # The end of the key.

    def _destroy(self, case_id: UUID, item: Json) -> int:
        policy = self._policy(case_id, item, item.get("policy"))
        order = Order.of_json(item.get("order"))
        order.require_valid(policy, now=self._clock.now())
        kept = self._folder.kept(case_id, "destroyed")
        if kept is None:
            made = self._statement(case_id, order)
            kept = made.as_json()
            self._folder.keep(case_id, "destroyed", made.as_json())
        reached("holder.before_destruction")
        self._folder.destroy_key(case_id)
        self._note("key_destroyed", item, cause=order.cause.value)
        self._door.post(f"/holders/v1/cases/{case_id}/destruction", _object(kept))
        self._note("destruction_told", item)
        return 1

    def _statement(self, case_id: UUID, order: Order) -> Destruction:
        key = self._folder.key_of(case_id)
        if key is None:
            raise Refusal(NO_KEY)
        return Destruction.make(
            order,
            code=self._folder.body.code,
            key=key,
            standing=self._folder.standing,
            now=self._clock.now(),
        )


def serve(
    service: Service,
    *,
    once: bool,
    say: Callable[[str], None],
    wait: Callable[[float], object] = time.sleep,
) -> int:
    """Go round until stopped, or once; with a node that is away the pauses double up to a minute.

    With ``once`` it goes round until nothing is left to do, and 1 means that the node was away.
    Raises ``Refusal`` (OTHER_NODE): what is not our node is not asked again.
    """
    pause, cause = PAUSE, ""
    while True:
        try:
            done = service.round()
        except (NodeAway, Refusal) as error:
            if isinstance(error, Refusal) and error.reason is OTHER_NODE:
                raise
            if cause != str(error):
                say(f"平台没有给出工作（{error}），稍后再试。")
            if once:
                return 1
            cause = str(error)
            wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause, cause = PAUSE, ""
        if once and not done:
            return 0
        if not done:
            wait(pause)


def _items(value: object) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refusal(NOT_UNDERSTOOD)
    return value


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise Refusal(NOT_UNDERSTOOD)
    return value


def _words(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _case_of(item: Json) -> UUID:
    try:
        return UUID(str(item.get("case")))
    except ValueError as error:
        raise Refusal(NOT_UNDERSTOOD) from error


def _list_of(kept: object) -> str:
    statement = _object(kept).get("statement")
    return str(_object(statement).get("list", ""))
