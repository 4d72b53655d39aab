"""`runner`: what the log and the runner's files hold, as GitHub's runner reads them."""

import io
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.errors import Failure
from hfspace_action.workflow.runner import LARGEST_SUMMARY, LONGEST_LINE, Runner

ACTIONS = {"GITHUB_ACTIONS": "true"}
KNOWN = {
    "add-mask",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "save-state",
    "set-env",
    "set-output",
    "warning",
}
HOSTILE = [
    "::error::x",
    "  ::add-mask::the",
    "\t::set-env name=PATH::/evil",
    "::stop-commands::y",
    "##[error]x",
    "text ##[add-path]/evil",
    "progress\r::warning::x",
    "two\n::warning::x",
    "\u2003::error::a space that is not ASCII",
]


class Seen(NamedTuple):
    commands: list[tuple[str, dict[str, str], str]]
    text: list[str]


def read(log: str) -> Seen:
    """Read a step's output as actions/runner does (ActionCommand.cs, ActionCommandManager.cs): the commands, the text."""
    seen, token = Seen([], []), None
    for line in re.split(r"\r\n|\r|\n", log)[:-1]:
        names = KNOWN | {token or "stop-commands"}
        found = re.match(r"::([^ :]+)(?: (.*?))?::(.*)", line.lstrip()) or re.search(
            r"##\[([^ \]]+)(?: (.*?))?\](.*)", line
        )
        if not found or found[1] not in names or (token and found[1] != token):
            seen.text.append(line)
        elif found[1] == token:
            token = None
        elif found[1] == "stop-commands":
            token = found[3]
        else:
            pairs = [pair.split("=", 1) for pair in (found[2] or "").split(",") if pair]
            seen.commands.append((found[1], {key: unescape(value) for key, value in pairs}, unescape(found[3])))
    assert token is None, "commands were not switched on again"
    return seen


def unescape(value: str) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(written, meant)
    return value


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for name in ("output", "summary"):
        (tmp_path / name).touch()
    return ACTIONS | {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}


@pytest.mark.parametrize("line", HOSTILE)
def test_reader_takes_hostile_lines_for_commands(line: str) -> None:
    """The judge of the tests below does see what they must prevent."""
    log = line + "\n" + ("::y::\n" if "stop-commands" in line else "")
    assert read(log) != Seen([], log.splitlines())


@pytest.mark.parametrize("line", HOSTILE)
def test_info_quoting_a_command_only_prints_it(line: str, out: io.StringIO) -> None:
    Runner(ACTIONS, out).info(line)
    seen = read(out.getvalue())
    assert seen.commands == []
    assert [text.replace("\u200b", "") for text in seen.text] == re.split("[\r\n]", line)


def test_info_leaves_ordinary_text_alone(out: io.StringIO) -> None:
    Runner(ACTIONS, out).info("std::vector, 50 % — ✓\n\nC# ## [x]")
    assert out.getvalue() == "std::vector, 50 % — ✓\n\nC# ## [x]\n"


@pytest.mark.parametrize("line", HOSTILE)
def test_foreign_line_with_a_command_only_prints(line: str, out: io.StringIO) -> None:
    Runner(ACTIONS, out).foreign([line])
    seen = read(out.getvalue())
    assert seen.commands == []
    assert [text.replace("\u200b", "") for text in seen.text] == re.split("[\r\n]", line)


def test_foreign_line_is_not_drawn_as_a_command_either(out: io.StringIO) -> None:
    """The page of a log draws these, whether they were commands or not."""
    Runner(ACTIONS, out).foreign(["x ##[group]y"])
    assert "##[" not in out.getvalue()


def test_foreign_text_cannot_know_the_token_that_ends_it(out: io.StringIO) -> None:
    runner = Runner(ACTIONS, out)
    runner.foreign(["a"])
    first = out.getvalue()
    runner.foreign(first.splitlines())
    assert read(out.getvalue()) == Seen([], ["a", *first.splitlines()])


def test_foreign_lines_are_printed_as_they_come(out: io.StringIO) -> None:
    def lines() -> Iterator[str]:
        yield "first\n"
        assert "first\n" in out.getvalue()
        yield "second"

    Runner(ACTIONS, out).foreign(lines())
    assert read(out.getvalue()).text == ["first", "second"]


def test_foreign_lines_that_break_off_leave_commands_on(out: io.StringIO) -> None:
    def lines() -> Iterator[str]:
        yield "first"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Runner(ACTIONS, out).foreign(lines())
    assert read(out.getvalue()).text == ["first"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "caf\\xe9"),
        ("broken \udce9", "broken \\udce9"),
        ("\x1b[31mred\x1b[0m\tx", "\x1b[31mred\x1b[0m\tx"),
        ("nul\x00bell\x07", "nul\\x00bell\\x07"),
        ("", ""),
    ],
)
def test_foreign_line_is_printable_and_keeps_colours(line: str | bytes, shown: str, out: io.StringIO) -> None:
    Runner(ACTIONS, out).foreign([line])
    assert read(out.getvalue()).text == [shown]
    out.getvalue().encode()


