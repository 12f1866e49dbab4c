"""``gongheng account first``: the three officers of a new node, who open every other account."""

import argparse
import os
from collections.abc import Callable

from gongheng.node.say import give, say

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_to(command: Command) -> None:
    """Add the command."""
    account = command("account", _open, "开立新平台的三员账号，初始密码只显示一次")
    account.add_argument(
        "what", choices=["first"], help="first：系统管理员、安全管理员、安全审计员"
    )


def _open(_asked: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
    import django  # noqa: PLC0415  only some commands need it
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    from gongheng.trust.identity import accounts  # noqa: PLC0415
    from gongheng.web.clock import legal_now  # noqa: PLC0415

    node = settings.NODE
    opened = accounts.open_first_officers(
        region_code=node.region_code,
        organisation_code=node.platform_code,
        organisation_name=node.name,
        now=legal_now(),
    )
    say("以下账号由三个人分别保管，首次登录须修改密码并启用动态验证码：")
    for account, password in opened:
        give(f"{account.username} {password}")
    return 0
