"""Which node a command works on, and its Django: told by ``--node`` or ``GONGHENG_NODE``."""

import os
from pathlib import Path

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node import places
from gongheng.node.config import NodeConfig

NO_NODE = Reason(
    code="node.not_named",
    message="没有指明是哪个平台。",
    remedy="请用 --node 或环境变量 GONGHENG_NODE 指明 node.toml；演示平台也可写 city、province 或 nation。",
)
TIERS = frozenset({"city", "province", "nation"})
"""How the demonstration's nodes may be called; their folders have these names."""


def use(told: str) -> None:
    """Choose a node by its ``node.toml``, its folder or, in the demonstration, its tier."""
    path = Path(told)
    if told in TIERS and not path.exists():
        path = places.state() / told
    os.environ["GONGHENG_NODE"] = str(path / "node.toml" if path.is_dir() else path)


def file() -> Path:
    """Return the chosen node's file. Raises ``Refusal`` (``NO_NODE``)."""
    told = os.environ.get("GONGHENG_NODE", "")
    if not told:
        raise Refusal(NO_NODE)
    return Path(told)


def with_django() -> NodeConfig:
    """Set Django up for the chosen node and return it. Raises ``Refusal`` (``NO_NODE``)."""
    file()
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
    import django  # noqa: PLC0415  the supervisor and the verifier have none
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    node: NodeConfig = settings.NODE
    return node
