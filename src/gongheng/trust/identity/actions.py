"""Opens accounts, grants roles, judges passwords: the only writer of this room."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongheng.kernel import invisible
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import bodies, codes, counting, passwords, queries, role_sets, rules
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, Grant

NAME_TAKEN = Reason(
    code="identity.name_taken",
    message="该账号名已被使用。",
    remedy="请换一个账号名。",
)
NOT_A_DEMO = Reason(
    code="identity.not_a_demo",
    message="本节点不是演示节点，不能开设演示账号。",
    remedy="请不带演示标志开设账号，密码须符合要求。",
)


@transaction.atomic
def create_account(
    *,
    username: str,
    password: str,
    display_name: str,
    organisation_code: str,
    organisation_name: str,
    region_code: str,
    roles: Iterable[Role],
    now: datetime,
    is_demo: bool = False,
) -> Account:
    """Open an account with its roles from now on.

    The password must be strong, except for demonstration accounts, which only a demonstration node
    opens. Raises ``Refusal`` (NAME_TAKEN, NOT_A_DEMO, passwords.WEAK).
    """
    if is_demo and not settings.NODE.is_demo:
        raise Refusal(NOT_A_DEMO)
    if queries.account_named(username) is not None:
        raise Refusal(NAME_TAKEN, username=username)
    account = Account(
        username=queries.spelled(username),
        display_name=invisible.without(display_name),
        organisation_code=organisation_code,
        organisation_name=invisible.without(organisation_name),
        region_code=region_code,
        is_demo=is_demo,
    )
    if is_demo:
        account.password = _hashed_once(password, settings.PASSWORD_HASHERS[0])
    else:
        passwords.require_strong(password, account)
        account.set_password(password)
    account.save(force_insert=True)
    for role in roles:
        grant_role(account=account, role=role, now=now)
    return account


@cache
def _hashed_once(password: str, _hasher: str) -> str:
    """Return one hash for all demonstration accounts: their word is published, a salt hides nothing."""
    return make_password(password)


@transaction.atomic
def grant_role(
    *,
    account: Account,
    role: Role,
    now: datetime,
    ends_at: datetime | None = None,
    granted_by: UUID | None = None,
) -> Grant:
    """Give an account a role in its own region from now until ``ends_at``, or without end.

    The set of role templates that counts now must offer the role. Raises ``Refusal``
    (rules.NOT_SEPARATED, SUPERVISOR_TRADES, NOT_OFFERED, OTHER_BODY, NO_BODY;
    role_statement.FORGED_TEMPLATES).
    """
    rules.require_separated(held=queries.roles_of(account, now=now), role=role)
    standing = role_sets.standing()
    template = standing.of(role)
    rules.require_offered(role=role, is_offered=template.is_offered)
    bodies.require_fit(
        organisation_code=account.organisation_code,
        wanted=template.organisation_type,
        now=now,
        by=granted_by,
    )
    return Grant.objects.create(
        account=account,
        role=role,
        region_code=account.region_code,
        starts_at=now,
        ends_at=ends_at,
        granted_by=granted_by,
        template_number=standing.number,
    )


def authenticate(
    *, username: str, password: str, address: str | None, device: str, now: datetime
) -> Account:
    """Return the account whose name and password these are.

    ``device`` is the mark of a device on which this name has signed in before, or empty; ``now``
    is machine time. A guess is counted before it is judged, so that guesses at the same moment
    cannot exceed the limit; names without account are counted, and cost, the same. Raises
    ``Refusal`` (rules.WRONG, rules.TOO_OFTEN).
    """
    name = queries.spelled(username)
    person_key = counting.key("device" if device else "name", name, device)
    address_key = counting.key("address", address or "")
    counting.count(person_key, limit=rules.NAME_LIMIT, now=now)
    counting.count(address_key, limit=rules.ADDRESS_LIMIT, now=now)
    account = Account.objects.filter(username=name).first()
    if account is None:
        make_password(password)  # as slow as a comparison: time must not tell who has an account
    if account is None or not account.check_password(password) or not account.is_active:
        counting.forget_expired(now)
        raise Refusal(rules.WRONG)
    counting.forget(person_key)
    counting.take_back(address_key)
    return account


def judge_code(*, account: Account, code: str, now: datetime) -> None:
    """Require the account's one-time code; guesses are counted before they are judged.

    ``now`` is machine time. Raises ``Refusal`` (rules.WRONG_CODE, rules.TOO_OFTEN).
    """
    key = counting.key("code", str(account.pk))
    counting.count(key, limit=rules.CODE_LIMIT, now=now)
    codes.use(account=account, code=code, now=now)
    counting.forget(key)
