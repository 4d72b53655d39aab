"""Where this process runs. Only the place that it is gets loaded."""

from collections.abc import Mapping

from .ci.place import Place


def here(env: Mapping[str, str]) -> Place:
    """Return the place that an environment is of; a terminal, where nothing else is known."""
    if "true" in (env.get("FORGEJO_ACTIONS"), env.get("GITEA_ACTIONS")):  # they set GITHUB_ACTIONS too
        from .ci.forgejo import PLACE
    elif env.get("GITHUB_ACTIONS") == "true":
        from .ci.github import PLACE
    elif env.get("GITLAB_CI") == "true":
        from .ci.gitlab import PLACE
    elif env.get("CIRCLECI") == "true":
        from .ci.circleci import PLACE
    elif env.get("BITBUCKET_BUILD_NUMBER"):
        from .ci.bitbucket import PLACE
    else:
        from .ci.terminal import PLACE
    return PLACE
