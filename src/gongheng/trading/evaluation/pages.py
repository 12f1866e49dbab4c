"""The pages of this room: of members, of the committee's papers, and of the parties."""

from gongheng.trading.evaluation import member_pages, party_pages, report_pages

ROUTES = [*member_pages.ROUTES, *report_pages.ROUTES, *party_pages.ROUTES]
