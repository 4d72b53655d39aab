"""Old workflows of known kinds become ours, and stay workflows; what is not known is named and left alone."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hfspace_action.inputs import schema
from hfspace_action.migrate import rewrite
from hfspace_action.migrate.new import USES
from tests.kit.old_workflows import SHAPES, Shape

EVERY = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


def migrated(text: str) -> rewrite.Rewritten:
    return rewrite.workflow(text, "alice/asked")


def steps(text: str) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(text)["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@EVERY
def test_an_old_step_becomes_ours_with_inputs_that_mean_the_same(shape: Shape) -> None:
    made = migrated(shape.text)

    (ours,) = (step for step in steps(made.text) if step.get("uses") == USES)
    given = {name: str(value).rstrip("\n") for name, value in ours["with"].items()}
    assert given == {**shape.inputs, "hf-token": shape.token}
    assert (made.found, made.unknown) == (1, ())


@EVERY
def test_its_inputs_are_taken(shape: Shape) -> None:
    (ours,) = (step for step in steps(migrated(shape.text).text) if step.get("uses") == USES)
    env = {f"INPUT_{name.upper()}": str(value) for name, value in ours["with"].items()}
    env = {name: value.replace("${{ matrix.app }}", "one") for name, value in env.items()}

    assert schema.read({**env, "INPUT_HF-TOKEN": "hf_alice"}).notes == ()


@EVERY
def test_the_workflow_passes_actionlint(shape: Shape) -> None:
    command = [
        Path(sys.executable).with_name("actionlint"),
        "-no-color",
        "-shellcheck=",
        "-ignore",
        'runtime "node20" is deprecated',
        "-",
    ]

    done = subprocess.run(command, input=migrated(shape.text).text, capture_output=True, text=True, check=False)

    assert done.stdout == ""


@EVERY
def test_nothing_speaks_to_the_hub_beside_ours(shape: Shape) -> None:
    others = [step for step in steps(migrated(shape.text).text) if step.get("uses") != USES]

    assert [
        step for step in others if "huggingface" in str(step) or "hf upload" in str(step) or "HF_TOKEN" in str(step)
    ] == []


@EVERY
def test_all_that_is_not_the_deploy_stays_to_the_letter(shape: Shape) -> None:
    kept = [line for line in migrated(shape.text).text.splitlines() if line in shape.text.splitlines()]
    first = shape.text.index("steps:")

    assert "\n".join(kept).startswith(shape.text[:first])
    assert any(
        line.strip().startswith("- uses: actions/checkout") or line.strip() == "uses: actions/checkout@v4"
        for line in kept
    )


@EVERY
def test_name_id_and_condition_stay(shape: Shape) -> None:
    (ours,) = (step for step in steps(migrated(shape.text).text) if step.get("uses") == USES)
    names = {step.get("name") for step in steps(shape.text)}

    assert ours.get("name") in names
    assert ("id" in ours) == ("if" in ours) == (shape.name == "hf-upload")


@EVERY
def test_what_a_script_did_before_it_still_does(shape: Shape) -> None:
    runs = [str(step["run"]).strip() for step in steps(migrated(shape.text).text) if "run" in step]

    assert (shape.runs_before in runs) == bool(shape.runs_before)


@EVERY
def test_a_second_time_changes_nothing(shape: Shape) -> None:
    once = migrated(shape.text).text

    assert migrated(once) == rewrite.Rewritten(once, 0, (), ())


@EVERY
def test_line_ends_of_windows_stay(shape: Shape) -> None:
    made = migrated(shape.text.replace("\n", "\r\n")).text

    assert made.count("\n") == made.count("\r\n")
    assert made.replace("\r\n", "\n") == migrated(shape.text).text


@EVERY
def test_the_difference_is_one_that_git_applies(shape: Shape, tmp_path: Path) -> None:
    made = migrated(shape.text).text
    (tmp_path / "old.yml").write_text(shape.text, "utf-8")
    patch = rewrite.difference(shape.text, made, "old.yml")

    subprocess.run(
        ["git", "apply", "--verbose", "-"], input=patch, cwd=tmp_path, text=True, check=True, capture_output=True
    )

    assert (tmp_path / "old.yml").read_text("utf-8") == made


HEAD = "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"


def script(*lines: str) -> str:
    return HEAD + "      - run: |\n" + "".join(f"          {line}\n" for line in lines)


URL = "https://alice:$HF_TOKEN@huggingface.co/spaces/alice/my-demo"
UNKNOWN = {
    "a model": script("hf upload alice/model . ."),
    "a dataset": HEAD
    + "      - uses: huggingface/hub-sync@v1\n        with: {huggingface_repo_id: a/b, repo_type: dataset}\n",
    "a selection": script('hf upload alice/my-demo . . --repo-type space --include "*.py"'),
    "a folder of the Space": script("hf upload alice/my-demo dist static/app --repo-type space"),
    "a pull request": script("hf upload alice/my-demo . . --repo-type space --create-pr"),
    "goes on afterwards": script(f"git push --force {URL} main", "curl https://example.com/notify"),
    "two Spaces": script(f"git push {URL} main", "git push https://a:$T@huggingface.co/spaces/alice/other main"),
    "a clone": script(f"git clone {URL} there", "cp -r app there/", "cd there", "git push"),
    "a name that nobody knows": script("git push https://alice:$T@huggingface.co/spaces/alice/$NAME main"),
    "more with the Hub": script("hf upload alice/my-demo . . --repo-type space", "hf spaces restart alice/my-demo"),
    "an action of somebody's": HEAD + "      - uses: somebody/deploy-to-huggingface@v1\n",
    "a program of theirs": HEAD + "      - run: python deploy.py && hf upload $REPO . . --repo-type space\n",
    "commits of its own": script("git add -f dist", "git commit -m built", f"git push --force {URL} HEAD:main"),
    "another branch": script("git checkout pages", f"git push --force {URL} pages:main"),
    "to another branch": script(f"git push {URL} main:dev"),
    "a merge": script("git merge release", f"git push {URL} main"),
    "a folder by a variable": script("cd $BUILD", "hf upload alice/my-demo . --repo-type space"),
    "a folder outside": script("cd ../elsewhere", "hf upload alice/my-demo . --repo-type space"),
    "one file": script("hf upload alice/my-demo app.py --repo-type space"),
    "the folder of its name": script("hf upload alice/my-demo --repo-type space"),
    "the whole repository out of a folder": script("cd app", f"git push --force {URL} main"),
    "a condition": script("if [ -d dist ]; then", f"  git push --force {URL} main", "fi"),
    "quotes without an end": script("hf upload alice/my-demo . . --repo-type space --commit-message 'oh"),
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_named_and_left_alone(text: str) -> None:
    made = migrated(text)

    assert made.text == text
    assert made.found == 0
    assert [remark.line for remark in made.unknown] == [7]


OTHERS = {
    "no deploy": script("pytest", "git push origin main"),
    "another remote": script("git push https://github.com/alice/my-demo main"),
    "no jobs": "on: push\n",
    "no workflow": "- a\n- list\n",
    "no YAML": "jobs: [\n",
    "nothing": "",
    "another file's": "jobs:\n  call:\n    uses: ./.github/workflows/x.yml\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_has_nothing_to_do_with_the_hub_is_not_mentioned(text: str) -> None:
    assert migrated(text) == rewrite.Rewritten(text, 0, (), ())


def test_patterns_may_follow_one_option_as_the_older_command_took_them() -> None:
    made = migrated(
        script("huggingface-cli upload alice/my-demo . --repo-type space --exclude '*.psd' '*.zip' --delete '*'")
    )

    assert steps(made.text)[1]["with"]["exclude"].split() == ["*.psd", "*.zip"]


def test_what_was_installed_for_the_upload_stays_where_a_test_may_need_it() -> None:
    steps_before = "      - run: pip install gradio\n      - run: pytest\n"
    text = script(f"git push --force {URL} main").replace("      - run: |", f"{steps_before}      - run: |")

    assert [step.get("run") for step in steps(migrated(text).text)][1:3] == ["pip install gradio", "pytest"]


def test_a_deploy_that_needs_what_a_step_before_made_comes_behind_it() -> None:
    made = migrated(script("npm ci", "npm run build", "hf upload alice/my-demo dist . --repo-type space"))

    runs = steps(made.text)
    assert runs[1]["run"].split("\n")[:2] == ["npm ci", "npm run build"]
    assert runs[2]["with"]["path"] == "dist"


def ours(text: str) -> dict[str, Any]:
    made = migrated(text)
    assert made.unknown == ()
    (step,) = (step for step in steps(made.text) if step.get("uses") == USES)
    return {name: str(value).strip() for name, value in step["with"].items()}


TOKEN = "${{ secrets.HF_TOKEN }}"
VARIATIONS = {
    "a remote of another step": (
        HEAD + f"      - run: git remote add hub {URL}\n      - run: git push hub main --force\n",
        {"space": "alice/my-demo"},
    ),
    "hf.co": (script("git push -f https://alice:$T@hf.co/spaces/alice/my-demo HEAD:main"), {"space": "alice/my-demo"}),
    "a bare address": (
        script('git push "https://huggingface.co/spaces/alice/my-demo" main'),
        {"space": "alice/my-demo"},
    ),
    "a user who is a secret": (
        script(
            "git push https://${{ secrets.HF_USER }}:${{ secrets.HF_TOKEN }}@huggingface.co/spaces/${{ secrets.HF_USER }}/demo main"
        ),
        {"space": "${{ secrets.HF_USER }}/demo"},
    ),
    "a variable of the repository": (
        script("git push https://a:$T@huggingface.co/spaces/${{ vars.SPACE_ID }}/x main"),
        {"space": "${{ vars.SPACE_ID }}/x"},
    ),
    "a built folder as a repository": (
        script(
            "npm ci && npm run build",
            "cd dist",
            "git init -b main",
            "git add -A",
            "git commit -m built",
            f"git push --force {URL} main",
        ),
        {"space": "alice/my-demo", "path": "dist"},
    ),
    "gone to a folder": (
        script("cd app && hf upload alice/my-demo . . --repo-type space"),
        {"space": "alice/my-demo", "path": "app"},
    ),
    "a folder of a folder": (
        script("cd app", "hf upload alice/my-demo ./out/ . --repo-type=space"),
        {"space": "alice/my-demo", "path": "app/out"},
    ),
    "options first": (
        script("huggingface-cli upload --repo-type space --token $HF_TOKEN alice/my-demo ."),
        {"space": "alice/my-demo"},
    ),
    "private": (
        script("hf upload alice/my-demo . --repo-type space --private"),
        {"space": "alice/my-demo", "visibility": "private"},
    ),
    "a front matter ahead of it": (
        script("cat hf.md README.md > new.md", "mv new.md README.md", f"git push --force {URL} main"),
        {"space": "alice/my-demo"},
    ),
}


@pytest.mark.parametrize(("text", "inputs"), VARIATIONS.values(), ids=VARIATIONS)
def test_a_variation_of_a_known_shape_is_known(text: str, inputs: dict[str, str]) -> None:
    assert ours(text) == {**inputs, "hf-token": TOKEN}


def test_a_folder_of_the_step_is_the_path() -> None:
    text = HEAD + "      - run: hf upload alice/my-demo . --repo-type space\n        working-directory: ./apps/one\n"

    assert ours(text)["path"] == "apps/one"


def test_what_writes_a_file_before_is_not_lost() -> None:
    made = migrated(script('echo "hello" > page.html', f"git push --force {URL} main"))

    assert steps(made.text)[1]["run"] == 'echo "hello" > page.html\n'
