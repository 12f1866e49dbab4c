"""Where this room keeps the approvals of projects."""

from gongheng.web.files import Store

PAPERS = Store("projects")
