"""The node as Django's last application: it knows every room, so it lets them all speak up."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Node(AppConfig):
    """Imports what the rooms provide: guards, deeds behind the gate, tasks, tabs, ways to people."""

    name = "gongheng.node"

    def ready(self) -> None:
        """Import each room's module of these names, where there is one."""
        autodiscover_modules("guards", "gates", "tasks", "panels", "ways")
