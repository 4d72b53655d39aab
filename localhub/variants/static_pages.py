"""How the address of a static Space answers."""

from .variant import Variant

NO_STATIC_REDIRECT = Variant(
    "no-static-redirect",
    "`/` serves the page itself, no redirect to its file.",
    "localhub's answer until November 2026",
)
REDIRECT_KEEPS_QUERY = Variant(
    "redirect-keeps-query",
    "The redirect from `/` keeps the query.",
    "the live checks looked at addresses without a query",
)
NO_INJECTED_SCRIPT = Variant(
    "no-injected-script",
    "Pages are served byte for byte, without `window.huggingface`.",
    "localhub's answer until November 2026",
)
SCRIPT_BEFORE_DOCTYPE = Variant(
    "script-before-doctype",
    "The script with `window.huggingface` stands ahead of everything, the doctype too.",
    "one live check of three saw it there",
)
NO_CDN = Variant(
    "no-cdn",
    "Large files are served by the Space's own address, no redirect to another host.",
    "localhub's answer until November 2026",
)
PRIVATE_STATIC_404 = Variant(
    "private-static-404",
    "A private static Space answers 404 to every credential.",
    "nobody has shown a private static page served to a token",
)
PRIVATE_STATIC_401 = Variant(
    "private-static-401",
    "A private static Space answers 401 to every credential.",
    "nobody has shown a private static page served to a token",
)

VARIANTS = (
    NO_STATIC_REDIRECT,
    REDIRECT_KEEPS_QUERY,
    NO_INJECTED_SCRIPT,
    SCRIPT_BEFORE_DOCTYPE,
    NO_CDN,
    PRIVATE_STATIC_404,
    PRIVATE_STATIC_401,
)
