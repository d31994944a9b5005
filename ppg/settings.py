"""Settings, read from top to bottom.

Everything that differs between machines is a variable of the environment. What is missing or unfit is said at the
start, each in a sentence (`ppg.environment`), and nothing starts.

PPG_MODE        "local" (default: demo and development, this machine only) or "production"
SECRET_KEY      Django's signing key                                  (production: required)
PPG_KEYS        comma-separated Fernet keys, newest first; they encrypt what is personal
                                                                      (production: required)
ALLOWED_HOSTS   comma-separated host names, the first of them for e-mails   (production: required; local: not read)
PPG_PROXIES     how many reverse proxies of ours stand in front: whose word on a visitor's address, and on whether they
                came by HTTPS, counts. 0: nobody's            (production: required, 0 where there is none)
DATABASE_URL    postgres://user:password@host/name; SQLite in PPG_VAR where it is not set
PPG_VAR         folder for the SQLite file, backups and local keys    (default: var/)
PPG_STORE       https://key:secret@host/bucket?region=REGION of a store that speaks S3's language: uploaded files and
                the ledger of the erased lie there too. Where it is not set, uploaded files lie in the database
PPG_BACKUPS     where the worker's nightly backups go: a folder, or a bucket written as above
                                            (default: backups/ in PPG_STORE, else backups/ in PPG_VAR)
PPG_LEDGER      file that says who was erased, by code; kept apart from the database and its backups, and read by
                every restore                               (default: erased.txt in PPG_VAR)
PPG_BACKUP_KEY  comma-separated Fernet keys, newest first; they encrypt backups. Where it is not set, PPG_KEYS does
PPG_EMAIL_URL   smtp://user:password@host:587, or smtps:// for TLS from the start      (production: required)
                where it is not set, e-mails are written to var/mail/
PPG_EMAIL_FROM  the sender's address                                  (production: required)
PPG_NOTIFY_KEY, PPG_NOTIFY_TEMPLATE   of GOV.UK Notify, for text messages; its template holds ((message)) and nothing
                else. Where they are not set, staff text from their own phones
PPG_NOTIFY_URL  where Notify is reached, if not at its usual address
PPG_COUNCIL_SIGN_IN  https://client:secret@host/path?name=NAME of the council's own sign-in by OpenID Connect; NAME
                stands on the button. Not set: there is none
PPG_COUNCIL_FACTOR  "trusted" where that sign-in asks for a second factor itself; "own" (default): ours is asked
DEBUG           1 shows errors with their code                        (production: refused)
"""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from cryptography.fernet import Fernet
from django.utils.translation import gettext_lazy as _

from ppg import environment as fit
from ppg.every_request import headers

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What differs between machines ---------------------------------------------------------------

env = fit.Environment()
MODE = env.read("PPG_MODE", fit.one_of("local", "production"), otherwise="local")
PRODUCTION = MODE != "local"  # a mode that nobody knows is looked at as strictly
SECRET_KEY = env.read(
    "SECRET_KEY",
    fit.secret_key,
    needed=PRODUCTION,
    remedy="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
)
MAKE_A_KEY = (
    "Make one: python3 -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
    " and keep it apart from the database and its backups."
)
FIELD_KEYS = env.read("PPG_KEYS", fit.fernet_keys, needed=PRODUCTION, remedy=MAKE_A_KEY)
BACKUP_KEYS = env.read("PPG_BACKUP_KEY", fit.fernet_keys, remedy=MAKE_A_KEY)
if PRODUCTION:
    ALLOWED_HOSTS = env.read(
        "ALLOWED_HOSTS", fit.hosts, needed=True, remedy="Name the hosts people type, e.g. groups.example.gov.uk"
    )
else:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
PROXIES = env.read(
    "PPG_PROXIES",
    fit.proxies,
    needed=PRODUCTION,
    otherwise="0",
    remedy="Say how many reverse proxies stand in front: 1 behind nginx or a load balancer, 0 where there is none.",
)
DEBUG = (
    env.read("DEBUG", fit.never if PRODUCTION else fit.one_of("0", "1"), otherwise=None if PRODUCTION else "0") == "1"
)
VAR = env.read(
    "PPG_VAR", fit.folder, otherwise=str(BASE_DIR / "var"), remedy="Name a folder that this program may use."
)
store = env.read(
    "PPG_STORE",
    fit.bucket("https") if PRODUCTION else fit.bucket("http", "https"),
    remedy="Write https://key:secret@s3.example.gov.uk/bucket?region=eu-west-2, or take it out.",
)
backups = env.read(
    "PPG_BACKUPS",
    fit.folder_or_bucket("https") if PRODUCTION else fit.folder_or_bucket("http", "https"),
    remedy="Name a folder that this program may use, or a bucket: https://key:secret@s3.example.gov.uk/bucket",
)
LEDGER = env.read("PPG_LEDGER", fit.file, remedy="Name a file that this program may write.")
database = env.read(
    "DATABASE_URL",
    fit.database_url,
    otherwise=f"sqlite:///{quote(str(VAR))}/ppg.sqlite3" if VAR else None,
    remedy="Write postgres://user:password@host/name, or take it out for SQLite.",
)
mail = env.read(
    "PPG_EMAIL_URL",
    fit.email_url,
    needed=PRODUCTION,
    remedy="Name the mail server: smtp://user:password@host:587",
)
DEFAULT_FROM_EMAIL = env.read(
    "PPG_EMAIL_FROM",
    fit.sender,
    needed=PRODUCTION,
    otherwise="groups@localhost",
    remedy="Name the sender, e.g. groups@example.gov.uk",
)
NOTIFY_KEY = env.read("PPG_NOTIFY_KEY", fit.notify_key)
NOTIFY_TEMPLATE = env.read("PPG_NOTIFY_TEMPLATE", fit.notify_template)
env.both_or_neither("PPG_NOTIFY_KEY", "PPG_NOTIFY_TEMPLATE")
NOTIFY_URL = env.read(
    "PPG_NOTIFY_URL",
    fit.web_address("https") if PRODUCTION else fit.web_address("http", "https"),
    otherwise="https://api.notifications.service.gov.uk",
)
council = env.read(
    "PPG_COUNCIL_SIGN_IN",
    fit.openid_connect("https") if PRODUCTION else fit.openid_connect("http", "https"),
    remedy="Write https://client:secret@login.example.gov.uk/tenant/v2.0?name=Suffolk, or take it out.",
)
council_factor = env.read("PPG_COUNCIL_FACTOR", fit.one_of("trusted", "own"), otherwise="own")
env.stop_if_unfit()


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


if not PRODUCTION:
    SECRET_KEY = SECRET_KEY or local_secrets()["SECRET_KEY"]
    FIELD_KEYS = FIELD_KEYS or [local_secrets()["PPG_KEYS"]]
BACKUP_KEYS = [*(BACKUP_KEYS or []), *FIELD_KEYS]
LEDGER = LEDGER or VAR / "erased.txt"

# --- What is installed ---------------------------------------------------------------------------

OUR_APPS = ["ppg", "programmes", "caregivers", "sessions_app", "feedback", "evaluation"]  # each knows those before it

INSTALLED_APPS = [
    OUR_APPS[0],  # before Django's own: its createsuperuser says which command to use here
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ppg.files.apps.StaticFilesOfPages",
    "django.forms",  # templates of its widgets, for FORM_RENDERER
    "crispy_forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    *OUR_APPS[1:],
]

MIDDLEWARE = [
    "ppg.every_request.middleware.ResponseHeaders",
    "ppg.every_request.middleware.ClientAddress",
    "ppg.every_request.middleware.NoCircle",
    "django.middleware.security.SecurityMiddleware",
    "ppg.files.static.ServeStaticFiles",
    "ppg.every_request.middleware.Readable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ppg.every_request.middleware.EndOldSessions",
    "ppg.every_request.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ppg.every_request.middleware.Refusals",
]

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
                "ppg.every_request.context.service",
            ],
            "builtins": ["ppg.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"

# --- Database ------------------------------------------------------------------------------------

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
else:  # nobody waits for minutes because the database's machine is away
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ppg_cache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # of this process
}

