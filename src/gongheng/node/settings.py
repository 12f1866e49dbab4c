"""Django settings of one node, read from its ``node.toml``; secrets come from files or environment.

``GONGHENG_NODE`` names the file. Without it, tests and tools get the workbench: a city's node with
fresh keys. ``DATABASE_URL`` wins over what the node's folder says.
"""

import os
from pathlib import Path
from typing import Any

from gongheng.kernel.clock import Clock, FileClock, RealClock
from gongheng.node import config_file, mail, navigation, secret_files, workbench
from gongheng.node.database_url import as_django

_file = os.environ.get("GONGHENG_NODE", "")
IS_WORKBENCH = not _file
NODE = workbench.node() if IS_WORKBENCH else config_file.read(Path(_file))
GONGHENG_CLOCK: Clock = FileClock(NODE.clock_path) if NODE.clock_path else RealClock()

SECRET_KEY = secret_files.read_or_make(NODE.state_dir / "keys" / "django.secret")
DEBUG = False
ALLOWED_HOSTS = secret_files.trusted_hosts(NODE)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "gongheng.web",
    "gongheng.trust.ledger",
    "gongheng.trust.identity",
    "gongheng.data.records",
    "gongheng.data.exchange",
    "gongheng.data.imports",
    "gongheng.data.validations",
    "gongheng.registers.codes",
    "gongheng.registers.holds",
    "gongheng.registers.subjects",
    "gongheng.registers.messages",
    "gongheng.registers.workdays",
    "gongheng.registers.trail",
    "gongheng.registers.timekeeping",
    "gongheng.registers.venues",
    "gongheng.trading.cases",
    "gongheng.trading.bookings",
    "gongheng.trading.projects",
    "gongheng.trading.invitations",
    "gongheng.trading.documents",
    "gongheng.trading.notices",
    "gongheng.trading.deposits",
    "gongheng.trading.bids",
    "gongheng.trading.opening",
    "gongheng.trading.validity",
    "gongheng.trading.evaluation",
    "gongheng.trading.witness",
    "gongheng.trading.award",
    "gongheng.trading.contracts",
    "gongheng.trading.disputes",
    "gongheng.trading.emergency",
    "gongheng.public.search",
    "gongheng.public.portal",
    "gongheng.public.opendata",
    "gongheng.public.dossier",
    "gongheng.node",
]
MIDDLEWARE = [
    "gongheng.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongheng.trust.identity.middleware.AuthorisationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gongheng.web.middleware.RefusalMiddleware",
]
DATABASES: dict[str, dict[str, Any]] = {
    "default": as_django(secret_files.database_url(NODE), threads=NODE.web.threads)
}
ROOT_URLCONF = "gongheng.node.urls"
WSGI_APPLICATION = "gongheng.node.wsgi.application"
AUTH_USER_MODEL = "identity.Account"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

_is_secure = NODE.url.startswith("https://")
SESSION_COOKIE_NAME = f"gongheng_{NODE.code}_session"
CSRF_COOKIE_NAME = f"gongheng_{NODE.code}_csrf"
SESSION_COOKIE_SECURE = _is_secure
CSRF_COOKIE_SECURE = _is_secure
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [NODE.url] if _is_secure else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_secure else None
CSRF_FAILURE_VIEW = "gongheng.web.errors.csrf_failure"

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

_mail = mail.of(NODE)
EMAIL_BACKEND = _mail.backend
EMAIL_FILE_PATH = NODE.state_dir / "mail"
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS = _mail.security == "starttls"
EMAIL_USE_SSL = _mail.security == "tls"
EMAIL_TIMEOUT = mail.SECONDS
DEFAULT_FROM_EMAIL = _mail.sender

STATIC_URL = "/static/"
STATIC_ROOT = NODE.state_dir / "static"
# The workbench has collected nothing: it serves from the rooms' own folders, without hashed names.
WHITENOISE_USE_FINDERS = IS_WORKBENCH
WHITENOISE_AUTOREFRESH = IS_WORKBENCH
_static_backend = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if IS_WORKBENCH
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_backend},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gongheng.web.context.site",
            ]
        },
    }
]
NAVIGATION = navigation.HEAD
FOOTER_NAVIGATION = navigation.FOOT
FORM_RENDERER = "gongheng.web.forms.Renderer"

SECRET_ADDRESSES = ("/bidding/",)
"""Which lot somebody asks for here, however it is answered, tells who means to bid (A-01)."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "gongheng.web.logs.Discreet", "beginnings": SECRET_ADDRESSES}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gongheng": {"handlers": ["stderr"], "level": "INFO", "propagate": IS_WORKBENCH},
    },
}