def test_foreign_line_of_a_megabyte_is_cut_with_a_note(out: io.StringIO) -> None:
    Runner(ACTIONS, out).foreign(["\x1b[31m" + "x" * 1_000_000])
    (line,) = read(out.getvalue()).text
    assert line.endswith(f"x\x1b[0m … ({1_000_005 - LONGEST_LINE:,} more characters)")
    assert len(line) < LONGEST_LINE + 50


@pytest.mark.parametrize("kind", ["warning", "error"])
def test_annotation_carries_text_and_place(kind: str, out: io.StringIO) -> None:
    message, title = "50 %: a, b\r\n::error::x %0A", "a:b,c=d\n%2C"
    getattr(Runner(ACTIONS, out), kind)(message, title=title, file="a,b/c:d.py", line=3)
    assert out.getvalue().count("\n") == 1
    shown = message.replace("\r\n", "\n")
    assert read(out.getvalue()).commands == [(kind, {"title": title, "file": "a,b/c:d.py", "line": "3"}, shown)]


@pytest.mark.parametrize("kind", ["warning", "error", "debug"])
def test_annotation_that_quotes_a_command_is_not_drawn_as_one(kind: str, out: io.StringIO) -> None:
    getattr(Runner(ACTIONS, out), kind)("the log says ##[error]x and ##[group]y")
    assert "##[" not in out.getvalue()


def test_group_that_quotes_a_command_is_not_drawn_as_one(out: io.StringIO) -> None:
    with Runner(ACTIONS, out).group("Plan for ##[endgroup]"):
        pass
    assert "##[" not in out.getvalue()


def test_a_secret_over_two_lines_of_a_log_is_shown_in_neither(out: io.StringIO) -> None:
    runner = Runner(ACTIONS, out)
    runner.mask("hf_AbCdEfGhIjKlMnOp")
    runner.foreign(["key: hf_AbCdEfG"])
    runner.foreign(["hIjKlMnOp."])
    assert read(out.getvalue()).text == ["key: ***", "***."]


def test_annotation_without_place_has_no_properties(out: io.StringIO) -> None:
    Runner(ACTIONS, out).error("x")
    assert out.getvalue() == "::error::x\n"


def test_group_is_closed_when_its_body_fails(out: io.StringIO) -> None:
    with pytest.raises(KeyError), Runner(ACTIONS, out).group("Plan\nfor 50 %"):
        raise KeyError
    assert read(out.getvalue()).commands == [("group", {}, "Plan\nfor 50 %"), ("endgroup", {}, "")]


def test_debug_is_one_command(out: io.StringIO) -> None:
    Runner(ACTIONS, out).debug("a\n::error::b")
    assert read(out.getvalue()).commands == [("debug", {}, "a\n::error::b")]


def test_mask_registers_each_line_of_a_secret(out: io.StringIO) -> None:
    Runner(ACTIONS, out).mask("first%line\r\n\r\n  second-line \nx")
    assert {data for name, _, data in read(out.getvalue()).commands if name == "add-mask"} == {
        "first%line",
        "second-line",
        "x",
    }


def test_mask_of_nothing_says_nothing(out: io.StringIO) -> None:
    Runner(ACTIONS, out).mask(" \n")
    assert out.getvalue() == ""


def test_mask_shows_no_secret_where_there_is_no_runner_to_hide_it(out: io.StringIO) -> None:
    runner = Runner({}, out)
    runner.mask("hf_secret")
    runner.info("it is hf_secret")
    assert out.getvalue() == "it is ***\n"


def test_mask_is_flushed_before_anything_else_is_written() -> None:
    class Pipe(io.StringIO):
        arrived = ""

        def flush(self) -> None:
            self.arrived = self.getvalue()

    pipe = Pipe()
    Runner(ACTIONS, pipe).mask("hf_secret")
    assert pipe.arrived == "::add-mask::hf_secret\n"


def test_an_output_stays_what_it_is_where_a_secret_is_the_same_word(files: dict[str, str], out: io.StringIO) -> None:
    runner = Runner(files, out)
    runner.mask("false")

    runner.output("changed", "false")
    runner.info("changed: false")

    assert "\nfalse\n" in Path(files["GITHUB_OUTPUT"]).read_text()
    assert "changed: ***" in out.getvalue()


