"""Builds of a Dockerfile that fail."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder, log, places
from hfspace_action.explain.case import Case, Cause, Found
from hfspace_action.readers import dockerfile
from hfspace_action.readers.files import DOCKERFILE

_INVALID = re.compile(r"dockerfile parse error (?:on )?line (?P<line>\d+): (?P<said>.+)", re.IGNORECASE)
# What builders say of an instruction without its line: of ENV and LABEL, of EXPOSE, of --from.
_INVALID_WORD = re.compile(
    r"failed to parse Dockerfile: (?P<said>(?P<word>[A-Z]+) .+)|(?P<port>[Ii]nvalid containerPort: (?P<number>\S+))"
    r"|(?P<stage>invalid from flag value (?P<from>[^\s:]+).*)"
)
_NO_SOURCE = re.compile(
    r"(?:COPY|ADD) failed: (?:no source files were specified|forbidden path outside the build context: (?P<path>\S+))"
)
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
        return _invalid_word(case)
    place = places.place(case.files, DOCKERFILE, int(found.group("line")))
    return case.cause("dockerfile-invalid", place, found.at, said=found.group("said"))


def _invalid_word(case: Case) -> Cause | None:
    if not (found := case.last(_INVALID_WORD)):
        return None
    known = dockerfile.instructions(case.files)
    if word := found.group("word"):
        meant = (one for one in known if one.word == word and "=" not in one.rest and len(one.rest.split()) < 2)
    else:
        part = found.group("number") or f"--from={found.group('from')}"
        meant = (one for one in known if part in one.text.split())
    line = next((one.line for one in meant), None)
    place = Place(DOCKERFILE, line) if line else None
    said = found.group("said") or found.group("port") or found.group("stage")
    return case.cause("dockerfile-invalid", place, found.at, said=said)


def copy_missing(case: Case) -> Cause | None:
    """COPY or ADD of something that is not there."""
    if case.building and (nothing := case.last(_NO_SOURCE)):
        return _no_source(case, nothing)
    found = case.last(_COPY)
    if found is None or not case.building:
        return None
    path = str(next(group for group in found[1].groups() if group)).lstrip("/")
    place = builder.shown(case)
    for _, instruction in builder.headers(case, ("COPY", "ADD")) if place is None else ():
        if place is None and path.rpartition("/")[2] in instruction:
            place = dockerfile.locate(case.files, instruction)
    return case.cause("copy-missing", place, found.at, path=path)


def _no_source(case: Case, found: Found) -> Cause:
    """A pattern that matches nothing, or a path above the repository: the step before is the one that fails."""
    step = next((text for at, text in builder.headers(case, ("COPY", "ADD")) if at < found.at), "")
    path = found.group("path") or " ".join(word for word in step.split()[1:-1] if not word.startswith("--"))
    place = dockerfile.locate(case.files, step) if step else None
    return case.cause("copy-missing", place, found.at, path=path or "a pattern that matches nothing")


def base_image_missing(case: Case) -> Cause | None:
    """FROM an image that does not exist, or is private."""
    found = case.last(_IMAGE)
    if found is None or not case.building or builder.failed_step(case):
        return None
    image = str(next(group for group in found[1].groups() if group)).removeprefix("docker.io/").removeprefix("library/")
    froms = [one for one in dockerfile.instructions(case.files) if one.word == "FROM" and image in one.text]
    if not froms:
        return None
    return case.cause("base-image-missing", Place(DOCKERFILE, froms[0].line), found.at, image=image)


def step_failed(case: Case) -> Cause | None:
    """A command of the Dockerfile failed, and no rule knows more."""
    step = builder.failed_step(case)
    if step is None or DOCKERFILE not in case.files.paths:
        return None
    output = [at for at in range(step.start, step.stop) if not log.is_noise(case.lines[at])]
    start = output[-6] if len(output) > 6 else step.start
    return case.cause("docker-step-failed", step.place, start, step.stop, command=step.command, code=step.code)
