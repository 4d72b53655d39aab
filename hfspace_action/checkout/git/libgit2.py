"""`pygit2`, set up to read a checkout that may be anybody's. Everything here takes it from this module."""

import os

_CERTIFICATES = {
    "SSL_CERT_FILE": "",
    "SSL_CERT_DIR": os.sep,
}  # none; a folder is only looked into when a server is asked

# At its import it reads every certificate of the machine, and fails where there is none. It never speaks to a server here.
_given = {name: os.environ.get(name) for name in _CERTIFICATES}
os.environ.update(_CERTIFICATES)
try:
    import pygit2
    from pygit2 import enums
finally:
    for _name, _value in _given.items():
        if _value is None:
            del os.environ[_name]
        else:
            os.environ[_name] = _value

__all__ = ["enums", "pygit2"]

# The container runs as root over a checkout that belongs to the runner's user.
pygit2.settings.owner_validation = False
# A checkout with `filter: blob:none` says so by this extension, which libgit2 refuses unless told.
pygit2.settings.set_extensions(["partialclone"])
# Nobody's personal configuration takes part in what is deployed.
for _level in (enums.ConfigLevel.SYSTEM, enums.ConfigLevel.XDG, enums.ConfigLevel.GLOBAL):
    pygit2.settings.search_path[_level] = ""
