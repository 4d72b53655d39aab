"""Builds of a Dockerfile that fail."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder, log
from hfspace_action.explain.case import Case, Cause
from hfspace_action.readers import dockerfile

_INVALID = re.compile(r"dockerfile parse error (?:on )?line (?P<line>\d+): (?P<said>.+)", re.IGNORECASE)
_COPY = re.compile(
    r"COPY failed: (?:file not found in build context or excluded by \.dockerignore: )?stat (?P<classic>[^:]+): "
    r"|ADD failed: (?:file not found in build context or excluded by \.dockerignore: )?stat (?P<add>[^:]+): "
    r"|failed to (?:calculate checksum|compute cache key).*?: \"(?P<buildkit>[^\"]+)\": not found"
    r"|failed to compute cache key: \"(?P<old>[^\"]+)\" not found"
    r"|lstat (?:\S*?buildkit-mount\d+/?)?(?P<walk>\S+): no such file or directory"
)
_IMAGE = re.compile(
    r"pull access denied for (?P<denied>[^\s,]+)|manifest for (?P<manifest>\S+) not found"
    r"|(?<![\w./:-])(?P<buildkit>[\w./:-]+): (?:not found|manifest unknown|pull access denied)"
)


def dockerfile_invalid(case: Case) -> Cause | None:
    """The builder can't read the Dockerfile."""
    if not (found := case.last(_INVALID)):
        return None
    place = Place(dockerfile.DOCKERFILE, int(found.group("line")))
    return case.cause("dockerfile-invalid", place, found.at, said=found.group("said"))


def copy_missing(case: Case) -> Cause | None:
    """COPY or ADD of something that is not there."""
    found = case.last(_COPY)
    if found is None or not case.building:
        return None
    path = str(next(group for group in found[1].groups() if group)).lstrip("/")
    place = builder.shown(case)
    for _, instruction in builder.headers(case, ("COPY", "ADD")) if place is None else ():
        if place is None and path.rpartition("/")[2] in instruction:
            place = dockerfile.locate(case.files, instruction)
    return case.cause("copy-missing", place, found.at, path=path)


def base_image_missing(case: Case) -> Cause | None:
    """FROM an image that does not exist, or is private."""
    found = case.last(_IMAGE)
    if found is None or not case.building or builder.failed_step(case):
        return None
    image = str(next(group for group in found[1].groups() if group)).removeprefix("docker.io/").removeprefix("library/")
    froms = [one for one in dockerfile.instructions(case.files) if one.word == "FROM" and image in one.text]
    if not froms:
        return None
    return case.cause("base-image-missing", Place(dockerfile.DOCKERFILE, froms[0].line), found.at, image=image)


def step_failed(case: Case) -> Cause | None:
    """A command of the Dockerfile failed, and no rule knows more."""
    step = builder.failed_step(case)
    if step is None or dockerfile.DOCKERFILE not in case.files.paths:
        return None
    output = [at for at in range(step.start, step.stop) if not log.is_noise(case.lines[at])]
    start = output[-6] if len(output) > 6 else step.start
    return case.cause("docker-step-failed", step.place, start, step.stop, command=step.command, code=step.code)
