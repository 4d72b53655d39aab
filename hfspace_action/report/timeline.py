"""The phases of a run as a Mermaid Gantt chart, which GitHub draws in a job summary."""

from collections.abc import Sequence

from markupsafe import Markup

from hfspace_action import durations

from .facts import Phase

MOST_PHASES = 20
MOST_MARKS = 6  # on the axis; more run into one another on a phone
_MARKS = ((1, "second"), (5, "second"), (15, "second"), (1, "minute"), (5, "minute"), (15, "minute"), (1, "hour"))
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


def chart(phases: Sequence[Phase], *, failed: bool) -> Markup:
    """The chart's source, or nothing without phases; the last phase stands out in a run that failed."""
    if not phases:
        return Markup("")
    shown = phases[:MOST_PHASES]
    total = max(phase.end for phase in shown)
    count, unit = next((mark for mark in _MARKS if total <= MOST_MARKS * mark[0] * _SECONDS[mark[1]]), (6, "hour"))
    head = ["gantt", "dateFormat HH:mm:ss.SSS", "axisFormat %M:%S", f"tickInterval {count}{unit}"]
    tasks = [_task(phase, critical=failed and phase is shown[-1]) for phase in shown]
    return Markup("\n    ".join([*head, *tasks]))  # noqa: S704 - numbers, and names of letters only


def _task(phase: Phase, *, critical: bool) -> str:
    name = "".join(letter for letter in phase.name if letter.isalnum() or letter in " -_")[:30]
    label = f"{durations.words(phase.end - phase.start)} {name}"  # in this order, no name can be a keyword of Mermaid's
    return f"{label} :{'crit, ' if critical else ''}{_clock(phase.start)}, {_clock(max(phase.end, phase.start))}"


def _clock(seconds: float) -> str:
    """A time of day, for want of a duration in Mermaid: read and shown in one time zone, so the zone does not matter."""
    milliseconds = min(max(0, round(seconds * 1000)), 24 * 3600 * 1000 - 1)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
