"""One setting that is to change, and the words that stand for what is not shown or not known."""

from dataclasses import dataclass, field

from hfspace_action.volume import Volume

NOT_KNOWN = "not known"
"""Who may see a Space of which the Hub says neither that it is private nor that it is protected."""
SET, UNKNOWN = "set", "unknown"
"""What stands for the value of a secret that is there, and of one of which the token may not know whether it is."""


@dataclass(frozen=True)
class Change:
    """One setting that is to change. Its value `was` None where it is not set, and `becomes` None where it is removed.

    The value of a secret is in `secret` only, with the description that goes with it. `price` is in dollars an hour.
    `late`: the Hub takes it only once the files are published. `foreign`: it is a secret that others have set, as the Hub shows.
    `volume` is what is to be mounted at the path `key`.
    """

    name: str
    key: str = ""
    was: str | None = None
    becomes: str | None = None
    price: float | None = None
    secret: tuple[str, str] | None = field(default=None, repr=False)
    late: bool = False
    foreign: bool = False
    volume: Volume | None = None

    @property
    def restarts(self) -> bool:
        """Whether the Hub starts the app again for it. Source: the client's documentation of each call, and of volumes its guide:
        "any change in your Space configuration […] will trigger a restart"."""
        return self.name in ("hardware", "variable", "secret", "volume")
