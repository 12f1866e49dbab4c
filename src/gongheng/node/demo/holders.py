"""The bodies that hold shares in the demonstration, each with a folder of its own beside the nodes.

Private keys lie in ``people/<name>/``, outside every node's folder; the city's register gets the
public halves. ``gongheng holder serve --folder people/<name>`` runs a body's standing service.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from gongheng.data.standard import samples
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node.config import NodeConfig
from gongheng.node.demo.people import COUNTY, HOSPITAL, SCHOOL, people_of
from gongheng.node.holder_folder import BODY, Body, HolderFolder
from gongheng.trading.bids import ceremony
from gongheng.trading.bids.kinds import BodySide
from gongheng.trading.cases.models import Case
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope.holders import announce
from gongheng.trust.envelope.policy import LABEL
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True)
class Keeper:
    """A body of the demonstration: the name of its folder, its code, name and side."""

    folder: str
    code: str
    name: str
    side: BodySide


def keepers(node: NodeConfig) -> tuple[Keeper, ...]:
    """Return the bodies that hold shares of bids at a node."""
    centre = node.name.removesuffix("（演示）").replace("平台", "中心")
    return (
        Keeper("school", samples.firm(1), SCHOOL, BodySide.TENDERER),
        Keeper("hospital", samples.firm(11), HOSPITAL, BodySide.TENDERER),
        Keeper("county", samples.firm(12), COUNTY, BodySide.TENDERER),
        Keeper("centre", node.platform_code, centre, BodySide.CENTRE),
        Keeper("province", "12530000MB1X000010", "云南省公共资源交易中心", BodySide.NODE),
        Keeper("notary", samples.firm(22), "云南示例公证处", BodySide.NOTARY),
        Keeper("reserve", samples.firm(24), "云南示例律师协会", BodySide.RESERVE),
    )


def load(node: NodeConfig) -> None:
    """Make the bodies' folders that are not there yet, and enter the bodies in the register."""
    for keeper in keepers(node):
        path = people_of(node) / keeper.folder
        if not (path / BODY).exists():
            body = Body(
                code=keeper.code, name=keeper.name, node=node.code, node_key=node.public_key
            )
            HolderFolder.make(path, body)
        ceremony.enter_body(
            code=keeper.code,
            name=keeper.name,
            side=keeper.side,
            standing_key=HolderFolder(path).standing.public.to_hex(),
            now=DEMO_STARTS_AT,
        )


def agree_on_opening(case: Case, *, not_before: datetime, actor: Actor, now: datetime) -> None:
    """Let each body make its key for a lot, and both sides sign the rules of opening."""
    people = people_of(settings.NODE)
    folders = {
        keeper.code: HolderFolder(people / keeper.folder) for keeper in keepers(settings.NODE)
    }
    for request in ceremony.request_keys(case_id=case.pk, actor=actor, now=now):
        folder = folders[request.body.code]
        made = announce(
            lot=case.code,
            code=folder.body.code,
            name=folder.body.name,
            key=folder.make_key(case.pk),
            standing=folder.standing,
            now=now,
        )
        folder.keep(case.pk, "announcement", made.as_json())
        ceremony.announce(case_id=case.pk, body=request.body, value=made.as_json(), now=now)
    drafted = ceremony.draft_policy(case_id=case.pk, not_before=not_before, actor=actor, now=now)
    signature = sign(LABEL, drafted.body, folders[case.tenderer_code].standing).signature
    value = {"policy": drafted.body, "tenderer_signature": signature.hex()}
    ceremony.sign_policy(case_id=case.pk, value=value, actor=actor, now=now)