def test_secret_appears_nowhere(files: dict[str, str], out: io.StringIO) -> None:
    runner = Runner(files, out)
    secrets = ["hf_abc", "hf_abc_longer", "key: |\n  line-one\n  line-two"]
    for secret in secrets:
        runner.mask(secret)
    masks = len(out.getvalue())
    said = "a hf_abc b hf_abc_longer c line-one d"
    runner.info(said)
    runner.debug(said)
    with runner.group(said):
        runner.foreign([said, said.encode(), "x" * (LONGEST_LINE - 3) + "hf_abc_longer"])
    runner.error(said, title=said, file=said)
    runner.output("error", runner.redact(said))
    runner.summary(said)
    written = (
        out.getvalue()[masks:]
        + Path(files["GITHUB_OUTPUT"]).read_text()
        + Path(files["GITHUB_STEP_SUMMARY"]).read_text()
    )
    assert written.count("a *** b *** c *** d") == 10
    assert not re.search("hf_a|longer|line-one", written)


def test_short_values_are_masked_by_the_runner_but_not_taken_out_of_our_words(
    files: dict[str, str], out: io.StringIO
) -> None:
    runner = Runner(files, out)
    runner.mask("true")
    runner.output("changed", "true")
    assert "::add-mask::true\n" in out.getvalue()
    assert "true" in Path(files["GITHUB_OUTPUT"]).read_text()


@pytest.mark.parametrize(
    "value", ["", "plain", "two\nlines\n", "x<<y\nname=evil", "ghadelimiter_\n", "é \udcff ::error::"]
)
def test_output_is_read_back_whole(value: str, files: dict[str, str], out: io.StringIO) -> None:
    runner = Runner(files, out)
    runner.output("app-url", value)
    runner.output("stage", "RUNNING")
    written = Path(files["GITHUB_OUTPUT"]).read_text("utf-8")
    found = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n\2\n", written, re.DOTALL | re.MULTILINE)
    assert [(name, text) for name, _, text in found] == [
        ("app-url", value.replace("\udcff", "\\udcff")),
        ("stage", "RUNNING"),
    ]
    assert out.getvalue() == ""


@pytest.mark.parametrize("name", ["", "a\nb=c", "a b", "a<<b", "1a"])
def test_output_name_that_could_inject_is_refused(name: str, files: dict[str, str], out: io.StringIO) -> None:
    with pytest.raises(ValueError, match="can't name an output"):
        Runner(files, out).output(name, "x")
    assert Path(files["GITHUB_OUTPUT"]).read_text() == ""


def test_output_outside_a_runner_is_printed_plainly(out: io.StringIO) -> None:
    Runner(ACTIONS, out).output("stage", "RUNNING\n::error::x")
    assert read(out.getvalue()).commands == []
    assert out.getvalue().startswith("stage=RUNNING\n")


@pytest.mark.parametrize("variable", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_file_that_is_missing_is_a_failure_and_is_not_made(variable: str, tmp_path: Path, out: io.StringIO) -> None:
    missing = tmp_path / "missing"
    runner = Runner(ACTIONS | {variable: str(missing)}, out)
    with pytest.raises(Failure) as failed:
        runner.output("stage", "x") if variable == "GITHUB_OUTPUT" else runner.summary("x")
    assert failed.value.id == "runner-file"
    assert variable in failed.value.message
    assert str(missing) in failed.value.message
    assert not missing.exists()


def test_file_that_is_a_folder_is_a_failure(tmp_path: Path, out: io.StringIO) -> None:
    with pytest.raises(Failure, match="Is a directory"):
        Runner(ACTIONS | {"GITHUB_OUTPUT": str(tmp_path)}, out).output("stage", "x")


def test_files_of_the_runner_keep_their_mode(files: dict[str, str], out: io.StringIO) -> None:
    path = Path(files["GITHUB_OUTPUT"])
    path.chmod(0o600)
    Runner(files, out).output("stage", "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_summary_is_appended(files: dict[str, str], out: io.StringIO) -> None:
    runner = Runner(files, out)
    runner.summary("# One\n")
    runner.summary("é\n")
    assert Path(files["GITHUB_STEP_SUMMARY"]).read_bytes() == "# One\né\n".encode()


@pytest.mark.parametrize("before", [0, 1000, LARGEST_SUMMARY])
def test_summary_over_the_limit_is_cut_with_a_note(before: int, files: dict[str, str], out: io.StringIO) -> None:
    path = Path(files["GITHUB_STEP_SUMMARY"])
    path.write_text("b" * before)
    Runner(files, out).summary("é" * 79 + "\n" + ("é" * 79 + "\n") * 10_000)
    written = path.read_text("utf-8")
    if before < LARGEST_SUMMARY:
        assert len(written.encode()) <= LARGEST_SUMMARY
        assert written.endswith("éé\n\n*This summary was cut: the runner takes no more than 1 MiB.*\n")
    else:
        assert written == "b" * before


def test_summary_outside_a_runner_goes_nowhere(out: io.StringIO) -> None:
    Runner(ACTIONS, out).summary("# One\n")
    assert out.getvalue() == ""
