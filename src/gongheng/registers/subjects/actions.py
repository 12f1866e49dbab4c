"""The deeds of this room, by the one door that other rooms use."""

from gongheng.registers.subjects.agreements import (
    AgreementFacts,
    confirm_agreement,
    enter_agreement,
    register_agreement,
)
from gongheng.registers.subjects.applying import (
    Applicant,
    ask_deregistration,
    change,
    resubmit,
    sign_up,
    submit,
)
from gongheng.registers.subjects.deciding import (
    approve,
    enter_verified,
    reject,
    resume,
    send_back,
    suspend,
)
from gongheng.registers.subjects.keys import enter_key, prove, register_key

__all__ = [
    "AgreementFacts",
    "Applicant",
    "approve",
    "ask_deregistration",
    "change",
    "confirm_agreement",
    "enter_agreement",
    "enter_key",
    "enter_verified",
    "prove",
    "register_agreement",
    "register_key",
    "reject",
    "resubmit",
    "resume",
    "send_back",
    "sign_up",
    "submit",
    "suspend",
]
