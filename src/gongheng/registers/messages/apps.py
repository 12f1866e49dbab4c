"""The room under a label of its own: Django's flash messages have the plain one."""

from django.apps import AppConfig


class Messages(AppConfig):
    """The message centre."""

    name = "gongheng.registers.messages"
    label = "message_centre"
