"""The forms for a project with its tender, and for a lot."""

from typing import Any

from django import forms
from django.forms import widgets

from gongheng.data.standard import registry
from gongheng.data.standard.forms import (
    CodeField,
    CodeListField,
    DayField,
    MoneyField,
    StandardField,
    StandardForm,
    WholeField,
)
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.projects import rules
from gongheng.trading.projects.kinds import (
    SELF_ORGANISED,
    THROUGH_AGENCY,
    TRADE_TYPE,
    LotFacts,
    ProjectFacts,
    TenderProjectFacts,
)
from gongheng.trust.identity.actors import Actor

WORKS = tuple(code for code in registry.code_list("DEAL_CATEGORY").codes if code.startswith("A"))


class RegistrationForm(StandardForm):
    """A project as approved, and its tender."""

    project_name = StandardField(
        "PROJECT",
        "PROJECT_NAME",
        label="项目名称",
        hint="与审批文件上的名称一致。",
        example="昆明市盘龙区龙泉路道路提升改造工程",
    )
    region_code = CodeListField("PROJECT", "REGION_CODE", label="项目所在地")
    relate_code = CodeListField("PROJECT", "RELATE_CODE", label="项目类别", radio=True)
    invest_project_code = CodeField(
        "PROJECT",
        "INVEST_PROJECT_CODE",
        hint="固定资产投资类项目必须填写，24位，见投资项目在线审批监管平台。",
        example="2409-530102-04-01-123456",
    )
    address = StandardField("PROJECT", "ADDRESS", example="昆明市盘龙区龙泉路（北京路至沣源路段）")
    legal_person = StandardField("PROJECT", "LEGAL_PERSON", hint="项目的法人单位全称。")
    industry = CodeListField("PROJECT", "INDUSTRIES_TYPE", hint="按国民经济行业分类的大类选择。")
    fund_source = StandardField("PROJECT", "FUND_SOURCE", example="市级财政资金")
    contribution_scale = StandardField("PROJECT", "CONTRIBUTION_SCALE", example="财政资金100%")
    scale = StandardField(
        "PROJECT",
        "PROJECT_SCALE",
        rows=3,
        hint="长度、面积、主要工程量。",
        example="道路全长2.6公里，红线宽40米",
    )
    approval_name = StandardField(
        "PROJECT", "APPROVAL_NAME", example="关于龙泉路提升改造工程可行性研究报告的批复"
    )
    approval_number = CodeField("PROJECT", "APPROVAL_NUMBER", example="昆发改审批〔2026〕88号")
    approval_authority = StandardField(
        "PROJECT", "APPROVAL_AUTHORITY", example="昆明市发展和改革委员会"
    )
    contact_name = StandardField("PROJECT", "CONTACTOR")
    contact_phone = CodeField("PROJECT", "CONTACT_INFORMATION", example="0871-60000000")
    tender_name = StandardField(
        "TENDER_PROJECT",
        "TENDER_PROJECT_NAME",
        label="招标项目名称",
        hint="一个项目可以分几次招标，这里填写本次招标的名称。",
        example="昆明市盘龙区龙泉路道路提升改造工程施工",
    )
    procedure = forms.ChoiceField(
        label="招标方式",
        widget=widgets.RadioSelect,
        help_text="国有资金占控股或者主导地位的依法必须招标项目应当公开招标；符合法定情形并经认定的，可以邀请招标（《招标投标法实施条例》第八条）。登记后不能更改。",
        error_messages={"required": "请选择招标方式。"},
    )
    category = CodeListField(
        "TENDER_PROJECT",
        "TENDER_PROJECT_TYPE",
        codes=WORKS,
        hint="决定统一交易标识码的前三位，登记后不能更改。",
    )
    is_statutory = CodeListField("TENDER_PROJECT", "IS_TO_LAW", radio=True)
    content = StandardField(
        "TENDER_PROJECT",
        "TENDER_CONTENT",
        rows=4,
        example="施工图范围内的道路、排水、照明、绿化工程施工",
    )
    tenderer_name = StandardField("TENDER_PROJECT", "TENDERER_NAME")
    tenderer_code = CodeField("TENDER_PROJECT", "TENDERER_CODE", hint="18位统一社会信用代码。")
    organise_form = CodeListField(
        "TENDER_PROJECT",
        "TENDER_ORGANIZE_FORM",
        codes=(SELF_ORGANISED, THROUGH_AGENCY),
        radio=True,
    )
    agency_name = StandardField("TENDER_PROJECT", "TENDER_AGENCY_NAME", hint="委托招标的必须填写。")
    agency_code = CodeField(
        "TENDER_PROJECT",
        "TENDER_AGENCY_CODE",
        hint="委托招标的必须填写，18位统一社会信用代码。",
    )
    supervisor_name = StandardField(
        "TENDER_PROJECT", "SUPERVISE_DEPT_NAME", example="昆明市住房和城乡建设局"
    )
    approver_name = StandardField(
        "TENDER_PROJECT", "APPROVE_DEPT_NAME", example="昆明市发展和改革委员会"
    )
    reporter = StandardField("TENDER_PROJECT", "REPORT_DUTY", hint="对所报内容负责的人。")

    sections = (
        ("项目", "project_name", "contact_phone"),
        ("本次招标", "tender_name", "content"),
        ("招标人、代理机构和监督部门", "tenderer_name", "reporter"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.actor = actor
        regions = registry.code_list("REGION")
        within = [code for code in regions.codes if actor.reaches(code)]
        where = self.fields["region_code"]
        if isinstance(where, CodeListField):
            where.labels = {code: regions.label(code) for code in within}
            where.widget = widgets.Select(choices=[("", "请选择"), *where.labels.items()])
        procedures = [(one.code, one.title) for one in cases.adopted(TRADE_TYPE)]
        method = self.fields["procedure"]
        if isinstance(method, forms.ChoiceField):
            method.choices = procedures
        self.initial = {
            "procedure": procedures[0][0] if procedures else "",
            "tenderer_name": actor.organisation_name,
            "tenderer_code": actor.organisation_code,
            "legal_person": actor.organisation_name,
            "reporter": actor.name,
            "is_statutory": "1",
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        """Let the standard judge, and refuse a tender of two other organisations."""
        cleaned = super().clean()
        try:
            rules.require_party(
                organisation_code=self.actor.organisation_code,
                tenderer_code=cleaned.get("tenderer_code", ""),
                agency_code=cleaned.get("agency_code", ""),
            )
        except Refusal as refusal:
            if not {"tenderer_code", "agency_code"} & set(self.errors):
                self.add_error("tenderer_code", str(refusal))
        if cleaned.get("organise_form") != THROUGH_AGENCY and cleaned.get("agency_code"):
            self.add_error(
                "organise_form",
                "填写了代理机构，但选择了自行招标。请改选委托招标，或清空代理机构。",
            )
        return cleaned

    def project_facts(self) -> ProjectFacts:
        """Return the facts of the project."""
        value = self.cleaned_data
        return ProjectFacts(
            name=value["project_name"],
            **{
                name: value[name]
                for name in (
                    "region_code",
                    "relate_code",
                    "invest_project_code",
                    "address",
                    "legal_person",
                    "industry",
                    "fund_source",
                    "contribution_scale",
                    "scale",
                    "contact_name",
                    "contact_phone",
                    "approval_name",
                    "approval_number",
                    "approval_authority",
                )
            },
        )

    def tender_project_facts(self) -> TenderProjectFacts:
        """Return the facts of the tender."""
        value = self.cleaned_data
        return TenderProjectFacts(
            procedure=value["procedure"],
            name=value["tender_name"],
            is_statutory=value["is_statutory"] == "1",
            category=value["category"],
            content=value["content"],
            tenderer_name=value["tenderer_name"],
            tenderer_code=value["tenderer_code"],
            organise_form=value["organise_form"],
            agency_name=value["agency_name"],
            agency_code=value["agency_code"],
            supervisor_name=value["supervisor_name"],
            approver_name=value["approver_name"],
            reporter=value["reporter"],
        )

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under their headings, in order."""
        names = list(self.fields)
        return [
            (heading, [self[name] for name in names[names.index(first) : names.index(last) + 1]])
            for heading, first, last in self.sections
        ]


class LotForm(StandardForm):
    """One lot of a tender."""

    name = StandardField("SECTION", "BID_SECTION_NAME", label="标段名称", example="施工一标段")
    content = StandardField(
        "SECTION",
        "BID_SECTION_CONTENT",
        label="标段内容",
        rows=4,
        example="K0+000至K1+300段道路、排水、照明工程施工",
    )
    classification = CodeField(
        "SECTION",
        "TENDER_PROJECT_CLASSIFY_CODE",
        label="标段分类代码",
        hint="7位：首位A工程、B货物、C服务。",
        example="A080101",
    )
    estimate = MoneyField(
        "SECTION",
        "CONTRACT_RECKON_PRICE",
        label="合同估算价（元）",
        hint="以元为单位，可以带千分位。",
        example="13,500,000.00",
    )
    qualification = StandardField(
        "SECTION",
        "BID_QUALIFICATION",
        rows=4,
        hint="资质、业绩、人员要求；不得以不合理的条件限制、排斥潜在投标人（《招标投标法》第十八条）。",
        example="具有市政公用工程施工总承包二级及以上资质",
    )
    begin_on = DayField("SECTION", "BEGIN_DATE", example="2027-01-15")
    duration_days = WholeField("SECTION", "LIMITE_TIME", label="工期（日历天）", example="180")

    def clean(self) -> dict[str, Any]:
        """Let the standard judge, and refuse a lot worth nothing."""
        cleaned = super().clean()
        estimate = cleaned.get("estimate")
        if estimate is not None:
            try:
                rules.require_estimate(estimate)
            except Refusal as refusal:
                self.add_error("estimate", str(refusal))
        return cleaned

    def facts(self) -> LotFacts:
        """Return the facts of the lot."""
        return LotFacts(**self.cleaned_data)
