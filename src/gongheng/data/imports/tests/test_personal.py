"""How well personal numbers are found in the shapes that notices write them in.

Every line is invented and marked by hand: ``PERSONAL`` lines hold exactly one number between the
marks ⟦ ⟧ that must be covered; ``CODES`` lines hold none, however much their digits look like one.
"""

import pytest

from gongheng.data.standard.markup import clean, masked
from gongheng.kernel.masking import Personal

KINDS = frozenset({Personal.MOBILE, Personal.IDENTITY, Personal.EMAIL})

_MOBILES = """\
联系人：王工，电话：⟦13800138000⟧
联系电话：0871-63133333/⟦13900139001⟧
联系方式：（⟦15087001234⟧）
手机⟦189 8701 2345⟧，微信同号
手机：⟦177-8812-0034⟧
电话：⟦+86 13577001122⟧
电话：⟦+8613577001122⟧
电话：⟦86-13577001122⟧
电 话 ： ⟦１３８００１３８０００⟧
李经理⟦13608850123⟧
李经理⟦13608850123⟧、座机0871-65120000
Tel⟦13769100001⟧
TEL:⟦15925170002⟧
Mobile ⟦18087110003⟧
联系人及电话：张某某 ⟦19187110003⟧；
⟦16687110003⟧（王）
报名咨询：⟦19987110003⟧转1
技术支持电话：400-998-0000，手机⟦13312345678⟧
采购人联系方式:刘老师:⟦14787110003⟧。
电话:⟦13187110003⟧传真:0871-63120001
招标代理机构：某某咨询有限公司 ⟦13287110003⟧
项目经理：陈某 ⟦15587110003⟧ 注册编号 云153000000000
<td>联系电话</td><td>⟦18687110003⟧</td>
<p>电话：⟦138<b>0013</b>8000⟧</p>
<p>电话：⟦<u>139</u>8711<b>0003</b>⟧</p>
电话：⟦138 0013 8000⟧/0871-63133333
电话：⟦138.0013.8000⟧
电话：⟦138—0013—8000⟧
电话：⟦1380013 8000⟧
电话：⟦138 00138000⟧
手机号⟦13800138000⟧邮编650000
"""

_IDENTITIES = """\
法定代表人身份证号：⟦530102199001011234⟧
身份证号码⟦11010519491231002X⟧
身份证：⟦11010519491231002x⟧，男
公民身份号码 ⟦440524188001010014⟧
受让人：张某某（⟦530102198507150029⟧）
身份证号：⟦５３０１０２１９９００１０１１２３４⟧
证件号码:⟦650102197503040018⟧;
<td>身份证</td><td>⟦310101198001010012⟧</td>
<p>⟦310101<b>19800101</b>0012⟧</p>
ID⟦530102199001011234⟧
建造师某某，身份证号⟦530102196802290033⟧，注册编号
身份证：⟦530102 19900101 1234⟧
身份证号：⟦530102-19900101-1234⟧
"""

_MAILS = """\
邮箱：⟦zhang.san@example.com⟧
E-mail:⟦wang_wu01@mail.example.cn⟧；
"""

_CODES = """\
项目编号：YCA020032-202502-01(2)
采购计划编号：51340125210200004961
统一社会信用代码：91530100MA6K12345X
统一社会信用代码：915301007097123451
统一交易标识码：A01-12530100MB1X000028-20260316-000001-3
招标编号：E5301000001000001001
标段编号：E5301000001000001001001
投资项目代码：2412-360702-04-01-408846
投资项目统一代码：2602-530102-04-01-582553
项目编号：D6402000141100184
项目编号：ZFCG13800138000
招标编号：GC13912345678
备案号：XM-13800138000
合同编号：HT2025-13800138000
项目编号：2025130139138001380
中标价：13800138000.00元
中标价：13800138000.5元
成交金额（元）：1,380,013,800.00
预算金额：15900000000.00元
办公电话：0871-63133333
联系电话：0717-6625396
客服电话：4001600900
客服电话：400-998-0000
邮编：650000
开标时间：20260316093000
地块编号：4310002007B00125
宗地号：KCJ2025-138
公告期：2026-03-16至2026-03-23
发改价格〔2007〕670号
计价格[2002]10号
证书编号：D253012345
安全生产许可证：（云）JZ安许证字〔2020〕010138
特种设备生产许可证 TS2742148-2027
注册编号：20063600240
注册建造师：云1532019202000138
监理工程师：53001380
工期：365天，面积41023.0㎡
坐标：102.138001,25.039001
银行行号：308521015186
订单号：2026031613800138000001
流水号：1390013900113
产品型号：L415M-φ323.9×7.1mm
经度102138001380，纬度25
版本号13.800.138.000
数量：13800138000123支
文号：云财采〔2025〕138号
楼盘编号：53010219900101
身份证明文件：营业执照副本
标准：GB/T 13800-2013
ISBN 9787138001380
"""


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _covered(line: str) -> bool:
    """Tell whether the marked number cannot be read any more and everything else can."""
    before, rest = line.split("⟦")
    number, after = rest.split("⟧")
    shown = masked(before + number + after, KINDS)
    inner = shown[len(before) : len(shown) - len(after)]
    digits = sum(character.isdigit() for character in inner)
    return "*" in inner and digits <= 9 and shown.startswith(before) and shown.endswith(after)


def test_at_least_99_of_100_personal_numbers_are_covered() -> None:
    lines = _lines(_MOBILES + _IDENTITIES + _MAILS)

    missed = [line for line in lines if not _covered(line)]

    assert len(lines) >= 45
    assert missed == []


def test_at_most_1_of_100_codes_is_covered() -> None:
    lines = _lines(_CODES)

    alarms = [line for line in lines if masked(line, KINDS) != line]

    assert len(lines) >= 50
    assert alarms == []


@pytest.mark.parametrize("line", _lines(_MOBILES + _IDENTITIES))
def test_a_number_hidden_from_the_eye_by_markup_is_found(line: str) -> None:
    before, rest = line.split("⟦")
    number, after = rest.split("⟧")
    split = "".join(f"<span style='a'>{c}</span>" if c.isdigit() else c for c in number)

    shown = masked(clean(f"<p>{before}{split}{after}</p>"), KINDS)

    assert "*" in shown
