from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def node(settings: Any) -> SimpleNamespace:
    """A node that has the basics of this room and nothing else."""
    settings.NODE = SimpleNamespace(
        code="530100",
        name="昆明市公共资源交易平台",
        tier="city",
        url="http://127.0.0.1:8001",
        is_demo=True,
    )
    settings.ROOT_URLCONF = "gongheng.web.tests.urls"
    settings.CSRF_FAILURE_VIEW = "gongheng.web.errors.csrf_failure"
    settings.FORM_RENDERER = "gongheng.web.forms.Renderer"
    settings.MIDDLEWARE = [
        "gongheng.web.middleware.SecurityHeadersMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "gongheng.web.middleware.RefusalMiddleware",
    ]
    settings.STORAGES = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.NAVIGATION = ()
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "DIRS": [Path(__file__).parent / "templates"],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "gongheng.web.context.site",
                ],
            },
        }
    ]
    return settings.NODE
