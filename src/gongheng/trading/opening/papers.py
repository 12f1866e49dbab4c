"""Where this room keeps what proves by whose cause a bid was not opened."""

from gongheng.web.files import Store

PAPERS = Store("opening")
