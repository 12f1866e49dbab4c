"""Where this room keeps the attachments of tender documents."""

from gongheng.web.files import Store

PAPERS = Store("documents")
