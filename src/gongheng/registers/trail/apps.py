"""The room under a label of its own: the bids have a trail, too."""

from django.apps import AppConfig


class Trail(AppConfig):
    """The seals of the audit trail."""

    name = "gongheng.registers.trail"
    label = "audit_trail"
