"""Settings, read from the environment; without any variable they are safe and need no server.

Every variable that an operator may set is described in docs/operations.md.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from bootstrap_wrapper import get_bootstrap_dir
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env.str("VAR", default=str(BASE_DIR / "var"))).resolve()
for folder in ("queue/in", "queue/control", "cache", "documents", "mail", "assets", "static"):
    (VAR / folder).mkdir(parents=True, exist_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def kept_secret(name: str, size: int = 50) -> str:
    """The environment's NAME, or `size` random bytes made once and kept in VAR, readable by its owner only."""
    if value := env.str(name, default=""):
        return value
    path = VAR / f"{name.lower()}.txt"
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(size))
    except FileExistsError:
        pass
    return path.read_text()


# --- Who we are -----------------------------------------------------------------------------------
PORT = env.int("PORT", default=8000)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).netloc
HTTPS = PUBLIC_BASE_URL.startswith("https://")
# What PUBLIC_BASE_URL was before: papers that begin so are answered for good (certificates.bases).
FORMER_BASE_URLS = [base.rstrip("/") for base in env.list("FORMER_BASE_URLS", default=[])]
INSTITUTE_NAME = {
    "kk": "«Оқу және Даму Институты» ЖШС",
    "ru": "ТОО «Оқу және Даму Институты»",
    "en": "“Oqu zhane Damu Instituty” LLP",
}
INSTITUTE_CITY = {"kk": "Қарағанды", "ru": "Караганда", "en": "Karaganda"}
# The mark on certificates: an SVG or PNG file of at most LOGO_KB, square.
INSTITUTE_LOGO = env.str("INSTITUTE_LOGO", default=str(BASE_DIR / "static/certificates/papers/emblem.svg"))
INSTITUTE_CONTACT = env.str("INSTITUTE_CONTACT", default="")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# Of the demonstration accounts, which exist only where DEMO is on.
DEMO_PASSWORD = kept_secret("DEMO_PASSWORD", size=9) if DEMO else ""
SECRET_KEY = kept_secret("SECRET_KEY")
# Personal data at rest: one key for sealing, one for the search value. Losing them loses every IIN.
SEAL_KEY = kept_secret("SEAL_KEY")
DIGEST_KEY = kept_secret("DIGEST_KEY")
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), urlsplit(PUBLIC_BASE_URL).hostname]
ALLOWED_HOSTS += [host for base in FORMER_BASE_URLS if (host := urlsplit(base).hostname)]
if not HTTPS:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
# How many proxies of our own stand before the application; their X-Forwarded-For is believed, no other.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- The house ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "course_admin.apps.CourseAdminConfig",
    "course_admin.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "heroicons",
    "import_export",
    "simple_history",
    "core",
    "accounts",
    "programs",
    "enrollment",
    "assessment",
    "certificates",
    "postcourse",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "course_admin.urls"
WSGI_APPLICATION = "course_admin.wsgi.application"
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
                "core.context.institute",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'course.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    # A file, so that tests may use several threads; named for the process, so that several runs may share VAR.
    DATABASES["default"]["TEST"] = {"NAME": VAR / f"test-{os.getpid()}.sqlite3"}
else:
    # A database that does not answer is said so within seconds, not within the minutes that TCP waits.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# How long one statement of a page may take; the worker's and those of manage.py may take longer (course_admin.wsgi).
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", default=20)
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A cursor held on the server breaks behind a connection pooler, and when its reader stops half-way.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "course",
            # A cache that does not answer must not hold up a page.
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR / "cache",
        }
    }

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# What was issued, revoked and replaced, outside the database and best on another disk (certificates.journal).
JOURNAL_FILE = env.str("JOURNAL_FILE", default=str(VAR / "journal/documents.jsonl"))
# Where the web's processes note how often the public asked, until the worker counts it; one folder for all of them.
CHECKS_FOLDER = env.str("CHECKS_FOLDER", default=str(VAR / "checks"))

# Security blanks in stock below which administrators are warned (R3).
BLANKS_LOW = env.int("BLANKS_LOW", default=50)
# The key that signs documents: a PKCS#12 file or a PKCS#11 URI (certificates.signing). Empty: nothing is signed.
SIGNING_KEY = env.str("SIGNING_KEY", default="")
SIGNING_PASSWORD = env.str("SIGNING_PASSWORD", default="")

STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", VAR / "assets", ("vendor/bootstrap", get_bootstrap_dir())]
MEDIA_ROOT = VAR / "documents"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "documents", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "addressing_style": "path",  # stores other than Amazon's rarely have a host name for each bucket
            "file_overwrite": False,
        },
    }
# A source map must be there, or hashing the names fails; nobody waits for one.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["woff2", "map", "png", "jpg", "ico", "txt", "md"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "i18n_overrides" / "locale"]
FORMAT_MODULE_PATH = ["course_admin.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
MODELTRANSLATION_LANGUAGES = ("kk", "ru", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "kk"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("kk",)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"

# --- Who may come in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = INSTITUTE_NAME["kk"]
# Administrators and trainers must use a second factor when this is on.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=False)
PASSWORD_RESET_TIMEOUT = int(timedelta(days=7).total_seconds())
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "course_admin.errors.csrf_failure"

# --- What a browser may do ------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        # Previews of submitted files, which alone may be framed (assessment.preview_views).
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- Mail -----------------------------------------------------------------------------------------
# Without EMAIL_URL (smtp+tls://user:password@host:587) each message is a file in VAR/mail.
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="kurs@institute.invalid")
EMAIL_TIMEOUT = 20

# --- Worker ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "folder://localhost//"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 120}
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "queue/in"),
        "data_folder_out": str(VAR / "queue/in"),
        "control_folder": str(VAR / "queue/control"),
        "polling_interval": 0.25,
    }
