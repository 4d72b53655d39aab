"""What a trusted publisher, a plan and a token are good for."""

from .variant import Variant

PUBLISHER_401 = Variant(
    "publisher-401",
    "To a trusted publisher, `auth-check`, logs, variables and discussions are refused with 401 too.",
    "Extralit's documentation and huggingface_hub issue 4972 name some routes; the others were not tried",
)
PUBLISHER_403 = Variant(
    "publisher-403",
    "A trusted publisher is refused with 403, not with 401.",
    "403 is the Hub's answer to other tokens without the right",
)
PUBLISHER_DISCUSSES = Variant(
    "publisher-discusses",
    "A trusted publisher may open, change and merge discussions and pull requests.",
    "nobody reports a publisher's pull request, granted or refused",
)
PUBLISHER_SETS = Variant(
    "publisher-sets",
    "A trusted publisher may do with its repository what a member with write access may.",
    "localhub's answer until November 2026; the documentation says `write access to that one repo`",
)
EXCHANGE_BY_STATUS = Variant(
    "exchange-by-status",
    "`/oauth/token` refuses with 401 (id token), 403 (claims), 404 (no such repository), 422 (parameters), not with 400.",
    "hub-docs issue 2757 recorded only 400",
)
NO_AUTH_CHECK = Variant(
    "no-auth-check",
    "`auth-check` and `auth-check/write` answer 404 to everybody.",
    "its answer to a trusted publisher is not known",
)
PAID_HARDWARE_NEEDS_PLAN = Variant(
    "paid-hardware-needs-plan",
    "A gradio or docker Space needs a plan on every hardware.",
    "localhub's answer until November 2026; the documentation of Spaces names no exception",
)

ZEROGPU_NEEDS_PLAN = Variant(
    "zerogpu-needs-plan",
    "ZeroGPU needs a plan too; a free account may not host any.",
    "huggingface_hub 2.4 names a subscription for hardware that is free, and no exception; hub-docs grants two Spaces",
)

VARIANTS = (
    PUBLISHER_401,
    PUBLISHER_403,
    PUBLISHER_DISCUSSES,
    PUBLISHER_SETS,
    EXCHANGE_BY_STATUS,
    NO_AUTH_CHECK,
    PAID_HARDWARE_NEEDS_PLAN,
    ZEROGPU_NEEDS_PLAN,
)
