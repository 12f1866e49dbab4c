"""Why a registration, a version, a key or an agreement is refused."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

_ELECTRONIC = Law("电子招标投标办法", "第二十四条")

BAD_CREDIT_CODE = Reason(
    code="subjects.bad_credit_code",
    message="统一社会信用代码校验不通过。",
    remedy="请对照营业执照或登记证书逐位核对18位代码，字母用大写，不含I、O、S、V、Z。",
)
INVISIBLE = Reason(
    code="subjects.invisible",
    message="登记信息中有看不见的控制字符（如文字方向控制符、零宽字符），显示的内容与实际不一致。",
    remedy="请删去这些字符，重新输入所列字段后提交。",
)
BAD_PERSON_CODE = Reason(
    code="subjects.bad_identity_number",
    message="身份证件号码校验不通过。",
    remedy="请对照居民身份证逐位核对18位号码，末位为字母的用大写X。",
)
UNKNOWN = Reason(
    code="subjects.unknown",
    message="该主体没有在公共资源交易主体库登记。",
    law=_ELECTRONIC,
    remedy="请先在“主体登记”办理登记，核验通过后再继续。",
)
NOT_VERIFIED = Reason(
    code="subjects.not_verified",
    message="该主体的登记信息尚未通过核验，或已暂停、注销。",
    law=_ELECTRONIC,
    remedy="请在“主体登记”查看核验进度和处理意见；核验通过后再继续。",
)
FORGED_COPY = Reason(
    code="subjects.forged_copy",
    message="本平台保存的主体信息与省级主体库的签名不符，不能采用。",
    remedy="系统会重新向省级主体库取得该主体的信息；如持续出现，请联系平台运维人员核查。",
)
NOT_LEARNT = Reason(
    code="subjects.not_learnt",
    message="本平台还没有该主体的信息，暂时也无法连接省级主体库。",
    remedy="系统会自动重试，请稍后再办；已取得信息的主体不受影响。",
)
OPEN_ALREADY = Reason(
    code="subjects.open_already",
    message="该主体已有一份正在核验的申请，不能重复提交。",
    remedy="请由原经办人登录查看进度，核验结束后可以再次提交；不是本单位提交的，"
    "请持营业执照联系交易中心，冒用的申请会被驳回。",
)
REGISTERED_ALREADY = Reason(
    code="subjects.registered_already",
    message="该主体已在全省主体库登记，不需要再次登记。",
    remedy="请由本单位的管理人员为您开通账号；确需另开账号的，系统已按“开通账号”转交核验。",
)
GONE = Reason(
    code="subjects.gone",
    message="登记机关的信息显示该主体已注销或被吊销，不能登记。",
    law=Law("民法典", "第六十八条、第七十二条"),
    remedy="请核对统一社会信用代码；合并、分立的，请由存续或新设的主体登记。",
)
OLD_NAME = Reason(
    code="subjects.old_name",
    message="这是该主体更名前的名称。",
    remedy="请按现行营业执照填写名称；执照尚未换发的，请先办理换发。",
)
NOTHING_CHANGED = Reason(
    code="subjects.nothing_changed",
    message="提交的内容与已核验的信息完全一致，没有需要变更的事项。",
    remedy="请修改需要变更的事项后再提交。",
)
CHANGED_MEANWHILE = Reason(
    code="subjects.changed_meanwhile",
    message="该主体的信息在您填写期间已有变更。",
    remedy="请按现行信息重新填写变更事项。",
)
CODE_FIXED = Reason(
    code="subjects.code_fixed",
    message="代码和类型不能变更。",
    remedy="代码不同即为另一主体，请另行登记。",
)
TOO_MANY = Reason(
    code="subjects.too_many",
    message="同一网络地址短时间内提交的登记申请过多。",
    remedy="请在一小时后再试；确需集中办理的，请联系交易中心受理窗口。",
)
NOT_OPEN = Reason(
    code="subjects.not_open",
    message="该申请已经办结，或正在等待申请人补正。",
    remedy="请刷新页面查看现在的状态。",
)
RETURNED_ONCE = Reason(
    code="subjects.returned_once",
    message="该申请已经一次性告知补正，不能再次退回。",
    law=Law("行政许可法", "第三十二条"),
    remedy="请按现有材料作出通过或不通过的决定，并写明理由。",
)
NO_WORDS = Reason(
    code="subjects.no_words",
    message="没有写明需要补正的内容或不通过的理由。",
    remedy="请一次写全需要补正的各项，或写明不通过的理由。",
)
KEPT_ELSEWHERE = Reason(
    code="subjects.kept_elsewhere",
    message="主体信息由省级平台统一核验，本平台不能作出决定。",
    remedy="申请已转交省级平台，请在本页查看进度。",
)
NOT_YOUR_REGION = Reason(
    code="subjects.not_your_region",
    message="该申请不在您的受理范围内。",
    remedy="请由申请所在地的受理人员办理。",
)
NOT_YOURS = Reason(
    code="subjects.not_yours",
    message="您的账号不属于该主体。",
    remedy="请用该主体的账号登录办理。",
)
BAD_PROOF = Reason(
    code="subjects.bad_proof",
    message="持有证明与公钥或主体不符。",
    remedy="请用 gongheng subject key 命令，以同一私钥和本单位代码重新生成证明后上传。",
)
KEY_TAKEN = Reason(
    code="subjects.key_taken",
    message="该公钥已经登记过。",
    remedy="每个主体使用自己的密钥，更换密钥须重新生成；请用新生成的私钥出具证明。",
)
AGREEMENT_TWICE = Reason(
    code="subjects.agreement_twice",
    message="与该单位的同一份委托协议已经登记过。",
    law=Law("招标投标法", "第十二条"),
    remedy="请在本单位的协议中查看；另有新协议的，请上传新协议的文件。",
)
BAD_AGREEMENT = Reason(
    code="subjects.bad_agreement",
    message="委托协议的双方、期限、委托事项或文件不完整。",
    law=Law("招标投标法", "第十二条"),
    remedy="请核对招标人和代理机构的代码、委托期限，至少选择一项委托事项，并附上协议文件。",
)
