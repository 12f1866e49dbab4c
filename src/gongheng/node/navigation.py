"""The entries of every page's head and foot; a node without the route leaves an entry out."""

from gongheng.data.exchange.permissions import VIEW as SEE_EXCHANGE
from gongheng.data.imports.permissions import VIEW as SEE_IMPORTS
from gongheng.data.validations.permissions import USE as VALIDATE
from gongheng.public.portal import navigation as portal
from gongheng.registers.subjects.permissions import LOOK_UP as SEE_SUBJECTS
from gongheng.registers.venues.permissions import VIEW as SEE_VENUES
from gongheng.trading.bids.permissions import SUBMIT as BID
from gongheng.trading.disputes.permissions import READ_OWN as SEE_OWN_OBJECTIONS
from gongheng.trading.emergency.permissions import READ as SEE_EMERGENCIES
from gongheng.trading.evaluation.permissions import CONCLUDE as EVALUATE
from gongheng.trading.witness.permissions import WITNESS
from gongheng.trust.identity.permissions import AUDIT as SEE_TRAIL, LOOK as SEE_ACCOUNTS
from gongheng.web.navigation import Entry
from gongheng.web.routes import PUBLIC, SIGNED_IN

HEAD: tuple[Entry, ...] = (
    *portal.HEAD,
    Entry("业务工作台", "desk", SIGNED_IN),
    Entry("我的投标", "my-bids", BID),
    Entry("我的异议", "bidding-objections", SEE_OWN_OBJECTIONS),
    Entry("评标", "evaluation", EVALUATE),
    Entry("应急查阅", "emergency-list", SEE_EMERGENCIES),
    Entry("见证", "witness", WITNESS),
    Entry("主体库", "subjects", SEE_SUBJECTS),
    Entry("场地安排", "venues", SEE_VENUES),
    Entry("账号和角色", "identity-accounts", SEE_ACCOUNTS),
    Entry("审计记录", "identity-trail", SEE_TRAIL),
    Entry("数据交换", "exchange-lines", SEE_EXCHANGE),
    Entry("历史导入", "imports-quality", SEE_IMPORTS),
    Entry("批量校验", "validations", VALIDATE),
)
FOOT: tuple[Entry, ...] = (
    *portal.FOOT,
    Entry("交易流程", "procedures", PUBLIC),
    Entry("工作日历", "calendar", PUBLIC),
    Entry("平台时间", "platform-time", PUBLIC),
    Entry("主体登记", "subject-register", PUBLIC),
)
