"""The Hub as this action needs it: few verbs, every call bounded in time, retried where that is safe, and every error
in our words. Only this module and its neighbours `hub_*` know `huggingface_hub`; `client.prepare` runs before its import.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from huggingface_hub import HfApi, SpaceInfo, set_client_factory
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import ExpandSpaceProperty_T

from hfspace_action import __version__
from hfspace_action.errors import Failure
from hfspace_action.inputs import token_shape
from hfspace_action.space import Domain, Space

from . import volumes
from .calls import Calls
from .connection.client import Client, Contents
from .connection.rate_limit import Answers
from .connection.session import Session
from .errors import Asker, said, status
from .git import GitCalls, space_page, validation_errors
from .identity import account
from .identity.account import Account
from .identity.space_token import SpaceTokens
from .retry import Retries
from .settings import NewSpace, SettingsCalls, place_refused

if TYPE_CHECKING:
    from .commits import Commits
    from .listing import Listed
    from .pull_requests import PullRequests
    from .revisions.history import History
    from .revisions.tags import Tags

_POLL_TIMEOUT = 15.0  # seconds; a poll that takes longer is better asked again
_STATE: list[ExpandSpaceProperty_T] = ["sha", "runtime", "sdk", "private"]
_WITH_CARD: list[ExpandSpaceProperty_T] = [*_STATE, "cardData"]


class Hub:
    """One Hub with one token; `publisher`: it is a trusted publisher's. `retries` makes calls again that failed in passing, `mask` gets every secret that the Hub gives."""

    def __init__(
        self, endpoint: str, token: str, retries: Retries, *, mask: Callable[[str], object] = lambda _secret: None
    ) -> None:
        self.answers = Answers(endpoint)
        self._contents: Contents = {}
        self.deadline = retries.deadline
        set_client_factory(lambda: Client(endpoint, self.answers, self._contents, self.deadline))
        self.endpoint, self.token = endpoint, token
        self.publisher = token_shape.is_publishers(token)
        self._calls = Calls(Asker(endpoint, token_shape.kind(token), self.publisher), retries)
        self._account: Account | None = None
        self._api = HfApi(
            endpoint=endpoint, token=token or False, library_name="hf-space-deploy", library_version=__version__
        )
        self._session = session = Session(self._api)
        self.settings = SettingsCalls(self._api, self._calls, session)
        self.git = GitCalls(self._api, self._calls, session)
        self._space_tokens = SpaceTokens(session, mask)

    # Reading

    def account(self) -> Account:
        """The token's account; asked for once, because the Hub limits this question more strictly than others."""
        if self._account is None:
            self._account = account.read(self._calls.repeat("read the token's account", "", self._api.whoami))
        return self._account

    def space(self, space: str, *, region: bool = False) -> Space | None:
        """A Space, or None where it is missing or hidden from this token; one that was just created is waited for. Its `host`
        is not asked for: that answer would carry the list of all files. `region`: where it is stored is asked for."""
        expand: list[ExpandSpaceProperty_T] = [*_WITH_CARD, "region"] if region else _WITH_CARD
        return _unless_missing(
            lambda: self._described(
                self._calls.repeat(f"read {space}", space, self._api.space_info, space, expand=expand)
            )
        )

    def spaces_of(self, owner: str) -> list[str]:
        """The full names of an owner's Spaces, as far as this token sees them."""

        def names() -> list[str]:
            return [each.id for each in self._api.list_spaces(author=owner)]

        return self._calls.repeat(f"list the Spaces of {owner}", owner, names)

    def listed(self, owner: str) -> list["Listed"]:
        """The owner's Spaces with what the Hub's list says of them. Raises `Failure`."""
        from . import listing  # not before: a deploy asks for names alone, if for anything

        return self._calls.repeat(f"list the Spaces of {owner}", owner, listing.spaces, self._api, owner)

    def observe(self, space: str, *, address: bool = False) -> Space | None:
        """The same for polling: one try only, of at most 15 seconds; the caller decides what a miss means. `address`
        asks for the `host` too."""
        try:
            expand = None if address else _STATE
            found = self._described(self._api.space_info(space, expand=expand, timeout=_POLL_TIMEOUT))
            return self._seen(found) if address else found
        except Exception as error:
            # With 401 the Hub may mean the token, which was good when the watch began: a trusted publisher's ends in an hour.
            if isinstance(error, RepositoryNotFoundError) and status(error) != 401:
                return None
            raise self._calls.failure(error, f"read the state of {space}", space) from error

    def describe(self, space: str) -> Space:
        """A Space with its `host`, the address of its app, and who may see it as far as that can be known."""
        return self._seen(self._described(self._calls.repeat(f"read {space}", space, self._api.space_info, space)))

    def found(self, space: str) -> Space | None:
        """The same, or None where the Space is missing or hidden from this token."""
        return _unless_missing(lambda: self.describe(space))

    def _seen(self, found: Space) -> Space:
        """Return a full description with who may see the Space, as far as that can be known."""
        if found.visibility is None and found.private is False and self._is_shown_to_everybody(found.id):
            return found._replace(visibility="public")
        return found

    def _is_shown_to_everybody(self, space: str) -> bool:
        """Whether somebody without a token sees the Space's description: those of private and protected ones are hidden."""
        with suppress(Failure):
            self._calls.repeat(
                f"read {space} without a token", space, self._api.space_info, space, expand=["sha"], token=False
            )
            return True
        return False

    def static_build(self, space: str) -> str | None:
        """Return the commit that holds what the Hub built of a static Space, if there is one."""
        return self.git.static_build(space)

    def space_token(self, space: str) -> str | None:
        """A token that opens the address of one private Space for some minutes; None where the Hub gives none."""
        return self._space_tokens.token(space)

    def check_write_access(self, space: str) -> bool:
        """Whether the Hub says that the token may write to an existing Space. False is no "no": a Hub may have no such
        route, or none for a trusted publisher. Raises the `Failure` that says why, where the Hub says no."""
        doing = f"check the write access to {space}"
        try:
            self._calls.repeat(doing, space, self._api.auth_check, space, repo_type="space", write=True)
        except Failure as refused:
            unknown = isinstance(refused.__cause__, Exception) and status(refused.__cause__) == 404
            if unknown or refused.id == "publisher-may-not":
                return False
            raise self.no_write(space, refused) from refused.__cause__
        return True

    def follow_log(self, space: str, *, build: bool) -> Iterator[str]:
        """The build or run log from its start, in pieces as they come, until the Hub closes it. Raises `Failure`."""
        try:
            yield from self._api.fetch_space_logs(space, build=build, follow=True)
        except Exception as error:
            raise self._calls.failure(error, f"read a log of {space}", space) from error

    # Changing

    @cached_property
    def commits(self) -> "Commits":
        """What makes commits."""
        from .commits import Commits  # loads much that a deploy without a change does not need
        from .connection import memory

        memory.give_back()
        return Commits(self._api, self._calls, self._contents)

    @cached_property
    def pull_requests(self) -> "PullRequests":
        """The pull requests of Spaces."""
        from .pull_requests import PullRequests

        return PullRequests(self._api, self._calls, self._session)

    @cached_property
    def history(self) -> "History":
        """The commits of Spaces."""
        from .revisions.history import History  # not before: a deploy without a change does not ask

        return History(self._api, self._calls)

    @cached_property
    def tags(self) -> "Tags":
        """The tags of Spaces."""
        from .revisions.tags import Tags  # not before: a deploy without a change neither reads nor makes one

        return Tags(self._api, self._calls)

    def validate_readme(self, text: str) -> list[str]:
        """Ask the Hub whether it accepts a README's front matter; its warnings, or the `Failure` readme-refused."""
        from huggingface_hub import RepoCard  # loads much that a run without a new README does not need

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                card = RepoCard(text, ignore_metadata_errors=True)
                self._calls.repeat("check the README", "", card.validate, repo_type="space")
            except ValueError as error:
                raise Failure("readme-refused", said=validation_errors(error)) from error
        return [str(warning.message) for warning in caught]

    def create(self, space: str, wanted: NewSpace) -> None:
        """Create a Space with its settings. One that appears meanwhile (a lost answer, another run) is no error."""
        doing = f"create {space}"
        try:
            self._calls.repeat(
                doing,
                space,
                self._api.create_repo,
                space,
                repo_type="space",
                exist_ok=True,
                visibility=wanted.visibility,  # type: ignore[arg-type]  # inputs.schema knows the three words
                resource_group_id=wanted.resource_group,
                region=wanted.region,  # type: ignore[arg-type]  # inputs.schema knows the words
                space_sdk=wanted.sdk,
                space_hardware=wanted.hardware,  # type: ignore[arg-type]  # any name is sent, the Hub decides
                space_sleep_time=wanted.sleep_time,
                space_secrets=[
                    {"key": key, "value": value, "description": description}
                    for key, (value, description) in wanted.secrets.items()
                ]
                or None,
                space_variables=[{"key": key, "value": value} for key, value in wanted.variables.items()] or None,
                space_volumes=volumes.written(wanted.volumes) or None,
            )
        except Failure as refused:
            raise place_refused(wanted, space, refused) or self.no_write(space, refused) from refused.__cause__
        self._calls.recent.created(space)

    def delete(self, space: str) -> None:
        """Delete a Space for good. One that is gone already (a lost answer) is no error."""
        self._calls.recent.deleted(space)
        try:
            self._calls.repeat(
                f"delete {space}", space, self._api.delete_repo, space, repo_type="space", missing_ok=True
            )
        except Failure as refused:
            raise self.no_write(space, refused) from refused.__cause__

    def restart(self, space: str, *, factory: bool = False) -> str | None:
        """Start the app again; `factory` builds it anew without cache. The stage that it is in then."""
        runtime = self._calls.repeat(f"restart {space}", space, self._api.restart_space, space, factory_reboot=factory)
        return runtime.stage

    def halt(self, space: str) -> None:
        """Pause a Space: its app ends, and its files and address stay. Raises `Failure`."""
        self._calls.repeat(f"pause {space}", space, self._api.pause_space, space)

    def pause(self) -> bool:
        """Let the time between two looks pass at what the Hub may show late; false where there is none left."""
        return self._calls.pause()

    # What answers mean

    def _described(self, info: SpaceInfo) -> Space:
        self._calls.recent.seen(info.id)
        self._calls.recent.named(info.sha)
        runtime = info.runtime
        raw: Mapping[str, Any] = runtime.raw if runtime else {}
        return Space(
            id=info.id,
            url=space_page(self.endpoint, info.id),
            head=info.sha,
            stage=runtime.stage if runtime else None,
            runtime_sha=raw.get("sha"),
            error_message=raw.get("errorMessage"),
            sdk=info.sdk,
            host=info.host,
            visibility=_visibility(info) or self.settings.answered_visibility(info.id),
            private=info.private,
            volumes=volumes.read(runtime),
            domains=tuple(_custom(raw.get("domains"))),
            region=info.region,
            hardware=(runtime.hardware or runtime.requested_hardware) if runtime else None,
            requested_hardware=runtime.requested_hardware if runtime else None,
            sleep_time=runtime.sleep_time if runtime else None,
            dev_mode=bool(runtime and runtime.dev_mode),
            card=info.card_data.to_dict() if info.card_data else {},  # type: ignore[no-untyped-call]
        )

    def no_write(self, space: str, refused: Failure) -> Failure:
        """Return the refusal of a write with its likely cause: one more question, asked on this path only. It is raised from the Hub's
        answer, as the refusal itself was, which is returned where nothing more is known."""
        cause = refused.__cause__
        if not isinstance(cause, HfHubHTTPError) or refused.id != "forbidden":
            return refused
        return Failure(
            "no-write-access",
            space=space,
            **self.account().why_no_write(space)._asdict(),
            said=said(cause),
        )


def _unless_missing(read: Callable[[], Space]) -> Space | None:
    """Return the Space that is read; None where it is missing or hidden from this token."""
    try:
        return read()
    except Failure as shown:
        if isinstance(shown.__cause__, RepositoryNotFoundError):
            return None
        raise


def _custom(domains: Any) -> Iterator[Domain]:
    """Yield the custom ones of a runtime's domains."""
    for each in domains or ():
        if isinstance(each, dict) and each.get("isCustom") is True and isinstance(each.get("domain"), str):
            yield Domain(each["domain"], each.get("stage"))


def _visibility(info: SpaceInfo) -> str | None:
    """Return who may see a Space, where the Hub says it outright: `private` alone leaves open what is protected."""
    named = getattr(info, "visibility", None)
    return named if isinstance(named, str) else None
