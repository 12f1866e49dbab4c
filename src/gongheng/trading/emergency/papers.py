"""Where this room keeps the orders that early looks rest on."""

from gongheng.web.files import Store

PAPERS = Store("emergency")
