"""The policy that a server must send with every page: the one place where it is spelt out.

`deploy/` writes its server configuration from here, the tests open the site under it.
"""

from __future__ import annotations

from typing import Final

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    # No script of the site makes HTML or code of text, so none needs a policy of its own.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)

CONTENT_SECURITY_POLICY: Final = "; ".join(_RULES)
"""Value of the header `Content-Security-Policy` (CSP level 3) of all pages but `/admin/`.

Nothing inline, nothing of another origin. It cannot stop a redirect by `<meta>` nor a link that
leads away: those are for the sanitiser.
"""
