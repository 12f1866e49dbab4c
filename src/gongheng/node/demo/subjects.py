"""The verified subjects of the demonstration: parties of its cases, and who keeps shares of keys.

They are entered where the register is kept, at the province; the cities fetch them from there.
"""

from dataclasses import dataclass
from datetime import timedelta

from gongheng.data.standard import samples
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node import secret_files
from gongheng.node.config import NodeConfig
from gongheng.node.demo.people import AGENCY, BIDDERS, COUNTY, HOSPITAL, SCHOOL, people_of
from gongheng.registers.subjects import actions, queries
from gongheng.registers.subjects.kinds import Commission, SubjectKind, SubjectRole
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.actors import Actor, acting

_PUBLIC = SubjectKind.PUBLIC_BODY
_FIRM = SubjectKind.LEGAL_PERSON


@dataclass(frozen=True, slots=True)
class _Subject:
    number: int
    name: str
    kind: SubjectKind
    roles: tuple[SubjectRole, ...]
    representative: str
    region: str = "530100"


_REPRESENTATIVES = ("杨立新", "张晓峰", "李国华", "段永强")
_REGIONS = ("530102", "530112", "530111", "532900")
SUBJECTS = (
    _Subject(1, SCHOOL, _PUBLIC, (SubjectRole.TENDERER,), "何文澜"),
    _Subject(11, HOSPITAL, _PUBLIC, (SubjectRole.TENDERER,), "沈若兰"),
    _Subject(12, COUNTY, _PUBLIC, (SubjectRole.TENDERER,), "段成林", "530181"),
    _Subject(2, AGENCY, _FIRM, (SubjectRole.AGENCY,), "陈启明"),
    *(
        _Subject(firm, name, _FIRM, (SubjectRole.BIDDER,), representative, region)
        for (firm, name, _), representative, region in zip(
            BIDDERS, _REPRESENTATIVES, _REGIONS, strict=True
        )
    ),
    _Subject(22, "云南示例公证处", SubjectKind.OTHER, (SubjectRole.BIDDER,), "高云岫"),
    _Subject(23, "云南示例存证服务有限公司", _FIRM, (SubjectRole.BIDDER,), "邵一鸣"),
    _Subject(24, "云南示例律师协会", SubjectKind.OTHER, (SubjectRole.BIDDER,), "苏宛如"),
)
_LEGAL_TYPES = {_FIRM: "1", _PUBLIC: "3", SubjectKind.OTHER: "9"}


def load_agreements() -> None:
    """Enter that the agency acts for the school and the hospital, at the city where it acts."""
    on = DEMO_STARTS_AT.date()
    for tenderer, number in (("clerk", 1), ("clerk2", 11)):
        words = f"{number}号委托协议（演示）"
        facts = actions.AgreementFacts(
            tenderer_code=samples.firm(number),
            agency_code=samples.firm(2),
            scope="工程建设项目施工招标代理（演示）",
            commissions=tuple(Commission),
            starts_on=on - timedelta(days=60),
            ends_on=on + timedelta(days=3 * 365),
            document_name=f"{words}.pdf",
            document_digest=sm3(words.encode()).hex(),
        )
        actions.enter_agreement(
            facts=facts,
            tenderer=_person(tenderer),
            agency=_person("agency"),
            now=DEMO_STARTS_AT - timedelta(days=60),
        )


def _person(username: str) -> Actor:
    account = identity.account_named(username)
    assert account is not None  # people were loaded before  # noqa: S101
    return acting(account, now=DEMO_STARTS_AT)


def load(node: NodeConfig) -> None:
    """Enter the subjects that are not there yet, as verified a month before the demonstration.

    Each bidder begins with a registered key, whose private half lies with the people of the
    demonstration, so that a newcomer can seal a bid by hand.
    """
    at = DEMO_STARTS_AT - timedelta(days=40)
    for subject in SUBJECTS:
        if queries.subject(samples.firm(subject.number)) is None:
            actions.enter_verified(
                kind=subject.kind,
                body=_body(subject),
                verified_by="赵强（演示）",
                now=at,
                region_code=subject.region,
            )
    for number, (firm, _, _) in enumerate(BIDDERS, start=1):
        key, code = _key_of(node, f"bidder{number}"), samples.firm(firm)
        actions.enter_key(
            code=code,
            public_key_hex=key.public.to_hex(),
            proof=actions.prove(code, key),
            by="投标人（演示）",
            now=at,
        )


def _key_of(node: NodeConfig, name: str) -> PrivateKey:
    """Return the key of a person of the demonstration, made once."""
    path = people_of(node) / name / "key.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_files.write(path, PrivateKey.generate().to_pem().decode("ascii"))
    return PrivateKey.from_pem(path.read_bytes())


def _body(subject: _Subject) -> dict[str, str]:
    code = samples.firm(subject.number)
    return {
        "LEGAL_NAME": subject.name,
        "BIDDER_CODE_TYPE": "2" if subject.kind is SubjectKind.OTHER else "1",
        "LEGAL_CODE": code,
        "LEGAL_ROLE": ";".join(subject.roles),
        "LICENSE_NO": code,
        "LICENSE_END_DATE": "20991231",
        "TAX_CERT_NO": code,
        "TAX_CERT_END_DATE": "20991231",
        "LEGAL_REPRESENT": subject.representative,
        "LEGAL_TYPE": _LEGAL_TYPES[subject.kind],
        "COUNTRY_REGION": "156",
        "LEGAL_UNIT_ADDRESS": f"云南省昆明市示例路{subject.number}号",
        "REGION_CODE": subject.region,
        "REG_CAPITAL": "5000" if subject.kind is _FIRM else "0",
        "REG_CAP_CURRENCY": "156",
        "REG_UNIT": "1",
        "LEGAL_CONTACT": "示例联系人",
        "LEGAL_CONTACT_PHONE": f"0871-600000{subject.number:02d}",
        "LEGAL_STATUS": "1",
        **(_account(subject) if subject.kind is _FIRM else {}),
    }


def _account(subject: _Subject) -> dict[str, str]:
    """Return the base account from which a firm pays its deposits."""
    return {
        "BASIC_BANK": "示例银行昆明分行",
        "BASIC_ACCOUNT_NO": f"2501{subject.number:013d}",
        "BASIC_ACCOUNT_NAME": subject.name,
    }
