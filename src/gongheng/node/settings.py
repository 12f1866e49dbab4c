"""Django settings of one node, read from its configuration."""

import os
from urllib.parse import unquote, urlsplit

_database = urlsplit(
    os.environ.get("DATABASE_URL", "postgresql://gongheng@127.0.0.1:5599/gongheng")
)

SECRET_KEY = os.environ.get("GONGHENG_SECRET", "only-for-the-bootstrap")
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "gongheng.web",
    "gongheng.trust.ledger",
    "gongheng.trust.identity",
    "gongheng.data.records",
    "gongheng.data.exchange",
    "gongheng.registers.codes",
    "gongheng.trading.projects",
    "gongheng.trading.notices",
    "gongheng.public.portal",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _database.hostname,
        "PORT": _database.port,
        "USER": unquote(_database.username or ""),
        "PASSWORD": unquote(_database.password or ""),
        "NAME": _database.path.lstrip("/"),
    }
}
ROOT_URLCONF = "gongheng.node.urls"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