# --- People and sign-in --------------------------------------------------------------------------

AUTH_USER_MODEL = "ppg.User"
AUTHENTICATION_BACKENDS = ["ppg.accounts.backends.OneTry"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
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
ACCOUNT_EMAIL_NOTIFICATIONS = False  # what people are told about their account the worker sends: ppg/accounts/mail
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60  # of the link for a new password
ACCOUNT_RATE_LIMITS = False  # ours: ppg.accounts.slowing
ACCOUNT_FORMS = {
    "login": "ppg.accounts.signing_in.forms.SignInForm",
    "user_token": "ppg.accounts.reset.forms.CodeTokenForm",
}
DEVICE_COOKIE_NAME = "device"  # known again at the next sign-in: ppg.accounts.devices

SOCIALACCOUNT_ADAPTER = "ppg.accounts.council.adapters.CouncilAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link leads there: browsers hold our forms to our own addresses
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": council.apps if council else []}}
COUNCIL_SIGN_IN = council.name if council else ""  # what the button calls it; nothing: there is none
COUNCIL_ASKS_FACTOR = bool(council) and council_factor == "trusted"

SECOND_FACTOR_REQUIRED = PRODUCTION  # the demo's people have none
MFA_ADAPTER = "ppg.accounts.factor.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
INVITATION_DAYS = 7
CONFIRMED_SECONDS = 10 * 60  # how long a password or code given once more opens what is asked for twice

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # it ends with the browser: nothing of the poster's page stays on a caregiver's phone
# What a page says after a press waits in the session, not on the device, and names nobody: docs/decisions/device.md
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "ppg.every_request.views.form_expired"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    DEVICE_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-device", "__Host-language"
    SECURE_SSL_REDIRECT = True
    if PROXIES:  # without one, whoever sends this header is a visitor
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = headers.REFERRER_POLICY
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
    "default": {"BACKEND": "ppg.files.stored_files.DatabaseFiles"},
    "backups": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(backups or VAR / "backups")},
    },
    "staticfiles": {"BACKEND": "ppg.files.static.StaticFiles"},
}
backups_bucket = store if backups is None else backups if isinstance(backups, fit.Bucket) else None
if store:
    STORAGES["default"] = {"BACKEND": "ppg.files.bucket.Bucket", "OPTIONS": store.options("files")}
if backups_bucket:
    STORAGES["backups"] = {"BACKEND": "ppg.files.bucket.Bucket", "OPTIONS": backups_bucket.options("backups")}
if ledger_bucket := store or backups_bucket:  # where a backup is, the ledger is too
    STORAGES["ledger"] = {"BACKEND": "ppg.files.bucket.Bucket", "OPTIONS": ledger_bucket.options("ledger")}
WHITENOISE_MAX_AGE = 31_536_000 if PRODUCTION else 0
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page is built of them

# --- Anonymous answers -------------------------------------------------------------------------------

FEEDBACK_LEAST = 5  # who must have answered before anything is shown; under 3 is refused (feedback.system_checks)
TEAM_LEAST = 5  # people a figure rests on in the team's report and on the live page; under 3 is refused
SHARED_LEAST = 10  # the same for anything that leaves the team; under 5 is refused (evaluation.system_checks)

# --- Background work -----------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- E-mail --------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10
if mail:
    EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.user, mail.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = mail.tls_from_the_start, mail.tls_before_the_password
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"

# --- Logs: one line each, no personal data, no address, no link's secret (ppg.logs) ------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {} if DEBUG else {"()": "ppg.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A line for a form that was not filled in whole would say when somebody answered anonymously.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},  # its own would write what it is given, and e-mail it
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # whoever knocks at a wrong name fills no log
    },
}
