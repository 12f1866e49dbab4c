"""The forms of the opening hall: release, holders' statements, cause, decision, answer."""

import json
from datetime import datetime
from typing import Any

from django import forms

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.opening import rules
from gongheng.trading.opening.kinds import Answer, Cause, DecisionKind
from gongheng.trust.envelope.reasons import LIST_INVALID
from gongheng.web.paper_field import PaperField

REQUIRED = {"required": "必须填写。"}
LARGEST_RELEASE = 1 << 20


class ReleaseForm(forms.Form):
    """A release file made on the bidder's own machine, or the recovery code."""

    file = forms.FileField(
        label="解密文件",
        required=False,
        help_text="在本单位电脑上用 gongheng bid release 生成；私钥不会离开您的电脑。",
    )
    code = forms.CharField(
        label="恢复码",
        required=False,
        max_length=200,
        help_text="只在私钥遗失时使用：加密时打印的十四组字符。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Require one of the two, and that a file is what the tool writes."""
        found = super().clean() or {}
        file, code = found.get("file"), str(found.get("code") or "").strip()
        if not file and not code and not self.errors:
            raise forms.ValidationError(str(rules.RELEASE_EMPTY))
        if file:
            try:
                found["statements"] = statements_in(file.read(LARGEST_RELEASE + 1))
            except Refusal as refusal:
                self.add_error("file", str(refusal))
        return found


def statements_in(data: bytes) -> list[object]:
    """Return the statements of a release file: one a line, or a list. Raises ``Refusal``."""
    if len(data) > LARGEST_RELEASE:
        raise Refusal(rules.RELEASE_UNREADABLE)
    try:
        text = data.decode("utf-8-sig").strip()
        if text.startswith("["):
            found = json.loads(text)
        else:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Refusal(rules.RELEASE_UNREADABLE) from error
    if not isinstance(found, list) or not found:
        raise Refusal(rules.RELEASE_UNREADABLE)
    return found


class StatementsForm(forms.Form):
    """What a holder stated on its own machine: shares, or that its key is destroyed."""

    file = forms.FileField(
        label="保管方的声明",
        help_text="gongheng holder release 或 gongheng holder destroy 生成的 JSON 文件；内容由保管方的签名证明。",
        error_messages={"required": "请选择保管方交来的声明文件。"},
    )

    def clean_file(self) -> list[object]:
        """Return the statements in the file."""
        try:
            return statements_in(self.cleaned_data["file"].read(LARGEST_RELEASE + 1))
        except Refusal as refusal:
            raise forms.ValidationError(str(rules.STATEMENTS_UNREADABLE)) from refusal


class RetryForm(forms.Form):
    """Which bid of a later opening is decrypted once more."""

    retry = forms.UUIDField()


class LaterForm(forms.Form):
    """The lists that the tenderer signed on its own machine."""

    signed = forms.FileField(
        label="签署后的清单",
        help_text="gongheng policy decide 生成的 JSON 文件",
        error_messages={"required": "请选择签署后的清单文件。"},
    )

    def clean_signed(self) -> object:
        """Return the JSON in the file."""
        data = self.cleaned_data["signed"].read(LARGEST_RELEASE + 1)
        try:
            return json.loads(data) if len(data) <= LARGEST_RELEASE else None
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(str(LIST_INVALID)) from error


class CauseForm(forms.Form):
    """By whose cause a bid was not opened (E-07)."""

    cause = forms.ChoiceField(
        label="原因",
        choices=Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    evidence = forms.CharField(
        label="依据",
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明事实和证据，例如联系记录、日志时间；会写入开标记录的存档。",
        error_messages=REQUIRED,
    )
    paper = PaperField(label="证据附件", hint="例如联系记录、截图、日志。")


class DecisionForm(forms.Form):
    """More time for bidders, or waiting for holders."""

    kind = forms.ChoiceField(
        label="决定",
        choices=DecisionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    until = forms.CharField(
        label="延至",
        help_text="北京时间，二十四小时以内。例如：2026-11-05 10:00",
        error_messages=REQUIRED,
    )
    reason = forms.CharField(
        label="理由和依据",
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
    )

    def clean_until(self) -> datetime:
        """Return the instant that was typed."""
        text = " ".join(str(self.cleaned_data["until"]).replace("T", " ").split())
        for shape in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.strptime(text, shape).replace(tzinfo=BEIJING)
            except ValueError:
                continue
        raise forms.ValidationError("请按“年-月-日 时:分”填写，例如 2026-11-05 10:00。")


class AnswerForm(forms.Form):
    """What an organisation says of the opening record (E-11)."""

    answer = forms.ChoiceField(
        label="答复",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    words = forms.CharField(
        label="不同意见",
        required=False,
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有不同意见的必须写明，会写入开标记录。",
    )

    def clean(self) -> dict[str, Any]:
        """Require words where somebody disagrees."""
        found = super().clean() or {}
        disagrees = found.get("answer") == Answer.OBJECT
        if disagrees and not str(found.get("words") or "").strip():
            self.add_error("words", "请写明不同意见。")
        return found
