"""The only Django settings, built from env.py."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from showground import env
from showground.clock import open_clock
from showground.vault.kept import kept

BASE = Path(__file__).resolve().parent
DATA = env.path("SHOWGROUND_DATA")
SITE_URL = env.text("SHOWGROUND_URL").rstrip("/")
_SITE = urlsplit(SITE_URL)
SECURE = _SITE.scheme == "https"
H5_DOMAIN = env.text("SHOWGROUND_H5_DOMAIN")
REHEARSAL = env.text("SHOWGROUND_CLOCK") == "rehearsal"
CLOCK = open_clock(env.text("SHOWGROUND_CLOCK"), DATA)
TRUSTED_PROXIES = frozenset(env.items("SHOWGROUND_TRUSTED_PROXIES"))
WITNESS_URL = env.text("SHOWGROUND_WITNESS_URL")
LETTERS = DATA / "letters"
LOG_ROOT = DATA / "log"
KEYS = DATA / "keys"
MEDIA_STORE = DATA / "media"
H5_STORE = DATA / "h5"
WORKS = DATA / "works"
DESK_STORE = DATA / "desk"
DOOR_PUBLIC = DATA / "run" / "door.sock"
DOOR_PRIVATE = DATA / "run" / "door-private.sock"


def _kept_secret(name: str) -> str:
    """Returns a secret of the site that is made once and kept in the data folder, readable by its owner only."""
    return kept(KEYS / name, lambda: secrets.token_urlsafe(48).encode()).decode("ascii")


SECRET_KEY = env.text("SHOWGROUND_SECRET_KEY") or _kept_secret("site.secret")
DESK_PEPPER = _kept_secret("desk.pepper").encode("ascii")  # outside the database and its backups: see docs/formats/vault.md
DEBUG = env.switch("SHOWGROUND_DEBUG")
ALLOWED_HOSTS = [_SITE.hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "showground.urls"
WSGI_APPLICATION = "showground.wsgi.django_application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "ui",
    "ledger",
    "people",
    "weeks",
    "works",
    "entries",
    "voting",
    "jury",
    "quiz",
    "awards",
    "exhibition",
    "reports",
    "showcase",
    "backstage",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    *[f"showground.{room}" for room in ROOMS],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "showground.ui.middleware.TrustedProxy",
    "showground.ui.middleware.Instant",
    "showground.reports.middleware.InFront",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "showground.weeks.middleware.InTheWeek",
]

FORM_RENDERER = "showground.ui.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
                "showground.showcase.context.frame",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    if not url:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "app.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        }
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(env.text("SHOWGROUND_DATABASE_URL"))}


def _mail(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme in {"smtp", "smtps"}:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_TIMEOUT": 10,
        }
    return {"EMAIL_BACKEND": "showground.ui.letterbox.FolderBackend"}


globals().update(_mail(env.text("SHOWGROUND_MAIL_URL")))
LETTERS_SHOWN = REHEARSAL and env.text("SHOWGROUND_MAIL_URL").startswith("folder:")
DESK_ADDRESS = env.text("SHOWGROUND_DESK_ADDRESS")
DESK_IDLE = min(max(env.number("SHOWGROUND_DESK_IDLE"), 1), 60) * 60
DESK_RESERVE = env.number("SHOWGROUND_DESK_RESERVE") * 2**20
DEFAULT_FROM_EMAIL = env.text("SHOWGROUND_MAIL_FROM")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 20

SESSION_COOKIE_NAME = "__Host-sid" if SECURE else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86400
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_FAILURE_VIEW = "showground.showcase.views.lost.csrf_refused"
if SECURE and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["err"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