# Nobody commands the worker from afar, and each command would leave files in the embedded queue.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
SWEEP_SECONDS = 15
# A message says only "look now" and is worthless once the next sweep is out.
_EACH_SWEEP = {"schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, **_EACH_SWEEP}
    for name in (
        "core.beat",
        "core.send_messages",
        "enrollment.tell_agreements",
        "enrollment.tell_changes",
        "enrollment.advance_waiting",
        "enrollment.erase_unconfirmed",
        "certificates.issue_wished",
        "certificates.render_reserved",
        "certificates.write_journal",
        "assessment.carry_over",
        "assessment.open_retakes",
        "assessment.print_versions",
        "postcourse.plan_support",
        "postcourse.remind",
    )
}
# Tidying and reminders may wait for their hour.
for name, seconds in {
    "enrollment.sweep_stray_files": 3600,
    "assessment.sweep_stray_files": 3600,
    "assessment.remind_of_work": 600,
    "assessment.remind_of_checklists": 3600,
    "enrollment.ask_names": 3600,
    "certificates.count_checks": 60,
}.items():
    CELERY_BEAT_SCHEDULE[name] = {"task": name, "schedule": seconds, "options": {"expires": seconds}}
LEASE_SECONDS = env.int("LEASE_SECONDS", default=30)

# --- Course settings ------------------------------------------------------------------------------
SUPPORT_MONTHS = env.int("SUPPORT_MONTHS", default=12)
SUPPORT_WEAK_SHARE = env.int("SUPPORT_WEAK_SHARE", default=70)  # per cent of a criterion's maximum
CONSULTATIONS_PER_DAY = env.int("CONSULTATIONS_PER_DAY", default=4)
CONSULTATION_DAY = (env.int("CONSULTATION_FROM", default=9), env.int("CONSULTATION_TO", default=18))
CONSULTATION_MINUTES = 60
CERTIFICATE_YEARS = 3
RENDER_ATTEMPTS = 5
# Until an administrator keeps a series of numbers; {kind} is SK, AN or KQ (certificates.numbering).
DOCUMENT_NUMBER_FORMAT = "{kind}-{year}-{counter:06}"
LOOKUPS_PER_MINUTE = 20
# Answers "not found" at the QR code's address to one address, by each web process; genuine papers are not counted.
VERIFICATION_MISSES_PER_MINUTE = env.int("VERIFICATION_MISSES_PER_MINUTE", default=60)
# Of one address: lists of up to 500 documents, and questions of programs.
LISTS_PER_MINUTE = 3
API_CHECKS_PER_MINUTE = env.int("API_CHECKS_PER_MINUTE", default=300)
# Answers "not found" of one day from which administrators are told that somebody may be trying out addresses; 0: never.
SCANNING_ALERT = env.int("SCANNING_ALERT", default=1000)
# From one address; a school's computer class has one for all.
APPLICATIONS_PER_MINUTE = 10
LETTER_NUMBER_FORMAT = "{counter}-{year}"
# Of agreements accepted in the cabinet; those on paper bear the number that they were given there.
AGREEMENT_NUMBER_FORMAT = "KL-{year}-{counter:06}"
# R11: working days within which an employer is told of an expulsion.
EMPLOYER_NOTICE_DAYS = env.int("EMPLOYER_NOTICE_DAYS", default=3)
# Examiners of a defence further apart than this share of the maximum, per cent, leave it to their chair.
DEFENCE_SPREAD = env.int("DEFENCE_SPREAD", default=20)
# Days before it is due on which who has handed in nothing is reminded; 0 for no reminders.
WORK_REMINDER_DAYS = env.int("WORK_REMINDER_DAYS", default=2)
# Working days within which handed-in work is answered; what waits longer is marked and told to administrators.
WORK_ANSWER_DAYS = env.int("WORK_ANSWER_DAYS", default=5)
# Share of the shorter text, per cent, from which two works of different people are shown to their trainers as alike.
LIKENESS_SHARE = env.int("LIKENESS_SHARE", default=30)
# Working days after the closing of a protocol within which a listener may appeal.
APPEAL_WORKDAYS = env.int("APPEAL_WORKDAYS", default=3)
# R6: "once within a year" ends with the calendar year, 12 months after the protocol, or the earlier of both.
RETAKE_WINDOW = env.str("RETAKE_WINDOW", default="stricter")
if RETAKE_WINDOW not in ("calendar", "months", "stricter"):
    raise ImproperlyConfigured("RETAKE_WINDOW is calendar, months or stricter")
# R9: how long a deferral may last.
DEFERRAL_MONTHS = env.int("DEFERRAL_MONTHS", default=12)
# Law 94-V: years for which a person is kept by name after the last course, document and support (to confirm).
RETENTION_YEARS = env.int("RETENTION_YEARS", default=5)
ACADEMIC_HOUR_MINUTES = env.int("ACADEMIC_HOUR_MINUTES", default=45)
# Between two academic hours of one session and of one day.
ACADEMIC_BREAK_MINUTES = env.int("ACADEMIC_BREAK_MINUTES", default=10)
# How long the timetable must rest before people are told of a change, so that several corrections make one letter.
TIMETABLE_QUIET_MINUTES = env.int("TIMETABLE_QUIET_MINUTES", default=10)
# Attended share of all held hours, per cent, for the final attestation; below it people are warned or refused.
ATTENDANCE_MINIMUM = env.int("ATTENDANCE_MINIMUM", default=80)
ATTENDANCE_RULE = env.str("ATTENDANCE_RULE", default="warn")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
