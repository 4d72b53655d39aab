"""The step's inputs: from the runner's ``INPUT_*`` environment to one checked, frozen `Inputs`.

An empty input counts as not given. Every problem is collected before anything is refused, so that one run names them all.
"""

import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING

from hfspace_action.errors import Failure, Failures
from hfspace_action.volume import Volume
from hfspace_action.workflow import surroundings

from . import key_values, meanings, spelling, token_shape
from .key_values import Refused

if TYPE_CHECKING:
    from .checks import Check

VISIBILITIES = ("public", "protected", "private")
REGIONS = ("us", "eu")
COMMANDS = (
    "deploy", "check", "rehearse", "preview", "sweep", "selftest", "status", "history", "rollback", "release",
    "promote", "restart", "watch", "delete", "migrate", "matrix", "verify",
)  # fmt: skip
_WITHOUT_OWNER = ("rehearse", "preview", "migrate")  # whose Space may be named without one
SPACES_FILE = "spaces.yaml"
"""Where a repository declares many Spaces, at its top."""
_WITH_TWIN = ("deploy", "check")  # of which the input `through` may name another Space
_OF_MANY = ("deploy", "matrix", "watch")  # what may be done with them all
ON_FAILURE = ("fail", "rollback")
ON_DRIFT = ("warn", "fail", "keep", "import")
FAIL_ON = ("broken", "never")
HEAL = ("none", "restart", "redeploy")
MOST_HEALTHY = 20
OFFICIAL_ENDPOINT = "https://huggingface.co"

_ID_TOKENS = ("HF_OIDC_ID_TOKEN", "HF_ID_TOKEN", "CIRCLE_OIDC_TOKEN_V2", "BITBUCKET_STEP_OIDC_TOKEN")
"""Variables of CI systems with what proves to others who a job is."""
_FOR_SECRETS = frozenset({"hf-token", "github-token", "secrets"})
_SHORTEST_TOKEN = 8
"""Characters: fewer may stand in a word."""


class BadInputs(Failures):
    """The inputs can't be used; `failures` names every problem, `notes` what else was said of them: a misspelt name, most often the
    cause of one that is missing."""

    def __init__(self, failures: list[Failure], notes: Sequence[str] = ()) -> None:
        super().__init__(failures)
        self.notes = notes


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the workflow asked for. A field is an input, as `field_of` names it; None means "not given".

    Durations are in seconds; `sleep_time` of -1 means never. `probe` is the path to request, empty for the app's default path,
    or None when switched off.
    """

    space: str
    hf_token: str = field(repr=False)  # empty: the job is a trusted publisher of the Space
    command: str = "deploy"
    confirm: str | None = None
    to: str | None = None
    hold: bool = False
    only: tuple[str, ...] = ()
    path: str = "."
    sdk: str | None = None
    hardware: str | None = None
    sleep_time: int | None = None
    visibility: str | None = None
    region: str | None = None
    resource_group: str | None = None
    front_matter: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[Volume, ...] = ()
    prune_settings: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    on_drift: str = "warn"
    allow_credentials: tuple[str, ...] = ()
    wait: bool = True
    timeout: int = 30 * 60
    probe: str | None = ""
    checks: "tuple[Check, ...]" = ()
    healthy: int = 3
    soak: int = 0
    on_failure: str = "fail"
    keep_releases: int = 20
    through: str | None = None
    from_: str | None = None
    resume: bool = True
    rebuild: bool = False
    fail_on: str = "broken"
    spaces: tuple[str, ...] = ()
    heal: str = "none"
    dry_run: bool = False
    comment: bool = False
    max_price: float | None = None  # dollars a month
    max_previews: int = 5
    max_age: int = 14 * 24 * 3600
    label: str = "preview"
    create: bool | None = None  # None: yes, unless the name looks misspelt
    endpoint: str = OFFICIAL_ENDPOINT
    github_token: str = field(default="", repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What to say about inputs that were not written as they are documented."""


