"""Every failure a user can meet: an id, what happened, when, and what to do about it; docs/errors.md is made of them.

The texts stand here and nowhere else, so that they can be read, tested and documented as one list. Code raises
``Failure("space-name", value=...)``; the facts fill the placeholders of the two texts.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    """The two sentences of a failure: what happened (with the place and the cause), and what to do next."""

    what: str
    advice: str


class Group(NamedTuple):
    """Failures of one kind: their title in docs/errors.md, when they happen (one sentence), and their texts by id."""

    title: str
    when: str
    texts: dict[str, Text]


class Place(NamedTuple):
    """Where in the checkout a failure belongs: a POSIX path relative to the workspace, and a line from 1 on."""

    file: str
    line: int | None = None


_INPUTS: dict[str, Text] = {
    "input-space-missing": Text(
        "The input `space` is missing.",
        "Say which Space to deploy to, for example `space: alice/my-demo`.",
    ),
    "input-token-missing": Text(
        "The input `hf-token` is missing, and this job may not prove who it is in another way.",
        "Create a token with write access at https://huggingface.co/settings/tokens, store it as the secret HF_TOKEN of "
        "the repository and pass it: `hf-token: ${{{{ secrets.HF_TOKEN }}}}`. Or, for a Space that exists, do without one: "
        "give the job `permissions: id-token: write` (and `contents: read`), and name this workflow under Trusted Publishers "
        "in the settings of the Space. (Workflows of pull requests from forks get neither secrets nor id tokens.)",
    ),
    "token-name": Text(
        "The input `hf-token` holds the name of a secret, not its value.",
        "Pass the value, in this spelling: `hf-token: ${{{{ secrets.NAME }}}}`, with the secret's name for NAME.",
    ),
    "token-foreign": Text(
        "The input `hf-token` holds {kind}, not a token of Hugging Face.",
        "Create one with write access at https://huggingface.co/settings/tokens, and store it as the secret that `hf-token` gets.",
    ),
    "token-mistyped": Text(
        "The input `hf-token` holds more than a token, or something else: {problem}.",
        "Store the token again, alone: from `hf_` to its last letter, without quotes, spaces, line ends or words around it.",
    ),
    "input-space-owner": Text(
        "The input `space` names no owner, and without `hf-token` there is no account to take it from.",
        "Write it as owner/name, for example `space: alice/my-demo`.",
    ),
    "input-invalid": Text("The input `{input}` can't be used: {problem}.", "{advice} The README lists all inputs."),
    "input-collision": Text(
        "'{key}' stands in both `secrets` and `variables`.",
        "The Hub refuses to run a Space with a secret and a variable of one name: keep it in one of the two.",
    ),
}
_CHECKOUT: dict[str, Text] = {
    "path-outside": Text(
        "The input `path` can't be used: '{path}' leads out of the checkout.",
        "Name a folder of the repository, relative to its top, for example `path: app`.",
    ),
    "path-missing": Text(
        "The input `path` can't be used: there is no folder '{path}' in the checkout.",
        "Check its spelling, and that actions/checkout and the steps that make it run before this one.",
    ),
    "checkout-empty": Text(
        "There is nothing to deploy: '{path}' holds no files, or all of them are left out.",
        "Check that actions/checkout runs before this step, and the inputs `path`, `include` and `exclude`.",
    ),
    "checkout-repository": Text(
        "The git repository at {path} can't be read: {said}.",
        "Check it out with actions/checkout, or leave its folder out with `exclude`.",
    ),
    "checkout-lfs": Text(
        "Git LFS files were not fetched, only their pointers are here: {paths}.",
        "Add `lfs: true` to actions/checkout, or leave the files out with `exclude`.",
    ),
    "checkout-link": Text(
        "Symbolic links can't be followed: {paths}.",
        "Let them point to a file or folder of the checkout, or leave them out with `exclude`.",
    ),
    "checkout-name": Text(
        "File names are not UTF-8, which the Hub needs: {paths}.",
        "Rename the files, or leave them out with `exclude`.",
    ),
    "checkout-cache": Text(
        "The Hub's client takes no file below a folder named .cache: {paths}.",
        "Move the files, or leave them out with `exclude: .cache/`.",
    ),
    "checkout-crowded": Text(
        "The Hub takes at most 10,000 entries in one folder: {paths}.",
        "Spread the files over several folders, or leave some out with `exclude`.",
    ),
}
_FILES: dict[str, Text] = {
    "checkout-token": Text(
        "Something that looks like a Hugging Face token stands in {places}. Nothing was sent.",
        "Remove it from the file and revoke it at https://huggingface.co/settings/tokens if it is real; pass it to the app "
        "with the input `secrets`. If it is no token, leave the file out with `exclude`.",
    ),
    "keep-conflict": Text(
        "'{path}' is kept on the Space by the input `keep`, but the checkout has something else under this name.",
        "Rename one of the two, or take the path out of `keep`.",
    ),
}
_README: dict[str, Text] = {
    "readme-encoding": Text("README.md is not UTF-8: {said}.", "Save it as UTF-8."),
    "readme-yaml": Text(
        "The front matter of README.md is not valid YAML: {said}.",
        "Correct the lines between the first two `---`; https://huggingface.co/docs/hub/spaces-config-reference lists the keys.",
    ),
    "readme-mapping": Text(
        "The front matter of README.md is not a mapping.",
        "Write one `key: value` a line between the first two `---`, with a space after the colon.",
    ),
    "sdk-unknown": Text(
        "What kind of Space this is can't be told: README.md names no sdk, and there is no Dockerfile, no index.html and no "
        "app.py that imports gradio in '{path}'.",
        "Set the input `sdk` to docker, gradio or static, or the input `path` to the app's folder.",
    ),
    "sdk-streamlit": Text(
        "{origin} asks for Streamlit, which is no longer an SDK of Spaces.",
        "Add a Dockerfile that starts Streamlit, and use `sdk: docker`.",
    ),
    "port-low": Text(
        "The Dockerfile exposes port {port}, but a Space's port is 1025 or higher.",
        "Let the app listen on such a port, or name the one it listens on: `front-matter: 'app_port: 8080'`.",
    ),
    "readme-refused": Text(
        "The Hub refuses the front matter of README.md: {said}.",
        "Correct it in README.md or through the input `front-matter`; "
        "https://huggingface.co/docs/hub/spaces-config-reference lists the keys.",
    ),
}
_IDENTITY: dict[str, Text] = {
    "identity-not-issued": Text(
        "GitHub did not certify who this job is: it gave no id token ({said}).",
        "Check that the job has `permissions: id-token: write`, and run the step again; or pass a token with `hf-token`.",
    ),
    "publisher-refused": Text(
        "The Hub does not accept this job as a trusted publisher of {space} ({said}).",
        "Open {settings}, and under Trusted Publishers add GitHub Actions with these claims, exactly: {claims}. "
        "If there is no such Space yet, create it once by hand or by a first deploy with `hf-token`.",
    ),
    "publisher-creates-nothing": Text(
        "{space} is missing, and a trusted publisher's token can't create it.",
        "Create it once by hand at https://huggingface.co/new-space or by a first deploy with `hf-token`, and name this workflow "
        "under Trusted Publishers in its settings.",
    ),
}
_RIGHTS: dict[str, Text] = {
    "token-refused": Text(
        "The Hub does not accept the token ({said}). By its shape it is {kind}.",
        "It is expired, revoked, cut off or another Hub's; the Hub does not say which. Create one with write access at "
        "https://huggingface.co/settings/tokens, and store it again as the secret that `hf-token` gets.",
    ),
    "no-write-access": Text(
        "The token in `hf-token` may not write to {space}: {reason} ({said}).",
        "Use a token of role `write`, or a fine-grained one with write access to {space}, of somebody who may write there. "
        "In an organisation its admins change who may, under Members in its settings: "
        "https://huggingface.co/docs/hub/organizations-managing",
    ),
    "settings-forbidden": Text(
        "The token may not {doing} ({said}).",
        "A fine-grained token needs write access to the settings of the Space (`repo.write`), not only to its contents: edit it at "
        "https://huggingface.co/settings/tokens, or use a token of role `write`.",
    ),
    "plan-needed": Text(
        "The Hub asks for a paid plan to {doing} ({said}).",
        "Ways out: subscribe at https://huggingface.co/pro (or a Team plan for an organisation), or deploy with `sdk: static`, "
        "which is free, or, for Gradio, try `hardware: zero-a10g`.",
    ),
    "payment-needed": Text(
        "A payment method is needed to {doing} ({said}).",
        "Add one at https://huggingface.co/settings/billing, or leave the input `hardware` out.",
    ),
    "storage-limit": Text(
        "The storage of {space} is full ({said}).",
        "Deploy fewer or smaller files (input `exclude`), or free storage in the settings of the Space.",
    ),
    "forbidden": Text(
        "The Hub refuses to {doing} ({said}).",
        "Check the token's permissions and the account's limits on the Hub.",
    ),
    "rate-limited": Text(
        "The Hub's rate limit is reached while trying to {doing} ({said}).",
        "Run the step again {when}; fewer deploys an hour avoid it. https://huggingface.co/docs/hub/rate-limits has the limits.",
    ),
    "token-leaked": Text(
        "The Hub refused the commit, because a token that works stands in {paths}.",
        "Revoke it at https://huggingface.co/settings/tokens, because git keeps it. Remove it from the file, and pass a new one to "
        "the app with the input `secrets`.",
    ),
    "hub-refused": Text(
        "The Hub refused to {doing}: {said} (HTTP {status}, request {request}).",
        "If the message does not say what to change, try again later and look at https://status.huggingface.co.",
    ),
    "quota-exceeded": Text(
        "The account's quota for this hardware is used up ({said}).",
        "Pause or delete another Space, choose another `hardware`, or get a plan with a larger quota.",
    ),
}
_ANSWERS: dict[str, Text] = {
    "hub-unwell": Text(
        "The Hub failed to {doing}: {said} (HTTP {status}, request {request}, {tries}).",
        "Run the step again; it goes on where it stopped. Look at https://status.huggingface.co if it stays.",
    ),
    "hub-unreachable": Text(
        "The Hub at {endpoint} did not answer while trying to {doing}: {said}.",
        "Run the step again; it goes on where it stopped. Look at https://status.huggingface.co if it stays.",
    ),
    "not-a-hub": Text(
        "{endpoint} does not answer as a Hugging Face Hub does, while trying to {doing}: {said}.",
        "Check the input `endpoint`; leave it out for https://huggingface.co.",
    ),
}
_SETTINGS: dict[str, Text] = {
    "static-secrets": Text(
        "`secrets` can't be used with a static Space: every visitor could read them in the browser.",
        "Leave `secrets` out, or use the SDK gradio or docker.",
    ),
    "static-hardware": Text(
        "`{input}` can't be used with a static Space: it is served without a machine of its own.",
        "Leave `{input}` out, or use the SDK gradio or docker.",
    ),
    "zero-gpu-gradio": Text(
        "`hardware: {hardware}` is for Gradio Spaces only, and this one is of the SDK {sdk}.",
        "Choose other hardware, or use the SDK gradio.",
    ),
    "sleep-time-free": Text(
        "`sleep-time` can't be used with the free hardware cpu-basic, which always sleeps after 48 hours.",
        "Leave `sleep-time` out, or ask for other `hardware`.",
    ),
    "hardware-unknown": Text(
        "The Hub offers no hardware of the name {hardware}. It offers {offered}.",
        "Correct the input `hardware`; https://huggingface.co/docs/hub/spaces-gpus has the prices.",
    ),
    "protected-plan": Text(
        "A protected Space needs a paid plan, and {owner} has none.",
        "Use `visibility: private` or `public`, or subscribe at https://huggingface.co/pro (or a Team plan for an organisation).",
    ),
    "settings-collision": Text(
        "'{key}' already is a {is_now} of the Space, and can't be a secret and a variable at once.",
        "Delete the {is_now} in the settings of the Space, or set `prune-settings: true` to remove all that the workflow does "
        "not name.",
    ),
}
_PUBLISHING: dict[str, Text] = {
    "not-created": Text(
        "The Hub accepted the creation of {space} but does not show it.",
        "Look whether it exists and is visible to the token; then run the step again.",
    ),
    "head-moved": Text(
        "Others keep committing to {space}: its main branch moved {times} times while this step published.",
        "Nothing of this step is on main. Run it again; a `concurrency` group keeps deploys apart.",
    ),
    "tree-differs": Text(
        "{space} does not hold what was published: {paths}.",
        "Run the step again. If it stays, the Hub changes these files itself: leave them out with `exclude`.",
    ),
    "upload-failed": Text(
        "The large files could not be uploaded: {said}.",
        "Nothing has changed on the Space. Run the step again; what was uploaded is not sent twice.",
    ),
}
_VERDICT: dict[str, Text] = {
    "stage-build-error": Text(
        "{space} could not be built: {said}.", "The end of the build log says what failed; correct it and push again."
    ),
    "stage-config-error": Text(
        "{space} is not configured rightly: {said}.",
        "Correct the front matter of README.md, or the secrets and variables, and run the step again.",
    ),
    "stage-no-app-file": Text(
        "{space} has nothing to run: the file that its SDK starts is missing ({said}).",
        "Add the app file, or name it with `app_file` in the front matter; see also the inputs `path` and `include`.",
    ),
    "stage-runtime-error": Text(
        "{space} was built, but its app does not run: {said}.",
        "The end of the run log says what failed; correct it and push again.",
    ),
    "stage-deleting": Text("{space} is being deleted.", "Create it again by running the step once it is gone."),
    "space-gone": Text(
        "{space} has disappeared while this step watched it.",
        "Somebody deleted, renamed or hid it. Run the step again to create it anew.",
    ),
    "superseded": Text(
        "Another commit took the place of this one on {space}: its head is {head}.",
        "Look at the run that published it. A `concurrency` group keeps deploys apart.",
    ),
    "paused": Text(
        "{space} is {stage} and does not run ({said}).",
        "Restart it in its settings, or leave `resume` on; the Hub may refuse a restart where a quota is used up.",
    ),
    "unconfirmed": Text(
        "{space} is RUNNING, but the Hub does not say which commit, and no new start was seen.",
        "Look at the Space itself; it may run the commit before this one.",
    ),
    "unreachable": Text(
        "The Space runs, but its app did not answer as it should within {after}: {url}: {answer}.",
        "If the app has no page there, name one with `probe`, or switch the request off with `probe: none`.",
    ),
    "timeout": Text(
        "After {after} the Space does not run commit {target}: its stage is {stage}.",
        "If it is only slow, raise `timeout`. The log's end says what it is doing.",
    ),
    "rollback-impossible": Text(
        "{space} could not be rolled back: {reason}.", "The commit that failed stays on main; push a correction."
    ),
    "rollback-same": Text(
        "{space} already holds the files of {to}, so there is nothing to roll back to.",
        "The failure lies outside of the files: settings, secrets, or the Hub itself.",
    ),
}
_HUB_SAID: dict[str, Text] = {
    "front-matter-missing": Text(
        "README.md has no front matter, so the Hub does not know what to run ({said}).",
        "Start README.md with a block that names at least `sdk`, or give the input `sdk` or `front-matter`.",
    ),
    "front-matter-invalid": Text(
        "The Hub refuses the front matter of README.md: {said}.",
        "Correct this line, or the input `front-matter`; "
        "https://huggingface.co/docs/hub/spaces-config-reference lists the keys.",
    ),
    "name-collision": Text(
        "A secret and a variable of the Space have the same name ({said}).",
        "Delete one of the two in the settings of the Space, and give the name in only one of `secrets` and `variables`.",
    ),
    "hardware-billing": Text(
        "The Hub does not give this hardware without a payment method ({said}).",
        "Add one at https://huggingface.co/settings/billing, or leave the input `hardware` out.",
    ),
    "no-capacity": Text(
        "The Hub has no machine free for the Space now ({said}).",
        "Run the step again later, or choose another `hardware`. The repository is not at fault.",
    ),
    "storage-full": Text(
        "The disk of the Space is full ({said}).",
        "Write less (models and caches count), delete what is not needed any more, or attach a storage volume to the Space.",
    ),
    "hub-fault": Text(
        "The Hub failed, not the Space: {said}.",
        "Run the step again. Look at https://status.huggingface.co if it stays.",
    ),
    "out-of-memory": Text(
        "The app or its build needs more memory than there is, and was stopped.",
        "Load less (a smaller model, a smaller type, fewer workers, fewer build jobs) or choose a larger `hardware`; "
        "a build has no more than that of the free hardware.",
    ),
    "app-file-missing": Text(
        "The file to start, {file}, is not where it is looked for; the Space has {there}.",
        "Add it, correct the name where it is given (`app_file` in the front matter, CMD in the Dockerfile), "
        "or look whether `path`, `exclude` or COPY leave it out.",
    ),
}
_PACKAGES: dict[str, Text] = {
    "requirement-not-found": Text(
        "There is no version of `{requirement}` that can be installed.",
        "Correct the name or the version: https://pypi.org/project/ shows which there are.",
    ),
    "requirement-python": Text(
        "`{requirement}` does not run on the Python of the Space: it needs {needs}.",
        "Ask for an older version of it, or set `python_version` in the front matter (Docker: another base image).",
    ),
    "requirement-invalid": Text(
        "`{requirement}` is not a requirement that pip understands.",
        "Write `name`, `name==1.2` or `name>=1.2,<2`, one on each line.",
    ),
    "requirement-build-failed": Text(
        "`{requirement}` could not be built from its source.",
        "Ask for a version that has wheels for the Space's Python, or add what the build needs "
        "(packages.txt, or apt-get in the Dockerfile). The end of the log says what it missed.",
    ),
    "requirements-conflict": Text(
        "These requirements exclude one another: {requirements}.",
        "Loosen one of their versions, so that there is one which suits them all.",
    ),
    "requirements-missing": Text(
        "The requirement file {path} is not there when the build installs from it.",
        "COPY it before the RUN that installs, under this name, and look whether `exclude` or .dockerignore leave it out.",
    ),
    "sdk-version-conflict": Text(
        "The front matter asks for Gradio {version}, the requirements for `{requirement}`.",
        "Take gradio out of requirements.txt, or write the same version into `sdk_version`.",
    ),
    "sdk-version-unknown": Text(
        "There is no Gradio {version}, which `sdk_version` in the front matter asks for.",
        "Write a version that https://pypi.org/project/gradio/#history lists.",
    ),
    "system-package-not-found": Text(
        "Debian has no package `{package}`.",
        "Names change between releases (libgl1-mesa-glx is libgl1 now): https://packages.debian.org shows them.",
    ),
}
_CODE: dict[str, Text] = {
    "module-missing": Text("The app imports `{module}`, which is not installed.", "Add `{package}` to {manifest}."),
    "module-not-installed": Text(
        "The app imports `{module}`; `{package}` stands in {file}, but is not installed where the app runs.",
        "Look whether the build installs this file, and into the Python that starts the app.",
    ),
    "local-module-missing": Text(
        "The app imports `{module}`, which is this repository's own ({file}), but does not find it.",
        "Look whether the file is deployed and COPYed, and whether its folder is where the app searches "
        "(PYTHONPATH, the working directory).",
    ),
    "import-failed": Text(
        "An import fails: {said}.",
        "The installed version of `{package}` does not have it: ask for one that has, or change the import.",
    ),
    "library-missing": Text("The shared library {library} is not installed.", "Add {package} to {manifest}."),
    "syntax-error": Text("The code can't be read: {said}.", "Correct this line, or the one before it."),
    "app-crashed": Text(
        "The code stops with an error: {said}.", "Correct it and push again; the log has the whole trace."
    ),
    "environment-missing": Text(
        "The app needs the environment variable {variable}, which the Space does not have.",
        "Give it with the input `secrets` or `variables`.",
    ),
    "permission-denied": Text(
        "The app may not use {path}: {said}.",
        "Docker Spaces run as user 1000: write to /tmp or to the home folder, or hand the folder over with "
        "`COPY --chown=1000` or `chown`. File modes do not reach the Hub: make scripts executable in the Dockerfile.",
    ),
    "gated-model": Text(
        "The Hub does not let the app read {repository}: it is gated.",
        "Accept its terms on its page, and give a token of that account with the input `secrets` (HF_TOKEN).",
    ),
    "model-missing": Text(
        "The Hub shows the app no {repository}: it does not exist or is private.",
        "Correct the name, or give a token that may read it with the input `secrets` (HF_TOKEN).",
    ),
}
_START: dict[str, Text] = {
    "wrong-port": Text(
        "The app listens on port {port}; the Hub looks for it on {expected}.",
        "Let the app listen on {expected}, or, in a Docker Space, write `app_port: {port}` into the front matter.",
    ),
    "loopback-only": Text(
        "The app listens on port {port}, but only for its own container.",
        "Let it listen on 0.0.0.0 instead of 127.0.0.1 or localhost.",
    ),
    "never-healthy": Text(
        "The app did not answer in time ({said}).",
        "It must listen on 0.0.0.0, port {port}. If it only needs longer, set `startup_duration_timeout` in the front matter.",
    ),
    "start-command": Text(
        "The command that starts the app, {command}, can't be run: {said}.",
        "Look whether it is installed and named rightly. File modes do not reach the Hub: start scripts as "
        "`bash start.sh`, or `RUN chmod +x` them.",
    ),
    "dockerfile-invalid": Text("The Dockerfile can't be read: {said}.", "Correct this line."),
    "copy-missing": Text(
        "The build copies {path}, which is not there.",
        "Add it, correct the path, or look whether `path`, `exclude`, .gitignore or .dockerignore leave it out.",
    ),
    "base-image-missing": Text(
        "The base image {image} does not exist or is private.",
        "Correct its name or tag; the Hub pulls public images only.",
    ),
    "docker-step-failed": Text(
        "A step of the Dockerfile failed with exit code {code}: {command}", "The end of the build log shows its output."
    ),
    "npm-failed": Text("npm failed: {said}.", "Correct package.json or its lock file; the log has the details."),
}
_COMMANDS: dict[str, Text] = {
    "publisher-not-enough": Text(
        "A trusted publisher's token can't {doing}: it is good for the contents of one Space.",
        "Pass a token with write access with the input `hf-token`.",
    ),
    "selftest-dry-run": Text(
        "The self-test creates and deletes a Space, which is all that it does, so it knows no dry run.",
        "Leave `dry-run` out. The Space of the input `space` is never touched by it.",
    ),
    "scratch-left": Text(
        "The self-test could not see its scratch Space {space} deleted in time.",
        "The next self-test for the same `space` deletes it; or delete it by hand in its settings.",
    ),
    "not-confirmed": Text(
        "{space} was not deleted: the input `confirm` names {written}.",
        "If you mean to delete it for good, write `confirm: {space}`, exactly.",
    ),
    "not-deleted": Text(
        "The Hub accepted the deletion of {space}, but still shows it after {after}, in stage {stage}.",
        "Look at it again later; if it stays, delete it by hand in its settings.",
    ),
    "space-missing": Text(
        "There is no Space {space} that this token can see.",
        "Check the input `space`. If it is private, the token must be of somebody who may read it.",
    ),
}
_STEP: dict[str, Text] = {
    "runner-file": Text(
        "The file that {variable} names can't be written: {file} ({reason}).",
        "The runner makes this file for each step. Check that an earlier step did not remove it, and, if you run the action by "
        "yourself, that the file exists and that its folder is mounted into the container.",
    ),
    "internal": Text(
        "hf-space-deploy met an error of its own: {kind}: {detail}",
        "This is a fault of the action. Please report it with the lines above it in the log.",
    ),
    "cancelled": Text(
        "The step was cancelled.", "What had been done by then stays; run the step again to see how things stand."
    ),
}

GROUPS: tuple[Group, ...] = (
    Group("Inputs", "While the inputs are read, before anything is sent.", _INPUTS),
    Group("The checkout", "While the files to deploy are read, before anything is sent.", _CHECKOUT),
    Group(
        "The files to send", "Once it is known which files differ from those on the Space, before any is sent.", _FILES
    ),
    Group(
        "README.md and the SDK",
        "While the front matter of README.md is completed and checked, before anything is changed.",
        _README,
    ),
    Group(
        "Deploys without a stored token", "While a job that has no `hf-token` proves to the Hub who it is.", _IDENTITY
    ),
    Group(
        "What the Hub refuses",
        "When the Hub refuses a request (an HTTP status from 400 to 499); what was done before it stays.",
        _RIGHTS,
    ),
    Group(
        "Talking with the Hub", "At any request to the Hub. One that may be sent again was sent five times.", _ANSWERS
    ),
    Group("Settings of the Space", "While the plan is made, before anything is changed.", _SETTINGS),
    Group("Publishing", "While the Space is created and the files are published.", _PUBLISHING),
    Group(
        "What became of the Space",
        "Once the files are published, while the step watches the Space, or rolls it back.",
        _VERDICT,
    ),
    Group(
        "Why it does not run: the Hub's own message",
        "When the Space does not run, and the Hub's message about it or its log says why.",
        _HUB_SAID,
    ),
    Group(
        "Why it does not run: what is to be installed",
        "When the Space does not run, and its build log, run log or files show why.",
        _PACKAGES,
    ),
    Group("Why it does not run: the code", "When the Space does not run, and its log shows why.", _CODE),
    Group(
        "Why it does not run: the container and its start",
        "When the Space does not run, and its log or Dockerfile shows why.",
        _START,
    ),
    Group("Other commands", "While the command selftest, status or delete does its work.", _COMMANDS),
    Group("The step itself", "At any time.", _STEP),
)
"""The whole register, in the order in which a deploy comes by."""

CATALOGUE: dict[str, Text] = {name: text for group in GROUPS for name, text in group.texts.items()}


@dataclass(eq=False)
class Failure(Exception):
    """One failure, ready to be shown: `id` (stable, the `error` output), `message`, `advice` and perhaps a `place`."""

    id: str
    message: str
    advice: str
    place: Place | None = None

    def __init__(self, id: str, /, *, place: Place | None = None, **facts: object) -> None:  # noqa: A002
        text = CATALOGUE[id]
        self.id, self.place = id, place
        self.message, self.advice = text.what.format(**facts), text.advice.format(**facts)
        super().__init__(self.message)
