"""What a password of a real account must be."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity.models import Account

MINIMUM_LENGTH = 12

WEAK = Reason(
    code="identity.weak_password",
    message="密码不符合要求。",
    remedy="请使用至少 12 个字符、不常见、不全是数字且与账号和姓名不相近的密码。",
)

VALIDATORS = (
    MinimumLengthValidator(MINIMUM_LENGTH),
    CommonPasswordValidator(),
    NumericPasswordValidator(),
    UserAttributeSimilarityValidator(("username", "display_name", "organisation_name")),
)


def require_strong(password: str, account: Account) -> None:
    """Refuse a password that is short, common, all digits or near to the person's own words."""
    try:
        validate_password(password, account, VALIDATORS)
    except ValidationError as weak:
        raise Refusal(WEAK, faults=tuple(weak.messages)) from weak