def read(env: Mapping[str, str], *, many: bool = False) -> Inputs:
    """Read the inputs from a runner's environment; raises `BadInputs` with every problem. `many`: the checkout declares Spaces, so
    that a step needs to name none, and `space` is then empty."""
    given: dict[str, object] = {}
    failures: list[Failure] = []
    texts, notes = spelling.given(env, NAMES)
    for each in fields(Inputs):
        name = name_of(each.name)
        text = texts.get(name, "")
        if not text and name == "endpoint":
            text = env.get("HF_ENDPOINT", "").strip()
        if name in ("secrets", "variables"):
            notes += key_values.remarks(name, text)
        if text:
            try:
                given[each.name] = value(name, text, own=texts.get("hf-token", ""))
            except Refused as refused:
                if name == "secrets" and _has_no_secrets(texts.get("command", ""), env):
                    notes.append("GitHub gives this run no secrets, so the input `secrets` is left out.")
                    continue
                failures.append(_refused(name, text, refused, env))
            except Failure as failure:
                failures.append(failure)
        elif _may_be_empty(name, texts, env, many=many):
            given[each.name] = ""
        elif name == "notes":
            given[each.name] = tuple(notes)
        elif each.default is MISSING and each.default_factory is MISSING:
            failures.append(_missing(name, env, texts))
    if not failures:
        failures = _contradictions(given)
    if failures:
        raise BadInputs(failures, notes)
    return Inputs(**given)  # type: ignore[arg-type]  # each reader returns its field's type


def field_of(name: str) -> str:
    """Return the field of an input: with underscores, and one more where Python has the word for itself."""
    field = name.replace("-", "_")
    return f"{field}_" if keyword.iskeyword(field) else field


def name_of(field: str) -> str:
    """Return the input that a field is of."""
    return field.rstrip("_").replace("_", "-")


def value(name: str, text: str, *, own: str = "") -> object:
    """Return what the text of one input means, wherever it stands. Raises `Refused`, or `Failure`; so where it holds a token, by
    its shape or the step's `own`, and is no input for one."""
    holds_own = len(own) >= _SHORTEST_TOKEN and own in text
    if name not in _FOR_SECRETS and (holds_own or token_shape.within(text)):
        raise Failure("token-misplaced", input=name)
    return _READERS[name](text)


def _may_be_empty(name: str, texts: Mapping[str, str], env: Mapping[str, str], *, many: bool) -> bool:
    """Whether an input that is needed can do without a text: the Spaces are named elsewhere, or no token is needed."""
    if name == "space":
        of_many = many and spelling.one_of(texts.get("command", "deploy"), COMMANDS) in _OF_MANY
        return of_many or bool(texts.get("spaces"))
    if name != "hf-token":
        return False
    return bool(surroundings.here(env).id_token(env)) or _needs_no_token(texts.get("command", ""), env)


def _has_no_secrets(command: str, env: Mapping[str, str]) -> bool:
    """Whether a command that is there for such runs runs where GitHub gives no secrets, so that those of the Space come empty."""
    if spelling.one_of(command, COMMANDS) not in ("preview", "rehearse"):
        return False
    from hfspace_action.workflow import event, missing_token

    return missing_token.is_withheld(env, event.read(env))


def _needs_no_token(command: str, env: Mapping[str, str]) -> bool:
    """Whether the command does without a token: it asks no Hub, or it has to say that GitHub gave this run none."""
    return spelling.one_of(command, COMMANDS) in ("rehearse", "migrate", "matrix", "verify") or _has_no_secrets(
        command, env
    )


def _refused(name: str, text: str, refused: Refused, env: Mapping[str, str]) -> Failure:
    """Return the failure of an input that can't be used, at its line of the workflow where that is known."""
    from . import workflow_files  # not before: most inputs are good

    place = workflow_files.place(env, name, text)
    return Failure("input-invalid", place=place, input=name, problem=str(refused), advice=refused.advice)


