"""Django's settings, one file for a laptop and a group practice; what differs comes from `Config`."""

import secrets

from csp.constants import NONE, SELF

from holdspace.web.config import Config

CONFIG = Config.from_environ()

SECRET_KEY = CONFIG.secret_key() or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "holdspace.vault",
    "holdspace.audit",
    "holdspace.ui",
    "holdspace.people",
    "holdspace.outside",
    "holdspace.consent",
    "holdspace.schedule",
    "holdspace.assist",
    "holdspace.room",
    "holdspace.chart",
    "holdspace.safekeeping",
    "holdspace.proof",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "holdspace.web.headers.OnEveryAnswer",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "holdspace.web.middleware.NothingKept",
    "holdspace.web.sign_ins.Cookies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "holdspace.web.middleware.FrontDoor",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "holdspace.web.middleware.WhoActs",
    "holdspace.web.sign_ins.SignIns",
    "holdspace.web.limits.WithinLimits",
    "holdspace.web.middleware.OpenedFromHere",
    "holdspace.web.clock.PracticeClock",
    "holdspace.ui.errors.ErrorsMadePlain",
]

ROOT_URLCONF = "holdspace.web.urls"
ASGI_APPLICATION = "holdspace.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "holdspace.web.middleware.person",
            ]
        },
    }
]

DATABASES = {"default": CONFIG.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# allauth keeps second factors and knows their ceremonies; none of its pages has an address here (decision 8).
ACCOUNT_ADAPTER = "holdspace.people.mfa.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "holdspace.people.mfa.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 20  # 66 bits (NIST SP 800-63B-4, 4.2.1.1: at least 64)
MFA_WEBAUTHN_USER_VERIFICATION = "required"
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "chart:today"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Nothing of ours is inline, comes from elsewhere, or may be framed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# When a screen locks and a sign-in ends is decided in people/entering.py; a cookie never lives longer than that, nor
# than its browser.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = CONFIG.is_https
# `__Host-`: no other host, path or plain-text page can set them, which a browser allows over HTTPS only.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if CONFIG.is_https else ("sessionid", "csrftoken")
)
CSRF_FAILURE_VIEW = "holdspace.ui.errors.refused"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.is_https else None
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if CONFIG.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIG.is_https
# Cookies, because a message must be readable while the practice is locked; no message carries clinical words.
MESSAGE_STORAGE = "holdspace.web.headers.Messages"

FILE_UPLOAD_HANDLERS = ["holdspace.ui.uploads.InMemoryOnly"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Django's own loggers print paths and exception texts; ours take ids (audit.log). Only its errors pass, as a class.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_words": {"()": "holdspace.audit.log.NoWords"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["no_words"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "holdspace": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django_tasks": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django_tasks_db": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
