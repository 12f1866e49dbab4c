"""Where this room keeps the papers of performance bonds."""

from gongheng.web.files import Store

PAPERS = Store("contracts")
