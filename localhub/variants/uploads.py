"""What preupload decides."""

from .variant import Variant

GITIGNORE_ABSENT = Variant(
    "gitignore-absent",
    "An empty `gitIgnore` counts as absent: the `.gitignore` of the repository decides.",
    'OpenAPI: "Optional, otherwise takes the existing content"; an empty one is not mentioned',
)
SMALL_BINARIES_LFS = Variant(
    "small-binaries-lfs",
    "Every binary file goes to LFS, whatever its size.",
    "git pushes of small pictures are refused as binary; a live Space keeps a small png in LFS",
)
LFS_BY_NAME = Variant(
    "lfs-by-name",
    "Only `.gitattributes` and a size of 10 MiB send a file to LFS, not its content.",
    "localhub's answer until November 2026",
)

VARIANTS = (GITIGNORE_ABSENT, SMALL_BINARIES_LFS, LFS_BY_NAME)
