"""Where this room keeps what proves that a deposit may be kept."""

from gongheng.web.files import Store

PAPERS = Store("deposits")
