"""The commands of bidders and holders, which run on their own machines: no node, no database."""

import argparse
from collections.abc import Callable
from pathlib import Path

Deed = Callable[[argparse.Namespace], int]
Command = Callable[[str, Deed, str], argparse.ArgumentParser]


def add_to(command: Command) -> None:
    """Add ``policy``, ``seal``, ``bid`` and ``holder`` to the command line."""
    _add_policy(command("policy", _no_deed, "招标人订立开启规则"))
    _add_seal(command("seal", _deed("seal"), "加密投标文件（在投标人自己的电脑上运行）"))
    _add_bid(command("bid", _no_deed, "投标人递交和解密"))
    _add_holder(command("holder", _no_deed, "份额保管方的操作（在保管方自己的电脑上运行）"))


def _deed(name: str) -> Deed:
    def run(asked: argparse.Namespace) -> int:
        from gongheng.node import sealing_deeds  # noqa: PLC0415  each command loads only what it needs

        return sealing_deeds.run(name, asked)

    return run


def _holding(name: str) -> Deed:
    def run(asked: argparse.Namespace) -> int:
        from gongheng.node import holding  # noqa: PLC0415

        return holding.run(name, asked)

    return run


def _bidding(name: str) -> Deed:
    def run(asked: argparse.Namespace) -> int:
        from gongheng.node import bidding_deeds  # noqa: PLC0415

        return bidding_deeds.run(name, asked)

    return run


def _no_deed(_asked: argparse.Namespace) -> int:
    return 2


def _add_seal(seal: argparse.ArgumentParser) -> None:
    seal.add_argument(
        "folder", type=Path, help="投标文件所在文件夹；分几个部分的，每部分一个子文件夹"
    )
    seal.add_argument("--policy", type=Path, required=True, help="随招标文件发布的开启规则")
    seal.add_argument("--policy-digest", default="", help="招标文件载明的开启规则摘要，用于核对")
    seal.add_argument("--key", type=Path, required=True, help="投标人的 SM2 私钥（PEM）")
    seal.add_argument("--out", type=Path, required=True, help="生成的投标文件，例如 bid.gbe")
    seal.add_argument("--consent", action="store_true", help="同意随文件封存制作环境信息")
    seal.add_argument("--recovery-code", type=Path, help="恢复码写到哪里，默认在投标文件旁边")
    seal.add_argument("--no-recovery-code", action="store_true", help="不生成恢复码")


def _add_policy(policy: argparse.ArgumentParser) -> None:
    deeds = policy.add_subparsers(required=True, metavar="动作")
    sign = deeds.add_parser("sign", help="招标人签署开启规则（在招标人自己的电脑上运行）")
    sign.set_defaults(deed=_bidding("policy_sign"))
    sign.add_argument("policy", type=Path, help="从平台下载的规则文件")
    sign.add_argument("--policy-digest", default="", help="平台页面所示的规则摘要，用于核对")
    sign.add_argument("--key", type=Path, required=True, help="招标人的 SM2 私钥（PEM）")

    decide = deeds.add_parser("decide", help="招标人签署后续部分的开启决定（在自己的电脑上运行）")
    decide.set_defaults(deed=_bidding("policy_decide"))
    decide.add_argument("lists", type=Path, help="从开标大厅下载的待开启清单")
    decide.add_argument("--key", type=Path, required=True, help="招标人的 SM2 私钥（PEM）")