def _missing(name: str, env: Mapping[str, str], texts: Mapping[str, str]) -> Failure:
    """Return the failure of an input that is needed and empty."""
    if name == "space":
        needs_file = "only" in texts or spelling.one_of(texts.get("command", ""), COMMANDS) == "matrix"
        return Failure("spaces-missing" if needs_file else "input-space-missing")
    if elsewhere := surroundings.here(env).missing:
        return Failure(elsewhere)
    from hfspace_action.workflow import event, missing_token  # not before: most steps bring a token

    from . import workflow_files

    why = missing_token.judge(env, event.read(env), workflow_files.read(env))
    return Failure(why.id, **why.facts)


def secret_values(env: Mapping[str, str]) -> list[str]:
    """Every value that must never be shown, as far as it can be told without checking the inputs: tokens in inputs that are not
    for them are among these."""
    texts, _ = spelling.given(env, NAMES)
    values = [token for name, text in env.items() if name.startswith("INPUT_") for token in token_shape.within(text)]
    values += [texts.get(name, "") for name in ("hf-token", "github-token")]
    values += [env.get(name, "").strip() for name in _ID_TOKENS]
    values += [env.get(f"INPUT_{name}", "").strip() for name in ("TOKEN", "HF_TOKEN", "GITHUB_TOKEN")]  # taken or not
    secrets = texts.get("secrets", "")  # as it is read later
    try:
        values += key_values.secrets(secrets).values()
    except Refused:
        values += key_values.suspects(secrets)
    return list(dict.fromkeys(value for value in values if value))


def _contradictions(given: Mapping[str, object]) -> list[Failure]:
    secrets, variables = given.get("secrets", {}), given.get("variables", {})
    assert isinstance(secrets, Mapping)  # noqa: S101 - for the type checker
    assert isinstance(variables, Mapping)  # noqa: S101
    found = [Failure("input-collision", key=key) for key in sorted(secrets.keys() & variables.keys())]
    found += [*_of_several(given), *_of_a_twin(given), *_of_a_promotion(given)]
    space, command = str(given["space"]), given.get("command")
    named = [*filter(None, [space]), *given.get("spaces", ())]  # type: ignore[misc]  # a tuple
    ownerless = not all("/" in str(name) for name in named)
    if not given["hf_token"] and ownerless and command not in _WITHOUT_OWNER:
        found.append(Failure("input-space-owner"))
    beside = "command" if command == "matrix" else "only" if given.get("only") else ""
    if space and beside:
        problem = f"{beside}: matrix" if beside == "command" else f"`{beside}`"
        said = f"{problem} is about the Spaces of {SPACES_FILE}"
        found.append(Failure("input-invalid", input="space", problem=said, advice="Leave `space` out."))
    return found


def _of_a_twin(given: Mapping[str, object]) -> list[Failure]:
    """What does not go together with the input `through`."""
    twin, space = given.get("through"), str(given["space"])
    if not twin:
        return []
    if given.get("command", "deploy") not in _WITH_TWIN or not space:
        problem, advice = "it is for the deploy of one Space", "Leave `through` out."
    elif twin_of(space, str(twin)).lower() == space.lower():
        return [is_itself(str(twin))]
    else:
        return []
    return [Failure("input-invalid", input="through", problem=problem, advice=advice)]


def _of_a_promotion(given: Mapping[str, object]) -> Iterator[Failure]:
    """What does not go together with the input `from`, or is missing beside it."""
    twin, space, promotes = given.get("from_"), str(given["space"]), given.get("command") == "promote"
    if not promotes and twin:
        problem, advice = "it is for `command: promote`", "Leave `from` out."
        yield Failure("input-invalid", input="from", problem=problem, advice=advice)
    if not promotes:
        return
    if not twin:
        problem, advice = "it is empty", "Name the Space whose files this one is to get, as owner/name."
        yield Failure("input-invalid", input="from", problem=problem, advice=advice)
    elif twin_of(space, str(twin)).lower() == space.lower():
        yield is_itself(str(twin), "from")
    if given.get("on_drift") in ("keep", "import"):
        problem = "a promotion leaves no edit of a file, because both Spaces then hold the same"
        advice = "Write `on-drift: warn` or `fail`; `keep` names files that only this Space has."
        yield Failure("input-invalid", input="on-drift", problem=problem, advice=advice)


