"""The step's inputs: from the runner's ``INPUT_*`` environment to one checked, frozen `Inputs`.

An empty input counts as not given. Every problem is collected before anything is refused, so that one run names them all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from urllib.parse import urlsplit

import yaml

from hfspace_action import durations
from hfspace_action.errors import Failure, Failures
from hfspace_action.text import did_you_mean
from hfspace_action.workflow import surroundings

from . import checks, key_values, safe_yaml, spelling, token_shape
from .checks import Check
from .key_values import Refused

SDKS = ("gradio", "docker", "static")
VISIBILITIES = ("public", "protected", "private")
COMMANDS = (
    "deploy", "check", "rehearse", "preview", "sweep", "selftest", "status", "history", "rollback",
    "restart", "watch", "delete", "migrate", "matrix", "verify",
)  # fmt: skip
_WITHOUT_OWNER = ("rehearse", "preview", "migrate")  # whose Space may be named without one
SPACES_FILE = "spaces.yaml"
"""Where a repository declares many Spaces, at its top."""
_WITH_TWIN = ("deploy", "check")  # of which the input `through` may name another Space
_OF_MANY = ("deploy", "matrix")  # what may be done with them all
ON_FAILURE = ("fail", "rollback")
ON_DRIFT = ("warn", "fail", "keep", "import")
FAIL_ON = ("broken", "never")
HEAL = ("none", "restart", "redeploy")
REBUILD = {"always": True, "true": True, "never": False, "false": False}
MOST_HEALTHY = 20
OFFICIAL_ENDPOINT = "https://huggingface.co"

# The Hub's own rules: repository names from huggingface_hub's validator, keys from the Hub's OpenAPI description.
_REPOSITORY_PART = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)[\w][\w.-]{0,94}[\w]|[\w]", re.ASCII)
_ID_TOKENS = ("HF_OIDC_ID_TOKEN", "HF_ID_TOKEN", "CIRCLE_OIDC_TOKEN_V2", "BITBUCKET_STEP_OIDC_TOKEN")
"""Variables of CI systems with what proves to others who a job is."""
_FOR_SECRETS = frozenset({"hf-token", "github-token", "secrets"})
_SHORTEST_TOKEN = 8
"""Characters: fewer may stand in a word."""
_RULES = re.compile(r"\A---[ \t]*\n|\n---[ \t]*\Z")
# Other words for a value of a closed set, which no likeness would find.
_MEANT = {
    "html": "static", "python": "gradio", "dockerfile": "docker", "hidden": "private", "secret": "private", "open": "public",
    "plan": "check", "validate": "check", "test": "check", "publish": "deploy", "remove": "delete", "ignore": "fail",
    "revert": "rollback", "yes": "true", "on": "true", "1": "true", "y": "true", "no": "false", "off": "false", "0": "false",
    "n": "false",
}  # fmt: skip
_HARDWARE = re.compile(r"[a-z0-9][a-z0-9-]*")
_TAG = re.compile(r"[\w.-]{1,100}", re.ASCII)
_PRICE = re.compile(r"\$?([0-9]{1,6}(?:\.[0-9]{1,4})?)(?:usd)?(?:/(hour|h|month))?")
HOURS_A_MONTH = 730
"""365 days of 24 hours, a twelfth of them."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts of this machine, which may be asked without TLS."""


class BadInputs(Failures):
    """The inputs can't be used; `failures` names every problem."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the workflow asked for. A field is an input with its hyphens as underscores; None means "not given".

    Durations are in seconds; `sleep_time` of -1 means never. `probe` is the path to request, empty for the app's default path,
    or None when switched off.
    """

    space: str
    hf_token: str = field(repr=False)  # empty: the job is a trusted publisher of the Space
    command: str = "deploy"
    confirm: str | None = None
    to: str | None = None
    only: tuple[str, ...] = ()
    path: str = "."
    sdk: str | None = None
    hardware: str | None = None
    sleep_time: int | None = None
    visibility: str | None = None
    front_matter: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict)
    prune_settings: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    on_drift: str = "warn"
    allow_credentials: tuple[str, ...] = ()
    wait: bool = True
    timeout: int = 30 * 60
    probe: str | None = ""
    checks: tuple[Check, ...] = ()
    healthy: int = 3
    soak: int = 0
    on_failure: str = "fail"
    keep_releases: int = 20
    through: str | None = None
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
        name = each.name.replace("_", "-")
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
        raise BadInputs(failures)
    return Inputs(**given)  # type: ignore[arg-type]  # each reader returns its field's type


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
    found += [*_of_several(given), *_of_a_twin(given)]
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


