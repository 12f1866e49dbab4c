"""Where this room keeps what objectors hand in as evidence."""

from gongheng.web.files import Store

PAPERS = Store("disputes")
