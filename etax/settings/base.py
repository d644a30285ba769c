"""Settings that all faces share. A face's own module adds its URLs, its middleware and its database login."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from kombu import Exchange, Queue

from accounts.vault.sealing import public_key_of
from core.db.address import DatabaseAddress
from etax import wiring
from etax.broker import transport_of
from etax.environment import VAR, BadSetting, environment
from etax.logs.setup import configure_structlog, logging_settings
from etax.settings.pages import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PRODUCTION = environment.production

# --- Security -------------------------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = environment.secret("ETAX_SECRET_KEY")
ALLOWED_HOSTS = environment.items("ETAX_ALLOWED_HOSTS", None if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
SECURE_SSL_REDIRECT = False  # the proxy in front does it; see docs/operations.md
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
UPLOAD_LARGEST = 512 * 1024 * 1024  # a levy roll of a whole city; the public face takes less
FILE_UPLOAD_HANDLERS = [
    "core.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.uploads.ClosedUploadHandler",
]

# --- Apps -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "djmoney",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "core",
    "accounts",
    "ledger",
    "receipts",
    "billing",
    "mileage",
    "payments",
    "refunds",
    "filing",
    "appeals",
    "etax",
]
MIDDLEWARE: list[str] = [
    "etax.health.Health",
    "etax.logs.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "etax.web.policy.PagePolicyMiddleware",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "etax.web.errors.EmptyAnswerMiddleware",
    "etax.web.errors.RefusalMiddleware",
    "etax.web.errors.PossibleAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "etax" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "etax.web.context.site",
            ],
            "builtins": ["etax.web.tags"],
        },
    }
]
SESSION_ENGINE = "accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
TRUSTED_PROXIES = environment.integer("ETAX_TRUSTED_PROXIES", 0, high=10)
LOGIN_URL = "accounts:sign_in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
AXES_HANDLER = "accounts.lockout.LockoutHandler"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "accounts.lockout.mark_of_credentials"
AXES_WHITELIST_CALLABLE = "accounts.devices.is_known"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.address_of_request"
AXES_SENSITIVE_PARAMETERS = ["email", "username", "password", "next", "csrfmiddlewaretoken"]
OTP_TOTP_ISSUER = "ETAX"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
WSGI_APPLICATION = "etax.wsgi.application"

# --- Database -------------------------------------------------------------------------------------------------------
DATABASE_URL_FILE = VAR / "database-url"


def admin_database() -> DatabaseAddress:
    """The address with which set-up creates roles and the schema; no face has it in production."""
    started = DATABASE_URL_FILE.read_text().strip() if DATABASE_URL_FILE.exists() else None
    return environment.database("ETAX_DATABASE_URL", None if PRODUCTION else started)


def database(address: DatabaseAddress, **options: Any) -> dict[str, Any]:
    """Django's description of one connection: kept open, checked when it is picked up again."""
    return {
        "ENGINE": "core.db.backend",
        "HOST": address.host,
        "PORT": address.port,
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, **options},
    }


def face_database(face: str) -> dict[str, Any]:
    """The login of a face: `ETAX_FACE_DATABASE_URL`, or in development derived from the administrator's address."""
    from core.roles import derived_password, role_name

    if PRODUCTION or "ETAX_FACE_DATABASE_URL" in environment.values:
        address = environment.database("ETAX_FACE_DATABASE_URL")
        if address.user != role_name(face):
            raise BadSetting(
                "ETAX_FACE_DATABASE_URL", f"signs in as {address.user!r}, this face is {role_name(face)!r}"
            )
        return database(address)
    password = derived_password(environment.secret("ETAX_ROLE_PASSWORD_KEY"), face)
    admin = admin_database()
    return database(DatabaseAddress(admin.host, admin.port, admin.name, role_name(face), password))


# --- Language, time, money: the city's ------------------------------------------------------------------------------
ETAX_CITY = environment.text("ETAX_CITY", "seoul")
CITY_PACK = BASE_DIR / "etax" / "cities" / ETAX_CITY
ETAX_CURRENCY = environment.text("ETAX_CURRENCY", "KRW")
ETAX_CURRENCY_NUMBER = environment.text("ETAX_CURRENCY_NUMBER", "410")  # ISO 4217, as banks' machines write it
ETAX_CURRENCY_DECIMALS = environment.integer("ETAX_CURRENCY_DECIMALS", 0, high=4)
DEFAULT_CURRENCY = ETAX_CURRENCY
CURRENCIES = [ETAX_CURRENCY]
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "etax" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("ETAX_TIME_ZONE", "Asia/Seoul")