def is_itself(twin: str) -> Failure:
    """Return the failure of an input `through` that names the Space of the deploy."""
    problem, advice = f"'{twin}' is the Space itself", "Name another Space, for staging."
    return Failure("input-invalid", input="through", problem=problem, advice=advice)


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


def _space(text: str) -> str:
    parts = spelling.space(text).split("/")
    if len(parts) > 2 or not all(_REPOSITORY_PART.fullmatch(part) for part in parts):
        raise Refused(
            f"'{text}' is not the name of a Space",
            spelling.space_meant(text)
            + "Write owner/name, for example alice/my-demo: letters, digits, '-', '_' and '.', 96 at most.",
        )
    return "/".join(parts)


def _spaces(text: str) -> tuple[str, ...]:
    """Read names of Spaces, on lines, in a list of YAML or JSON, or with commas between them; each once."""
    words = re.split(r"[\s,\[\]\"']+", re.sub(r"(?m)(^|\s)#.*$", "", text))
    names = [_space(word) for word in words if word not in ("", "-")]
    if not names:
        raise Refused(f"'{text}' names no Space", "Write owner/name, one a line.")
    return tuple({name.lower(): name for name in names}.values())


def _only(text: str) -> tuple[str, ...]:
    """Read names of declared Spaces, each with its owner."""
    names = _spaces(text)
    if not all("/" in name for name in names):
        raise Refused(f"'{text}' names a Space without its owner", "Write owner/name, one a line.")
    return names


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    def reader(text: str) -> str:
        known = spelling.one_of(text, values)
        if known is None:
            word = spelling.hyphened(text)
            similar = did_you_mean(_MEANT.get(word, word), values).strip()
            raise Refused(f"'{text}' is not known", f"{similar} Known values: {', '.join(values)}.".strip())
        return known

    return reader


def _sdk(text: str) -> str:
    if text.lower() == "streamlit":
        raise Refused(
            "Streamlit is no longer an SDK of Spaces", "Use sdk: docker with a Dockerfile that starts Streamlit."
        )
    return _one_of(SDKS)(text)


def _hardware(text: str) -> str:
    name = re.sub(r"-?\(.*\)$", "", spelling.hyphened(text)).removeprefix(
        "nvidia-"
    )  # the Hub's pages write "Nvidia T4 - small"
    if not _HARDWARE.fullmatch(name):
        raise Refused(f"'{text}' is not the name of a hardware flavor", "Names look like cpu-basic or t4-small.")
    return name


def _duration(text: str) -> int:
    return _length(durations.parse(text), text)


def _sleep_time(text: str) -> int:
    return _length(durations.parse_sleep_time(text), text)


def _soak(text: str) -> int:
    return 0 if text in ("0", "0s") else _duration(text)


def _healthy(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_HEALTHY):
        raise Refused(f"'{text}' is not a number of answers", f"Write a number from 1 to {MOST_HEALTHY}.")
    return int(text)


def _to(text: str) -> str:
    sha = text.lower()
    if re.fullmatch(r"[0-9a-f]{1,6}|[0-9a-f]{41,}", sha) or not _TAG.fullmatch(text):
        raise Refused(
            f"'{text}' names no release",
            "Write previous, the tag of a release, or a commit on GitHub, 7 digits or more.",
        )
    return sha if re.fullmatch(r"[0-9a-f]{7,40}", sha) else text


def _releases(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Refused(f"'{text}' is not a number of releases", "Write a number from 0 (no tags) to 999.")
    return int(text)


def _previews(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) >= 1):
        raise Refused(f"'{text}' is not a number of previews", "Write a number from 1 to 999.")
    return int(text)


def _price(text: str) -> float:
    found = _PRICE.fullmatch(text.replace(" ", "").lower())
    if not found:
        raise Refused(f"'{text}' is not a price", "Write dollars a month, such as 30, or an hour, such as 0.40/hour.")
    return float(found[1]) * (HOURS_A_MONTH if found[2] in ("hour", "h") else 1)


def _rebuild(text: str) -> bool:
    return REBUILD[_one_of(tuple(REBUILD))(text)]


