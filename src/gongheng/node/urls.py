"""Every address of a node, collected from the rooms."""

from importlib import import_module

from django.urls import URLPattern

ROOMS = (
    "gongheng.web.display",
    "gongheng.web.rehearsal",
    "gongheng.public.search.pages",
    "gongheng.public.portal.pages",
    "gongheng.public.portal.api",
    "gongheng.public.opendata.pages",
    "gongheng.public.dossier.pages",
    "gongheng.trust.identity.pages",
    "gongheng.data.exchange.api",
    "gongheng.data.exchange.pages",
    "gongheng.data.imports.pages",
    "gongheng.data.validations.api",
    "gongheng.data.validations.pages",
    "gongheng.registers.codes.api",
    "gongheng.registers.roles.api",
    "gongheng.registers.subjects.api",
    "gongheng.registers.subjects.pages",
    "gongheng.registers.messages.pages",
    "gongheng.registers.messages.contact_pages",
    "gongheng.registers.workdays.api",
    "gongheng.registers.workdays.pages",
    "gongheng.registers.timekeeping.pages",
    "gongheng.registers.venues.pages",
    "gongheng.trading.cases.pages",
    "gongheng.trading.bookings.pages",
    "gongheng.trading.projects.pages",
    "gongheng.trading.documents.pages",
    "gongheng.trading.notices.pages",
    "gongheng.trading.invitations.pages",
    "gongheng.trading.deposits.pages",
    "gongheng.trading.bids.pages",
    "gongheng.trading.opening.pages",
    "gongheng.trading.validity.pages",
    "gongheng.trading.evaluation.pages",
    "gongheng.trading.witness.pages",
    "gongheng.trading.award.pages",
    "gongheng.trading.contracts.pages",
    "gongheng.trading.disputes.pages",
    "gongheng.trading.emergency.pages",
)
"""The modules with a ``ROUTES`` list, in the order in which addresses are looked up."""


def _routes() -> list[URLPattern]:
    return [pattern for room in ROOMS for pattern in import_module(room).ROUTES]


urlpatterns: list[URLPattern] = _routes()

handler400 = "gongheng.web.errors.bad_request"
handler403 = "gongheng.web.errors.permission_denied"
handler404 = "gongheng.web.errors.page_not_found"
handler500 = "gongheng.web.errors.server_error"
