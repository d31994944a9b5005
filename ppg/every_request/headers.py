"""The headers that every answer carries, whoever gives it: a page, a file, a refusal, gunicorn itself.

Nothing of Django is read here: gunicorn needs them before there are settings. What `deploy/Caddyfile` says of itself
is compared with them.
"""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

# Links carry secrets: no other site learns them. "no-referrer" would say nothing to ourselves either, and browsers
# then send forms with "Origin: null", which the CSRF check refuses (docs/decisions/referrer.md).
REFERRER_POLICY = "same-origin"

POLICY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",  # files under a name that changes with their content say another
}
