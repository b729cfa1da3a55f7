"""All settings, read from top to bottom. Everything that differs between installations comes from the environment.

DATABASE_URL, REDIS_URL, CELERY_BROKER_URL   servers; where unset, the project's own embedded ones are used
DJANGO_SECRET_KEY, API_PEPPER, PIN_KEYS      installation keys; with embedded servers kept in var/keys
ENVIRONMENT                                  trial (default), stage or production; shown on every page
ALLOWED_HOSTS, PUBLIC_URL, DEBUG             as their names say
HSTS_SECONDS, HSTS_SUBDOMAINS, HSTS_PRELOAD  how long browsers insist on https (a year), also below our name, and before
                                             they have ever been here (both off: they bind names that are not ours)
DATABASE_TIMEOUTS                            false lifts the limits on long statements; manage.py does so
LOG_LEVEL                                    INFO (default), WARNING ...
PROXIES                                      how many trusted proxies stand before us (default 0); each must add to
                                             X-Forwarded-For, and the nearest must set X-Forwarded-Proto
EMAIL_URL, DEFAULT_FROM_EMAIL                mail server (smtp+tls://user:password@host:587) and sender; without the
                                             server nothing is sent, and passwords cannot be reset by e-mail
MESSAGES_DIR                                 where senders of the kind "file" write (var/messages)
MESSAGES_TO_PRIVATE_ADDRESSES                true lets brands' webhooks and mail servers be on our own network, and
                                             webhooks be http; for trying things out
"""

import logging
from pathlib import Path

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from apps.kernel.logs import PROCESSORS
from clutch_portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

# --- this installation -----------------------------------------------------------------------------------------------

EMBEDDED = not env.str("DATABASE_URL", "")
ENVIRONMENT = env.str("ENVIRONMENT", "trial")
DEBUG = env.bool("DEBUG", False)
_kept_keys = embedded.keys() if EMBEDDED else {}


def _key(name: str) -> str:
    key = env.str(name, "") or _kept_keys.get(name, "")
    if not key:
        raise ImproperlyConfigured(f"{name} is not set: with servers of your own, keys come from the environment.")
    return key


SECRET_KEY = _key("DJANGO_SECRET_KEY")
API_PEPPER = _key("API_PEPPER").encode()
PIN_KEYS = [key.strip() for key in _key("PIN_KEYS").split(",")]
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

# --- applications ----------------------------------------------------------------------------------------------------

PRODUCT_APPS = [
    "apps.kernel",
    "apps.brands",
    "apps.accounts",
    "apps.jobs",
    "apps.requestlog",
    "apps.programs",
    "apps.ledger",
    "apps.catalog",
    "apps.customers",
    "apps.cards",
    "apps.coupons",
    "apps.checkouts",
    "apps.facts",
    "apps.segments",
    "apps.messaging",
    "apps.campaigns",
    "apps.transactions",
    "apps.lookups",
    "apps.merchant_api",
    "apps.portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    *PRODUCT_APPS,
]

MIDDLEWARE = [
    "apps.merchant_api.gateway.MerchantGateway",
    "clutch_portal.health.HealthProbes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
ROOT_URLCONF = "clutch_portal.urls"
WSGI_APPLICATION = "clutch_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.portal.context.portal",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database --------------------------------------------------------------------------------------------------------

_LIMITS = "-c statement_timeout=10s -c idle_in_transaction_session_timeout=5s"
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or embedded.database_url())}
DATABASES["default"].update(
    CONN_MAX_AGE=None,
    CONN_HEALTH_CHECKS=True,
    DISABLE_SERVER_SIDE_CURSORS=True,
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options=f"-c timezone=UTC -c lock_timeout=2s {_LIMITS if env.bool('DATABASE_TIMEOUTS', True) else ''}".strip(),
    connect_timeout=5,
    prepare_threshold=1,
    application_name="clutch",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGTRIGGER_SCHEMA_EDITOR = True

# --- Redis and tasks -------------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "apps.kernel.db.cache.RedisOrMemory",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or embedded.broker_url()
# A task that a lost worker had taken is given out again after this. It is more than the longest run of a sweep
# (`RUN_SECONDS` of apps.transactions.tasks, and its last batch), which would else be run twice at once.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "settle what is due": {"task": "apps.transactions.tasks.sweep_due_value", "schedule": 60.0},
    "end lapsed checkout locks": {"task": "apps.transactions.tasks.end_lapsed_setups", "schedule": 60.0},
    "give back lapsed reservations": {
        "task": "apps.campaigns.tasks.give_back_lapsed_reservations",
        "schedule": 60.0,
    },
    "run date triggers": {"task": "apps.transactions.tasks.run_date_triggers", "schedule": 60.0},
    "send messages": {"task": "apps.messaging.tasks.send_due_messages", "schedule": 60.0},
    "count what is bought together": {"task": "apps.facts.tasks.count_copurchases", "schedule": 300.0},
    "score customers": {"task": "apps.facts.tasks.score_customers", "schedule": crontab(hour="3", minute="40")},
    "note last use of API keys": {"task": "apps.requestlog.tasks.note_credential_use", "schedule": 60.0},
    "make months of the request log": {
        "task": "apps.requestlog.tasks.make_month_partitions",
        "schedule": crontab(hour="2", minute="10"),
    },
    "clear ended sessions": {"task": "apps.accounts.tasks.clear_sessions", "schedule": crontab(hour="3", minute="20")},
}

# --- portal login ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "apps.accounts.backend.PasswordLogin",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PROXIES = env.int("PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_ADAPTER = "apps.accounts.adapter.ClosedPortal"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,50/15m/ip"}
MFA_ADAPTER = "apps.accounts.adapter.EncryptedSecrets"
MFA_TOTP_ISSUER = "Clutch portal"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SENDS_EMAIL = bool(env.str("EMAIL_URL", ""))
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if SENDS_EMAIL:
    globals().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "webmaster@localhost")

# --- messages to customers -------------------------------------------------------------------------------------------

MESSAGES_DIR = env.str("MESSAGES_DIR", str(VAR_DIR / "messages"))
MESSAGES_TO_PRIVATE_ADDRESSES = env.bool("MESSAGES_TO_PRIVATE_ADDRESSES", False)

# --- web security ----------------------------------------------------------------------------------------------------

_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600) if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES > 0 else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- files, language, time -------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- JSON API --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, list[str] | None] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
APPEND_SLASH = True

# --- logs ------------------------------------------------------------------------------------------------------------

logging.captureWarnings(True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "apps.kernel.logs.json_lines"},
    },
    "filters": {"no alarm": {"()": "apps.kernel.logs.NoAlarm"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django_structlog": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["no alarm"]},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        *PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
