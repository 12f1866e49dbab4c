"""What the proof of publication shows and what it does not, in the words of everyday life."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.web.routes import PUBLIC, route

PROVEN: Final = (
    (
        "公告发布后一个字也没有改过",
        "公告的“指纹”在日志里；改动一个字，指纹就不同。",
        "页面内容与日志对不上，核验的第二步显示“不符”。",
    ),
    (
        "发布过的公告没有被悄悄撤下",
        "日志只能往后添。更正和撤销也要另写一条，原来的仍然看得到。",
        "日志里有它、网站上没有它，监测程序点名指出。",
    ),
    (
        "先后次序没有调换，日期没有改早或改晚",
        "每条存证的位置和时间都在签名之下，每隔几秒签一次。",
        "改了日期，核验的第三步显示“不符”；调了次序，两棵独立计算的树（SM3 和 SHA-256）同时对不上。",
    ),
    (
        "没有把整个平台倒退到昨天",
        "检查点写明日志有多少条；上级平台和监测者都记着。",
        "日志比别人记下的短，或者两份历史不同，立即看得出来。",
    ),
    (
        "开标时打开的，就是截止前交来的那一份投标文件",
        "递交即给签名回执，回执的指纹进日志；文件加密，投标人和规定数目的保管方一起才能打开。",
        "换文件、改递交时间、互换两家投标，都与回执和日志不符；投标人手里的回执可以作证。",
    ),
)
UNPROVEN: Final = (
    (
        "公告说的事是真的",
        "日志只保证“当时就是这么写的”，不判断写得对不对。",
        "向公告载明的行政监督部门投诉或提出异议。",
    ),
    (
        "该公布的都公布了",
        "从来没有交给平台的文件，日志里不会有。",
        "看项目页的时间线：缺少哪一份、依据哪一条应当公布。",
    ),
    (
        "刚刚几秒钟的内容",
        "公告先公布，几秒后才签名；投标回执的指纹每半分钟进一次日志。在此之前只有平台自己的记录和回执签名。",
        "重要的公告，过一分钟再核验一次，并保存证明文件。",
    ),
    (
        "平台没有给不同的人看两本不同的日志",
        "一个人看不出来，要有旁人比对。",
        "把您保存的检查点与上级平台、新闻单位或高校监测到的比较。",
    ),
    (
        "平台内部的草稿、账号和审计记录没有改动",
        "它们不公开，进日志的只是由它们产生的公告、事件和回执。",
        "由监督部门和等级保护测评检查。",
    ),
)


@require_safe
def explained(request: HttpRequest) -> HttpResponse:
    """Say what is proven, what is not, and how anybody checks it."""
    context = {"proven": PROVEN, "unproven": UNPROVEN, "address": settings.NODE.url}
    return render(request, "portal/explained.html", context)


ROUTES = [
    route("verify/explained/", explained, name="portal-proof-explained", audience=PUBLIC),
]
