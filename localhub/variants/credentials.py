"""What opens a private Space, and what of it the app gets to see."""

from .variant import Variant

AUTHORIZATION_ONLY = Variant(
    "authorization-only",
    "`X-HF-Authorization` opens nothing; it is removed all the same.",
    "localhub's answer until November 2026; the documentation names `Authorization` alone",
)
AUTHORIZATION_REMOVED = Variant(
    "authorization-removed",
    "An `Authorization` that opened a private Space is not passed on to its app.",
    "localhub's answer until November 2026",
)
NO_JWT = Variant(
    "no-jwt",
    "There is no `/jwt`, and `?__sign=` opens nothing.",
    "OpenAPI has the route; that `__sign` opens every kind of Space is only known from other clients",
)
NO_SIGN_COOKIE = Variant(
    "no-sign-cookie",
    "`?__sign=` opens one request only: no cookie comes with the answer.",
    "the cookie `spaces-jwt` is known from one project",
)

VARIANTS = (AUTHORIZATION_ONLY, AUTHORIZATION_REMOVED, NO_JWT, NO_SIGN_COOKIE)
