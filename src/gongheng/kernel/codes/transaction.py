"""统一交易标识码: ``category-platform-day-serial-check``, one per lot through its whole life (U-02).

The check character of the national system is not published. Codes that we issue carry ISO 7064
MOD 37,36 over the 35 characters; of foreign codes it can only be doubted, never refused.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongheng.kernel.codes import uscc
from gongheng.kernel.codes.faults import Fault
from gongheng.kernel.findings import Severity
from gongheng.kernel.reasons import Reason, Refusal

ALPHABET = string.digits + string.ascii_uppercase
MODULUS = 36
BODY_LENGTH = 35
SERIAL_DIGITS = 6
EXAMPLE = "A01-12530000MB1X000010-20240301-000001-2"

CATEGORIES = frozenset("ABCDGZ")
"""First letters in use: works, land and mining, property, procurement, a second works family, other.

The full list of categories is a code list of the data standard.
"""

MALFORMED = Reason(
    code="codes.transaction_malformed",
    message="统一交易标识码格式不正确。",
    remedy=f"应为“类别-平台代码-日期-序号-校验位”，共40位，例如{EXAMPLE}。",
)

_SHAPE = re.compile(
    r"(?P<category>[A-Z][0-9]{2})-(?P<platform>[0-9A-Z]{18})-"
    r"(?P<day>[0-9]{8})-(?P<serial>[0-9]{6})-(?P<check>[0-9A-Z])"
)
_BODY = re.compile(r"[0-9A-Z]{35}")

BAD_CATEGORY = Fault(
    "codes.transaction_category", "统一交易标识码的交易类别不存在。", "请核对首位类别字母。"
)
BAD_PLATFORM = Fault(
    "codes.transaction_platform",
    "统一交易标识码中平台的统一社会信用代码校验不通过。",
    "请核对第5至22位。",
)
BAD_DAY = Fault(
    "codes.transaction_day", "统一交易标识码中的日期不是真实日期。", "请核对第24至31位。"
)
BAD_CHECK = Fault(
    "codes.transaction_check", "统一交易标识码校验位不正确。", "请核对是否录入有误，或重新获取。"
)
DOUBTFUL_CHECK = Fault(
    "codes.transaction_check_foreign",
    "统一交易标识码的校验位与本平台算法不一致。",
    "该代码由其他平台赋码，请向赋码平台确认。",
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class TransactionCode:
    """The parts of a code. ``issued_on`` stays text: a foreign code may carry a day that is none."""

    category: str
    platform: str
    issued_on: str
    serial: str
    check: str

    @property
    def body(self) -> str:
        """Return the 35 characters that the check character covers."""
        return self.category + self.platform + self.issued_on + self.serial

    def __str__(self) -> str:
        """Return the code as it is written: 40 characters with hyphens."""
        return f"{self.category}-{self.platform}-{self.issued_on}-{self.serial}-{self.check}"


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of 35 characters without hyphens."""
    if _BODY.fullmatch(body) is None:
        msg = "the check character covers 35 digits and capitals"
        raise ValueError(msg)
    product = MODULUS
    for character in body:
        product = (product + ALPHABET.index(character)) % MODULUS or MODULUS
        product = product * 2 % (MODULUS + 1)
    return ALPHABET[(1 - product) % MODULUS]


def parse(text: str) -> TransactionCode:
    """Split a code into its parts. Raises ``Refusal`` (``MALFORMED``)."""
    parts = _SHAPE.fullmatch(text)
    if parts is None:
        raise Refusal(MALFORMED, value=text)
    return TransactionCode(*parts.group("category", "platform", "day", "serial", "check"))


def issue(*, category: str, platform: str, on: date, serial: int) -> TransactionCode:
    """Make a code of our own. Raises ``ValueError`` when a part could not stand in a valid one."""
    unchecked = TransactionCode(
        category, platform, f"{on:%Y%m%d}", f"{serial:0{SERIAL_DIGITS}d}", check="0"
    )
    code = TransactionCode(
        category, platform, unchecked.issued_on, unchecked.serial, check_character(unchecked.body)
    )
    if serial < 0 or not is_valid(str(code), ours=True):
        msg = f"no transaction code can be made of {code}"
        raise ValueError(msg)
    return code


def faults(text: str, *, ours: bool) -> Iterator[Fault]:
    """Yield what is wrong with a code; ``ours`` when it was issued by our algorithm."""
    parts = _SHAPE.fullmatch(text)
    if parts is None:
        yield Fault(MALFORMED.code, MALFORMED.message, MALFORMED.remedy)
        return
    code = parse(text)
    if code.category[0] not in CATEGORIES:
        yield BAD_CATEGORY
    if not uscc.is_valid(code.platform):
        yield BAD_PLATFORM
    if not _is_day(code.issued_on):
        yield BAD_DAY
    if check_character(code.body) != code.check:
        yield BAD_CHECK if ours else DOUBTFUL_CHECK


def is_valid(text: str, *, ours: bool) -> bool:
    """Tell whether a code has no error; a foreign check character is only a warning."""
    return all(fault.severity is not Severity.ERROR for fault in faults(text, ours=ours))


def split(codes: str) -> list[str]:
    """Return the codes of a field that joins several by ``;``."""
    return codes.split(";") if codes else []


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