# --- Documents: the public face verifies, the worker signs ----------------------------------------------------------
DOCUMENT_FONTS = BASE_DIR / "node_modules" / "@expo-google-fonts" / "noto-sans-kr"

# --- Wiring: who listens to what, and which adapter stands behind which port ----------------------------------------
SUBSCRIPTIONS = wiring.SUBSCRIPTIONS
LEDGER_CHECKS = wiring.LEDGER_CHECKS
LOG_CHECKS = wiring.LOG_CHECKS
LOG_WINDOWS = wiring.LOG_WINDOWS
PAPER_BILLS = wiring.PAPER_BILLS
PAID_BILLS = wiring.PAID_BILLS
GOOD_PAYERS = wiring.GOOD_PAYERS
MONEY_BACK = wiring.MONEY_BACK
MONEY_RETURNED = wiring.MONEY_RETURNED
BILL_NAMES = wiring.BILL_NAMES
BANKS_PAID_INTO = wiring.BANKS_PAID_INTO

# --- Identity vault: faces seal to this key; what opens is in the worker's settings --------------------------------
VAULT_PUBLIC_KEY = environment.key(
    "ETAX_VAULT_PUBLIC_KEY", make=lambda: public_key_of(environment.key("ETAX_VAULT_PRIVATE_KEY"))
)

# --- Payer numbers, which people type at cash machines: what seals them ---------------------------------------------
PAYER_NUMBER_KEY = environment.key("ETAX_PAYER_NUMBER_KEY")

# --- Mobile identity (OpenID Connect): the public face fetches tokens, the worker reads them -------------------------
IDENTITY_ISSUER = environment.url("ETAX_IDENTITY_ISSUER", ("http", "https"), "http://127.0.0.1:8602")
IDENTITY_CLIENT_ID = environment.text("ETAX_IDENTITY_CLIENT_ID", "etax-public")