def _length(seconds: int, text: str) -> int:
    if not seconds:
        raise Refused(f"'{text}' is not a length of time", "Write 30m, 1h, 90s or a number of seconds.")
    return seconds


def _boolean(text: str) -> bool:
    # YAML 1.2 core schema, as in the runner's own toolkit.
    if text not in ("true", "True", "TRUE", "false", "False", "FALSE"):
        word = spelling.hyphened(text)
        similar = did_you_mean(_MEANT.get(word, word), ("true", "false")).strip()
        raise Refused(f"'{text}' is neither true nor false", f"{similar} Write true or false.".strip())
    return text.lower() == "true"


def _mapping(text: str) -> dict[str, object]:
    text = _RULES.sub("", text)  # a README's whole front matter, pasted
    try:
        value = safe_yaml.load(text)
    except yaml.YAMLError as error:
        from . import yaml_mistakes  # not before: most mappings are right

        mended = yaml_mistakes.mended(text, error)
        advice = (
            f"{mended.by.capitalize()} line {mended.line + 1} is right: `{mended.text}`."
            if mended
            else "Write one `key: value` a line."
        )
        raise Refused(f"it is not valid YAML: {_yaml_problem(error)}", advice) from error
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Refused("it is not a YAML mapping", "Write one `key: value` a line.")
    return value


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _probe(text: str) -> str | None:
    if text.lower() == "none":
        return None
    if not text.startswith("/") or text.startswith("//"):
        path = urlsplit(text).path if "://" in text else f"/{text}"
        similar = "none" if text.lower() in ("off", "false", "no", "never") else path
        said = f"Did you mean {similar}? " if re.fullmatch(r"none|/[\w./-]*", similar) else ""
        raise Refused(
            f"'{text}' is not a path", f"{said}Write a path such as /health, or none to switch the probe off."
        )
    return text


def _endpoint(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port  # which is not looked at before
    except ValueError as error:
        raise Refused(f"'{text}' is no address ({error})", "Write https://huggingface.co or leave it empty.") from error
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not parts.hostname or not secure or parts.username or parts.query or parts.fragment:
        raise Refused(f"'{text}' is not the address of a Hub", "Write https://huggingface.co or leave it empty.")
    return text.rstrip("/")


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{getattr(error, 'problem', error)}" + (f" in line {mark.line + 1}" if mark else "")


_READERS: dict[str, Callable[[str], object]] = {
    "space": _space,
    "hf-token": token_shape.check,
    "command": _one_of(COMMANDS),
    "confirm": str,
    "to": _to,
    "only": _only,
    "path": str,
    "sdk": _sdk,
    "hardware": _hardware,
    "sleep-time": _sleep_time,
    "visibility": _one_of(VISIBILITIES),
    "front-matter": _mapping,
    "secrets": key_values.secrets,
    "variables": key_values.variables,
    "prune-settings": _boolean,
    "include": _patterns,
    "exclude": _patterns,
    "keep": _patterns,
    "on-drift": _one_of(ON_DRIFT),
    "allow-credentials": _patterns,
    "wait": _boolean,
    "timeout": _duration,
    "probe": _probe,
    "checks": checks.read,
    "healthy": _healthy,
    "soak": _soak,
    "on-failure": _one_of(ON_FAILURE),
    "keep-releases": _releases,
    "through": _space,
    "resume": _boolean,
    "rebuild": _rebuild,
    "fail-on": _one_of(FAIL_ON),
    "spaces": _spaces,
    "heal": _one_of(HEAL),
    "dry-run": _boolean,
    "comment": _boolean,
    "max-price": _price,
    "max-previews": _previews,
    "max-age": _duration,
    "label": str,
    "create": _boolean,
    "endpoint": _endpoint,
    "github-token": str,
}

NAMES = tuple(_READERS)
SWITCHES = {
    **{name: ("true", "false") for name, reader in _READERS.items() if reader is _boolean},
    "rebuild": tuple(REBUILD),
}
"""Inputs that are on or off, with their values; "true" switches each of them on, and "false" off."""
LISTS = frozenset(
    name
    for name, reader in _READERS.items()
    if reader in (_patterns, _spaces, _mapping, key_values.secrets, key_values.variables, checks.read)
)
"""Inputs that may have several entries, one or more a line."""
