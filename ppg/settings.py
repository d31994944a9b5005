"""Settings, read from top to bottom.

Everything that differs between machines is a variable of the environment:

PPG_MODE        "local" (default: demo and development, this machine only) or "production"
SECRET_KEY      Django's signing key                                  (production: required)
PPG_KEYS        comma-separated Fernet keys, newest first; they encrypt what is personal
                                                                      (production: required)
ALLOWED_HOSTS   comma-separated host names                            (production: required)
DATABASE_URL    postgres://user:password@host/name; SQLite in var/ where it is not set
PPG_VAR         folder for the SQLite file, uploads and local keys    (default: var/)
PPG_LEDGER      file that says who was erased, by code; kept apart from the database and its backups, and read by
                every restore                               (default: erased.txt in PPG_VAR)
PPG_BACKUP_KEY  encrypts backups; where it is not set, the newest of PPG_KEYS does
PPG_EMAIL_URL   smtp://user:password@host:port              (production: required)
                where it is not set, e-mails are written to var/mail/
PPG_EMAIL_FROM  the sender's address
PPG_NOTIFY_KEY, PPG_NOTIFY_TEMPLATE   of GOV.UK Notify, for text messages; its template holds ((message)) and nothing
                else. Where they are not set, staff text from their own phones
PPG_NOTIFY_URL  where Notify is reached, if not at its usual address
PPG_PROXIES     how many reverse proxies of ours stand in front (default 0): whose word on a visitor's address counts
"""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = os.environ.get("PPG_MODE", "local")
if MODE not in ("local", "production"):
    raise ImproperlyConfigured(f'PPG_MODE is "{MODE}". Set it to "local" or "production".')
PRODUCTION = MODE == "production"
VAR = Path(os.environ.get("PPG_VAR", BASE_DIR / "var"))


def required(name: str, remedy: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return value


def local_secrets() -> dict[str, str]:
    """Keys of a machine that is not in production: made once, readable by their owner only."""
    path = VAR / "local-secrets.json"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "PPG_KEYS": Fernet.generate_key().decode()}
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)  # the first of several processes wins, whole
        except FileExistsError:
            pass
        draft.unlink()
    return json.loads(path.read_text())


# --- Secrets -------------------------------------------------------------------------------------

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'")
    FIELD_KEYS = required(
        "PPG_KEYS",
        "Make one: python3 -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        " and keep it apart from the database and its backups.",
    ).split(",")
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", "Name the hosts people type, e.g. groups.example.gov.uk").split(",")
    if any("*" in host for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS is open (*). Name the hosts people type.")
    if os.environ.get("DEBUG"):
        raise ImproperlyConfigured("DEBUG is set. Production does not run with DEBUG; unset it.")
else:
    SECRET_KEY = os.environ.get("SECRET_KEY") or local_secrets()["SECRET_KEY"]
    FIELD_KEYS = (os.environ.get("PPG_KEYS") or local_secrets()["PPG_KEYS"]).split(",")
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

BACKUP_KEYS = [key for key in [os.environ.get("PPG_BACKUP_KEY", ""), *FIELD_KEYS] if key]
LEDGER = Path(os.environ.get("PPG_LEDGER", VAR / "erased.txt"))

DEBUG = not PRODUCTION and os.environ.get("DEBUG") == "1"

# --- What is installed ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # templates of its widgets, for FORM_RENDERER
    "crispy_forms",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "ppg",
    "programmes",
    "caregivers",
    "sessions_app",
    "feedback",
    "evaluation",
]

MIDDLEWARE = [
    "ppg.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ppg.middleware.ResponseHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ppg.middleware.EndOldSessions",
    "ppg.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ppg.middleware.Refusals",
]

PROXIES = int(os.environ.get("PPG_PROXIES", "0"))

ROOT_URLCONF = "ppg.urls"
WSGI_APPLICATION = "ppg.wsgi.application"

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
                "django.template.context_processors.i18n",
                "ppg.context.service",
            ],
            "builtins": ["ppg.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"

# --- Database ------------------------------------------------------------------------------------

database = environ.Env.db_url_config(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'ppg.sqlite3'}")
database["HOST"] = unquote(database["HOST"])  # a socket's folder is written with %2F, as PostgreSQL has it
DATABASES = {"default": {**database, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    VAR.mkdir(parents=True, exist_ok=True)
    # synchronous=FULL: an acknowledged tick survives a power cut. IMMEDIATE: writers queue instead of failing.
    # secure_delete: what is erased is overwritten, not left in free pages.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ppg_cache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # of this process: ppg.limits
}

# --- People and sign-in --------------------------------------------------------------------------

AUTH_USER_MODEL = "ppg.User"
AUTHENTICATION_BACKENDS = ["ppg.accounts.backends.OneTry"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "ppg.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff are invited by an administrator, they do not sign up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # neutral subjects: no host name in brackets
ACCOUNT_RATE_LIMITS = False  # ours: ppg.accounts.slowing
ACCOUNT_FORMS = {
    "login": "ppg.accounts.forms.SignInForm",
    "user_token": "ppg.accounts.forms.CodeTokenForm",
    "reset_password": "ppg.accounts.forms.AskForLinkForm",
    "change_password": "ppg.accounts.forms.NewPasswordForm",
}
DEVICE_COOKIE_NAME = "device"  # known again at the next sign-in: ppg.accounts.devices

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ppg.views.errors.form_expired"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    DEVICE_COOKIE_NAME = "__Host-device"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

SECURE_CONTENT_TYPE_NOSNIFF = True
# Links carry secrets: no other site learns them. "no-referrer" would say nothing to ourselves either, and browsers
# then send forms with "Origin: null", which the CSRF check refuses (docs/decisions/referrer.md).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "ppg.storage.StaticFiles"},
}
WHITENOISE_MAX_AGE = 31_536_000 if PRODUCTION else 0

# --- Anonymous answers -------------------------------------------------------------------------------

FEEDBACK_LEAST = 5  # people who must have answered before anything is shown; under 3 is refused (feedback.checks)
TEAM_LEAST = 5  # people a figure rests on in the team's report and on the live page; under 3 is refused
SHARED_LEAST = 10  # the same for anything that leaves the team; under 5 is refused (evaluation.checks)

# --- Background work -----------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- E-mail --------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("PPG_EMAIL_FROM", "groups@localhost")
EMAIL_TIMEOUT = 10
email_url = os.environ.get("PPG_EMAIL_URL", "")
if PRODUCTION:
    email_url = required("PPG_EMAIL_URL", "Name the mail server: smtp://user:password@host:587")
if email_url:
    parts = urlsplit(email_url)
    EMAIL_HOST, EMAIL_PORT = parts.hostname or "localhost", parts.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(parts.username or ""), unquote(parts.password or "")
    EMAIL_USE_TLS = bool(EMAIL_HOST_USER)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"

# --- Text messages -------------------------------------------------------------------------------

NOTIFY_KEY = os.environ.get("PPG_NOTIFY_KEY", "")
NOTIFY_TEMPLATE = os.environ.get("PPG_NOTIFY_TEMPLATE", "")
NOTIFY_URL = os.environ.get("PPG_NOTIFY_URL", "https://api.notifications.service.gov.uk")

# --- Logs: no personal data, no address, no link's secret -------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "ppg.logs.MaskSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["masked"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A line for a form that was not filled in whole would say when somebody answered anonymously.
    "loggers": {"django.request": {"level": "ERROR"}},
}
