"""The web pieces as a Django app."""

from django.apps import AppConfig

from gongheng.web import wording


class Web(AppConfig):
    """Speaks to people in our words from the beginning."""

    name = "gongheng.web"

    def ready(self) -> None:
        """Put our words in place of Django's, before any form is made."""
        wording.speak()