def _add_submit(deeds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    submit = deeds.add_parser("submit", help="递交加密后的投标文件，断线后从断处继续")
    submit.set_defaults(deed=_bidding("bid_submit"))
    submit.add_argument("envelope", type=Path, help="加密后的投标文件")
    submit.add_argument("--url", required=True, help="标段投标页面的地址")
    submit.add_argument("--user", required=True, help="投标人账号")
    submit.add_argument("--password-file", type=Path, help="写有密码的文件；不给则提示输入")
    submit.add_argument("--platform-key", default="", help="该平台公布的公钥（十六进制）")
    submit.add_argument("--out", type=Path, help="回执写到哪里，默认在投标文件旁边")


def _add_bid(bid: argparse.ArgumentParser) -> None:
    deeds = bid.add_subparsers(required=True, metavar="动作")
    _add_submit(deeds)
    release = deeds.add_parser("release", help="投标人解密：交出自己的一半密钥")
    release.set_defaults(deed=_deed("bid_release"))
    release.add_argument("envelope", type=Path, help="递交过的投标文件")
    release.add_argument("--closing", type=Path, required=True, help="投标截止声明")
    release.add_argument("--key", type=Path, help="加密时所用的私钥")
    release.add_argument("--recovery-code", type=Path, help="私钥遗失时：写有恢复码的文件")
    release.add_argument(
        "--part", action="append", help="只交出这一部分的一半密钥，可重复；默认为全部"
    )
    release.add_argument("--send", default="", help="直接交给平台：开标大厅给出的解密接口地址")
    _add_clock(release)


def _add_holder(holder: argparse.ArgumentParser) -> None:
    deeds = holder.add_subparsers(required=True, metavar="动作")
    keygen = deeds.add_parser("keygen", help="为一个标段生成保管密钥及其声明")
    keygen.set_defaults(deed=_deed("holder_keygen"))
    keygen.add_argument("--lot", required=True, help="标段编码")
    keygen.add_argument("--code", required=True, help="本单位代码")
    keygen.add_argument("--name", required=True, help="本单位名称")
    keygen.add_argument(
        "--standing-key", type=Path, required=True, help="本单位的常用签名私钥（PEM）"
    )
    keygen.add_argument("--out", type=Path, required=True, help="新私钥写到哪里")
    _add_clock(keygen)
    release = deeds.add_parser("release", help="招标人解密：核对截止声明和清单后交出份额")
    release.set_defaults(deed=_deed("holder_release"))
    release.add_argument("--policy", type=Path, required=True, help="自己保存的开启规则")
    release.add_argument("--key", type=Path, required=True, help="本标段的保管私钥")
    release.add_argument("--closing", type=Path, required=True, help="投标截止声明")
    release.add_argument("--list", type=Path, required=True, help="已解密投标人清单")
    release.add_argument(
        "envelopes",
        type=Path,
        nargs="+",
        help="从平台下载的投标文件封面、投标文件，或装有投标文件的文件夹",
    )
    _add_clock(release)
    destroy = deeds.add_parser("destroy", help="按交易中心签名的要求销毁一个标段的保管密钥")
    destroy.set_defaults(deed=_deed("holder_destroy"))
    destroy.add_argument("--policy", type=Path, required=True, help="自己保存的开启规则")
    destroy.add_argument("--order", type=Path, required=True, help="交易中心签名的销毁要求")
    destroy.add_argument("--code", required=True, help="本单位代码")
    destroy.add_argument("--key", type=Path, required=True, help="要销毁的本标段保管私钥")
    destroy.add_argument(
        "--standing-key", type=Path, required=True, help="本单位的常用签名私钥（PEM）"
    )
    _add_clock(destroy)
    _add_standing_service(deeds)


def _add_standing_service(deeds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    init = deeds.add_parser("init", help="建立保管方文件夹：常用签名密钥和所登记的平台")
    init.set_defaults(deed=_holding("init"))
    init.add_argument("folder", type=Path, help="保管方文件夹")
    init.add_argument("--code", required=True, help="本单位代码")
    init.add_argument("--name", required=True, help="本单位名称")
    init.add_argument("--node-code", required=True, help="平台代码")
    init.add_argument("--node-key", required=True, help="平台公布的公钥（十六进制）")
    serve = deeds.add_parser("serve", help="常驻服务：生成密钥、核对后交出份额、按要求销毁密钥")
    serve.set_defaults(deed=_holding("serve"))
    serve.add_argument("--folder", type=Path, required=True, help="保管方文件夹")
    serve.add_argument("--url", required=True, help="平台地址")
    serve.add_argument("--once", action="store_true", help="把现有的事办完即结束")
    _add_clock(serve)


def _add_clock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clock", type=Path, help="仅供演练：演示时钟文件")