# --- Jobs -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = (
    environment.url("ETAX_BROKER_URL", ("amqp", "amqps"))
    if PRODUCTION
    else environment.url("ETAX_BROKER_URL", ("amqp", "amqps", "filesystem"), "filesystem://")
)
CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = transport_of(CELERY_BROKER_URL, VAR / "broker")
# Durable queues, not replicated ones: what a broker forgets, the outbox hands over again.
# Each with an exchange of its own name: without one, every queue hangs on the default's and gets each message.
CELERY_TASK_QUEUES = tuple(Queue(name, Exchange(name), routing_key=name) for name in ("events", "work"))
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "core.deliver": {"queue": "events"},
    "core.close_windows": {"queue": "work"},
    "core.seal_log": {"queue": "work"},
    "ledger.roll_up": {"queue": "work"},
    "payments.ask": {"queue": "events"},
    "billing.check_roll": {"queue": "work"},
    "billing.check_rolls": {"queue": "work"},
    "billing.name_prescribed": {"queue": "work"},
    "billing.recompute_new_bills": {"queue": "work"},
    "mileage.expire": {"queue": "work"},
    "mileage.tell_of_expiry": {"queue": "work"},
    "payments.sweep": {"queue": "work"},
    "payments.run_debits": {"queue": "work"},
    "payments.make_debits": {"queue": "work"},
    "payments.resolve_mandates": {"queue": "events"},
    "payments.post_bank_files": {"queue": "work"},
    "payments.reconcile": {"queue": "work"},
    "payments.send_transfers": {"queue": "work"},
    "refunds.send": {"queue": "work"},
    "appeals.scan": {"queue": "work"},
    "appeals.draw": {"queue": "work"},
    "appeals.gather": {"queue": "work"},
    "appeals.talk": {"queue": "work"},
    "appeals.watch": {"queue": "work"},
    "appeals.plan": {"queue": "work"},
    "appeals.seats": {"queue": "work"},
    "appeals.figures": {"queue": "work"},
    "filing.lapse_prepaid": {"queue": "work"},
    "refunds.talk": {"queue": "work"},
    "refunds.scan": {"queue": "work"},
    "refunds.look": {"queue": "work"},
    "accounts.send_links": {"queue": "work"},
    "accounts.check_identities": {"queue": "work"},
    "accounts.forget_the_past": {"queue": "work"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "close-windows": {"task": "core.close_windows", "schedule": 60.0},
    "seal-log": {"task": "core.seal_log", "schedule": 60.0},
    "roll-up-ledger": {"task": "ledger.roll_up", "schedule": 10.0},
    "check-rolls": {"task": "billing.check_rolls", "schedule": 60.0},
    "name-prescribed": {"task": "billing.name_prescribed", "schedule": crontab(hour="18", minute="10")},
    "recompute-new-bills": {"task": "billing.recompute_new_bills", "schedule": crontab(hour="18", minute="40")},
    "expire-points": {"task": "mileage.expire", "schedule": crontab(hour="15", minute="10")},  # ten past midnight there
    "tell-of-expiry": {"task": "mileage.tell_of_expiry", "schedule": crontab(minute="20")},
    "run-debits": {"task": "payments.run_debits", "schedule": 60.0},
    "make-debits": {"task": "payments.make_debits", "schedule": crontab(minute="*/10")},
    "sweep-payments": {"task": "payments.sweep", "schedule": 10.0},
    "post-bank-files": {"task": "payments.post_bank_files", "schedule": 15.0},
    "send-transfers": {"task": "payments.send_transfers", "schedule": 60.0},
    "reconcile": {"task": "payments.reconcile", "schedule": crontab(minute=10, hour="*/3")},
    "send-refunds": {"task": "refunds.send", "schedule": 30.0},
    "refunds-talk": {"task": "refunds.talk", "schedule": 60.0},
    "refunds-scan": {"task": "refunds.scan", "schedule": 60.0},
    # After midnight in the city: interest is counted by the day.
    "look-for-refunds": {"task": "refunds.look", "schedule": crontab(hour="15", minute="5")},
    # In the small hours of the city, when the day's payments have come in.
    "lapse-prepaid": {"task": "filing.lapse_prepaid", "schedule": crontab(hour="19", minute="30")},
    "appeals-scan": {"task": "appeals.scan", "schedule": 60.0},
    "appeals-talk": {"task": "appeals.talk", "schedule": 60.0},
    "appeals-draw": {"task": "appeals.draw", "schedule": 60.0},
    "appeals-plan": {"task": "appeals.plan", "schedule": 60.0},
    "appeals-seats": {"task": "appeals.seats", "schedule": 60.0},
    "appeals-gather": {"task": "appeals.gather", "schedule": crontab(minute="*/5")},
    # After midnight in the city: terms are counted by the day.
    "appeals-figures": {"task": "appeals.figures", "schedule": crontab(hour="15", minute="35")},
    "appeals-watch": {"task": "appeals.watch", "schedule": crontab(minute="25")},
    "send-links": {"task": "accounts.send_links", "schedule": 60.0},
    "check-identities": {"task": "accounts.check_identities", "schedule": 60.0},
    "forget-the-past": {"task": "accounts.forget_the_past", "schedule": 3600.0},
}

# --- Payments: each face that talks to a gateway names it with its own credentials ----------------------------------
GATEWAYS: dict[str, dict[str, str]] = {}
DEFAULT_GATEWAY = environment.text("ETAX_DEFAULT_GATEWAY", "sandbox_acquirer")

# --- Logs -----------------------------------------------------------------------------------------------------------
configure_structlog()
LOGGING = logging_settings(
    style=environment.choice("ETAX_LOG_STYLE", ("json", "text"), "json"),
    level=environment.choice("ETAX_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
)

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_HOST = environment.text("ETAX_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = environment.integer("ETAX_SMTP_PORT", 8025)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("ETAX_MAIL_FROM", "etax@example.com")
PUBLIC_URL = environment.url("ETAX_PUBLIC_URL", ("http", "https"), None if PRODUCTION else "http://127.0.0.1:8000")
OFFICE_URL = environment.url("ETAX_OFFICE_URL", ("http", "https"), None if PRODUCTION else "http://127.0.0.1:8001")