def is_itself(twin: str, name: str = "through") -> Failure:
    """Return the failure of the input `name` that names the Space of the deploy where it should name another."""
    problem, advice = f"'{twin}' is the Space itself", "Name another Space, for staging."
    return Failure("input-invalid", input=name, problem=problem, advice=advice)


def twin_of(space: str, through: str) -> str:
    """Return the full name of the Space that the input `through` names: without an owner it is that of `space`."""
    owner = space.rpartition("/")[0]
    return through if "/" in through or not owner else f"{owner}/{through}"


def _of_several(given: Mapping[str, object]) -> list[Failure]:
    """What does not go together with the input `spaces`."""
    if not given.get("spaces"):
        return []
    if given.get("command") != "watch":
        return [Failure("input-invalid", input="spaces", problem="it is for `command: watch`", advice="Write `space`.")]
    if given.get("heal") == "redeploy":
        problem = "one checkout can't be deployed to several Spaces"
        return [
            Failure("input-invalid", input="heal", problem=problem, advice="Write `heal: restart`, or one `space`.")
        ]
    return []


_READERS: dict[str, Callable[[str], object]] = {
    "space": meanings.space,
    "hf-token": token_shape.check,
    "command": meanings.one_of(COMMANDS),
    "confirm": str,
    "to": meanings.to,
    "hold": meanings.boolean,
    "only": meanings.only,
    "path": str,
    "sdk": meanings.sdk,
    "hardware": meanings.hardware,
    "sleep-time": meanings.sleep_time,
    "visibility": meanings.one_of(VISIBILITIES),
    "region": meanings.one_of(REGIONS),
    "resource-group": meanings.resource_group,
    "front-matter": meanings.mapping,
    "secrets": key_values.secrets,
    "variables": key_values.variables,
    "volumes": meanings.volumes,
    "prune-settings": meanings.boolean,
    "include": meanings.patterns,
    "exclude": meanings.patterns,
    "keep": meanings.patterns,
    "on-drift": meanings.one_of(ON_DRIFT),
    "allow-credentials": meanings.patterns,
    "wait": meanings.boolean,
    "timeout": meanings.duration,
    "probe": meanings.probe,
    "checks": meanings.checks,
    "healthy": meanings.number("answers", 1, MOST_HEALTHY),
    "soak": meanings.soak,
    "on-failure": meanings.one_of(ON_FAILURE),
    "keep-releases": meanings.number("releases", 0, 999, " (no tags)"),
    "through": meanings.space,
    "from": meanings.space,
    "resume": meanings.boolean,
    "rebuild": meanings.rebuild,
    "fail-on": meanings.one_of(FAIL_ON),
    "spaces": meanings.spaces,
    "heal": meanings.one_of(HEAL),
    "dry-run": meanings.boolean,
    "comment": meanings.boolean,
    "max-price": meanings.price,
    "max-previews": meanings.number("previews", 1, 999),
    "max-age": meanings.duration,
    "label": str,
    "create": meanings.boolean,
    "endpoint": meanings.endpoint,
    "github-token": str,
}

NAMES = tuple(_READERS)
SWITCHES = {
    **{name: ("true", "false") for name, reader in _READERS.items() if reader is meanings.boolean},
    "rebuild": tuple(meanings.REBUILD),
}
"""Inputs that are on or off, with their values; "true" switches each of them on, and "false" off."""
LISTS = frozenset(
    name
    for name, reader in _READERS.items()
    if reader
    in (
        meanings.patterns,
        meanings.spaces,
        meanings.mapping,
        key_values.secrets,
        key_values.variables,
        meanings.volumes,
        meanings.checks,
    )
)
"""Inputs that may have several entries, one or more a line."""
