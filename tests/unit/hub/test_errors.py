"""What the client raises, sorted: how long to wait, and which failure a refusal is."""

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError

from hfspace_action.errors import Failure
from hfspace_action.hub.calls import Calls
from hfspace_action.hub.errors import Asker, requested_wait
from hfspace_action.hub.retry import Retries

ASKER = Asker("https://huggingface.co", "a user access token")
RETRY = "You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in "


def refused(status: int, said: str = "", **headers: str) -> HfHubHTTPError:
    request = httpx2.Request("POST", "https://huggingface.co/api/spaces/alice/demo/commit/main")
    response = httpx2.Response(
        status, headers={name.replace("_", "-"): text for name, text in headers.items()}, request=request
    )
    return HfHubHTTPError("refused", response=response, server_message=said or None)  # fmt: skip


def explained(error: Exception) -> Failure:
    failure = Calls(ASKER, Retries(print)).failure(error, "commit", "alice/demo")
    assert isinstance(failure, Failure)
    return failure


@pytest.mark.parametrize(
    ("error", "seconds", "when"),
    [
        (refused(429, ratelimit='"api";r=0;t=55'), 56, "in 56 s"),
        (refused(429, ratelimit='"api";r=0;t=250'), 251, "in 4 min 11 s"),
        (refused(429, retry_after="30"), 31, "in 31 s"),
        (refused(429, f"You can retry this action in {'9' * 400} hours."), None, "later"),
        (refused(429, RETRY + "less than a minute."), 60, "in less than a minute"),
        (refused(429, RETRY + "14 minutes."), 840, "in 14 minutes"),
        (refused(429, RETRY + "about 1 hour."), 3600, "in about 1 hour"),
        (refused(429, RETRY + "about an hour."), 3600, "in about an hour"),
        (refused(429, RETRY + "1 day."), 86_400, "in 1 day"),
        (refused(429, "Slow down", ratelimit='"api";r=7;t=55'), None, "later"),
        (refused(429), None, "later"),
    ],
    ids=lambda value: str(getattr(value, "server_message", value)),
)
def test_when_to_try_again(error: HfHubHTTPError, seconds: float | None, when: str) -> None:
    assert requested_wait(error) == seconds
    assert f"Run the step again {when};" in explained(error).advice


def test_a_limit_that_ends_long_after_the_window_is_not_waited_for() -> None:
    asked = []

    def call() -> None:
        asked.append(1)
        raise refused(429, RETRY + "1 day.")

    with pytest.raises(Failure) as shown:
        Calls(ASKER, Retries(print)).repeat("commit", "alice/demo", call)

    assert (shown.value.id, len(asked)) == ("rate-limited", 1)


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        (401, "Invalid credentials in Authorization header", "token-refused"),
        (402, "Static Spaces are free for everyone, but …", "plan-needed"),
        (402, "Protected Spaces require a PRO subscription", "protected-plan"),
        (403, "You must add a payment method to your account", "payment-needed"),
        (403, "Repository storage limit reached (Max: 1 GB)", "storage-limit"),
        (403, "You've reached your cpu-basic quota limit", "quota-exceeded"),
        (403, "Forbidden", "forbidden"),
        (404, "Not found", "hub-refused"),
        (429, "", "rate-limited"),
        (503, "", "hub-unwell"),
    ],
)
def test_refusals_are_told_apart_by_status_and_words(status: int, said: str, error: str) -> None:
    assert explained(refused(status, said)).id == error


def test_words_that_stand_in_the_header_alone_are_told() -> None:
    assert "The Hub's answer: Token has ended." in explained(refused(401, X_Error_Message="Token has ended")).advice


def test_advice_to_programs_is_not_shown() -> None:
    said = "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request."

    assert explained(refused(403, said)).message == "The Hub refuses to commit. Its answer: Forbidden."


def test_a_leaked_token_is_not_shown_again() -> None:
    said = "contain valid Hugging Face secrets, such as …\nOffending files:\n  - a b.py (ref: x, token: 'hf_AbC***')\n  - c (ref: x, token: 'hf_D')"

    failure = explained(refused(400, said))

    assert (failure.id, "hf_" in failure.message) == ("token-leaked", False)
    assert "is in a b.py, c." in failure.message
