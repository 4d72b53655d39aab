"""What the Hub keeps of a Space beside its files: visibility, hardware, sleep time, variables, secrets, volumes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, ParamSpec, TypeVar

from huggingface_hub import HfApi

from hfspace_action.errors import Failure
from hfspace_action.volume import Volume

from . import volumes
from .calls import Calls
from .connection.session import Session
from .errors import said

P = ParamSpec("P")
T = TypeVar("T")

_HOURS = {"hour": 1, "minute": 60, "second": 3600}  # units of a price in an hour


class Secret(NamedTuple):
    """What the Hub tells of a secret: never its value."""

    description: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NewSpace:
    """What a Space is created with; None is the Hub's default. `secrets` are values with descriptions, `sleep_time` seconds."""

    sdk: str
    visibility: str | None = None
    region: str | None = None
    resource_group: str | None = None
    hardware: str | None = None
    sleep_time: int | None = None
    secrets: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict)
    volumes: Sequence[Volume] = ()


def place_refused(wanted: NewSpace, space: str, refused: Failure) -> Failure | None:
    """Return the failure of a creation that the Hub refuses for the region or the resource group, as its words show; None where it
    refuses something else. Which statuses it has for them is not documented."""
    shown = said(refused.__cause__ or refused)
    words = shown.lower().replace(" ", "")
    if wanted.resource_group and "resourcegroup" in words:
        return Failure("resource-group-refused", group=wanted.resource_group, said=shown)
    if wanted.region and "region" in words:
        return Failure("region-plan", owner=space.partition("/")[0])
    return None


class SettingsCalls:
    """The settings of Spaces, read and changed. Changing hardware, a variable, a secret or the volumes restarts the app."""

    def __init__(self, api: HfApi, calls: Calls, session: Session) -> None:
        self._api, self._calls, self._session = api, calls, session
        self._visibility: dict[str, str] = {}

    # Reading

    def offered_hardware(self) -> dict[str, float | None]:
        """The names of the hardware that the Hub offers now, with prices in dollars an hour (None: it does not say)."""
        offered = self._calls.repeat("read the list of hardware", "", self._api.list_spaces_hardware)
        return {
            # By the minute the Hub rounds to a millionth of a dollar, so $0.40 an hour comes back as 0.40002.
            each.name: round(each.unit_cost_usd * _HOURS[each.unit_label], 4) if each.unit_label in _HOURS else None
            for each in offered
        }

    def variables(self, space: str) -> dict[str, str]:
        """The Space's variables with their values."""
        found = self._calls.repeat(f"read the variables of {space}", space, self._api.get_space_variables, space)
        return {key: variable.value for key, variable in found.items()}

    def secrets(self, space: str) -> dict[str, Secret]:
        """The Space's secrets by name. Raises `Failure` settings-forbidden where the token may not list them."""
        found = self._allowed(f"list the secrets of {space}", space, self._api.get_space_secrets, space)
        return {key: Secret(secret.description or "", secret.updated_at) for key, secret in found.items()}

    def volumes(self, space: str) -> tuple[Volume, ...]:
        """The Space's volumes, as they are now."""
        runtime = self._calls.repeat(f"read the volumes of {space}", space, self._api.get_space_runtime, space)
        return volumes.read(runtime)

    # Changing

    def set_visibility(self, space: str, visibility: str) -> None:
        """Make a Space public, protected or private. The answer says what it then is, which the official client drops."""
        path = f"/api/spaces/{space}/settings"
        answer = self._allowed(
            f"make {space} {visibility}", space, self._session.change, path, {"visibility": visibility}
        )
        named = answer.get("visibility") if isinstance(answer, dict) else None
        if isinstance(named, str):
            self._visibility[space.lower()] = named

    def answered_visibility(self, space: str) -> str | None:
        """Who may see a Space, as the Hub said when this step set it; None if it did not."""
        return self._visibility.get(space.lower())

    def set_hardware(self, space: str, hardware: str, sleep_time: int | None) -> None:
        """Request hardware, and with it a sleep time in seconds (-1: never), if one is given."""
        self._allowed(
            f"request {hardware} for {space}",
            space,
            self._api.request_space_hardware,
            space,
            hardware,  # type: ignore[arg-type]  # any name is sent, the Hub decides
            sleep_time=sleep_time,
        )

    def set_sleep_time(self, space: str, seconds: int) -> None:
        """Let the Space sleep after so many idle seconds; -1 is never."""
        self._allowed(f"set the sleep time of {space}", space, self._api.set_space_sleep_time, space, seconds)

    def set_variable(self, space: str, key: str, value: str) -> None:
        """Set one variable."""
        self._allowed(f"set the variable {key}", space, self._api.add_space_variable, space, key, value)

    def delete_variable(self, space: str, key: str) -> None:
        """Remove one variable."""
        self._allowed(f"remove the variable {key}", space, self._api.delete_space_variable, space, key)

    def set_secret(self, space: str, key: str, value: str, description: str) -> None:
        """Set one secret. Everybody who may list the Space's secrets reads the description."""
        self._allowed(
            f"set the secret {key}",
            space,
            self._api.add_space_secret,
            space,
            key,
            value,
            description=description,
        )

    def delete_secret(self, space: str, key: str) -> None:
        """Remove one secret."""
        self._allowed(f"remove the secret {key}", space, self._api.delete_space_secret, space, key)

    def set_volumes(self, space: str, wanted: Sequence[Volume]) -> None:
        """Mount these volumes and no others: what is not among them is unmounted."""
        self._allowed(f"set the volumes of {space}", space, self._api.set_space_volumes, space, volumes.written(wanted))

    def refused(self, doing: str, space: str, refusal: Failure) -> Exception:
        """Return the `Failure` of doing something that the Hub would refuse as it refused something else."""
        cause = refusal.__cause__
        return self._calls.failure(cause if isinstance(cause, Exception) else refusal, doing, space)

    def _allowed(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that may be made twice. The token may be one that writes files, but no settings."""
        try:
            return self._calls.repeat(doing, space, method, *args, **kwargs)
        except Failure as refused:
            if refused.id != "forbidden":
                raise
            raise Failure("settings-forbidden", doing=doing, said=said(refused.__cause__ or refused)) from refused
