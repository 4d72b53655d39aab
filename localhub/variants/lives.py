"""What a commit or a rest does to a running Space."""

from .variant import Variant

QUIET_STATIC_BUILD = Variant(
    "quiet-static-build",
    "A static Space stays RUNNING while its `app_build_command` runs.",
    "the documentation names no stage for these builds",
)
SLEEPING_PUSH = Variant(
    "sleeping-push",
    "A commit to a sleeping Space does not wake it.",
    "the documentation has visitors wake a Space, and says nothing of commits",
)
DEV_MODE_PUSH = Variant(
    "dev-mode-push",
    "A commit to a Space in dev mode is not built until a restart.",
    "the documentation of dev mode lets the running container be edited instead",
)
README_PUSH = Variant(
    "readme-push",
    "A commit that changes nothing but README.md is not built.",
    "nothing says that every commit is built",
)
STOPPED_WHEN_IDLE = Variant(
    "stopped-when-idle",
    "The stage of a sleeping Space is STOPPED.",
    "huggingface_hub's stages have no SLEEPING; hub-docs calls it `stopped`",
)
FLAGGED = Variant(
    "flagged",
    'A commit ends in PAUSED with "Flagged as abusive", and so does a restart.',
    "users' reports; only Hugging Face's support ends it",
)
BUILD_QUEUED = Variant(
    "build-queued",
    "A commit stays BUILDING, with `Build Queued` as the only line of its log.",
    "users' reports",
)
NO_DESCRIPTIONS = Variant(
    "no-descriptions",
    "The descriptions of secrets are taken, and listed no more.",
    "nothing promises that they are kept",
)
ZEROGPU_NAME = Variant(
    "zerogpu-name",
    "The runtime calls ZeroGPU `zerogpu`, not `zero-a10g`.",
    "OpenAPI lists both names",
)
VOLUMES_KEEP_RUNNING = Variant(
    "volumes-keep-running",
    "The app goes on when the volumes of its Space change.",
    "the client's guide names secrets and hardware where it says that a change of the configuration restarts the app",
)

VARIANTS = (
    QUIET_STATIC_BUILD,
    SLEEPING_PUSH,
    DEV_MODE_PUSH,
    README_PUSH,
    STOPPED_WHEN_IDLE,
    FLAGGED,
    BUILD_QUEUED,
    NO_DESCRIPTIONS,
    ZEROGPU_NAME,
    VOLUMES_KEEP_RUNNING,
)
