"""Keys of the README's front matter that the Space can't be built by, or that have no effect beside one another."""

import re
from collections.abc import Iterator

from .tree import Finding, Tree, certain, likely

# Key -> the SDKs that it is for. Source: https://huggingface.co/docs/hub/spaces-config-reference
_FOR = {
    "app_port": ("docker",),
    "python_version": ("gradio",),
    "sdk_version": ("gradio",),
    "app_build_command": ("static",),
    "app_file": ("gradio", "static"),
    "base_path": ("gradio", "docker"),
}
_PYTHON = re.compile(r"3\.(?P<minor>\d{1,3})(?:\.\d{1,3})?")
_PYTHONS = range(8, 16)  # minor versions that have images


def python_version(tree: Tree) -> Iterator[Finding]:
    """The Python that a Gradio Space asks for."""
    written = tree.written("python_version")
    if tree.sdk != "gradio" or not written:
        return
    found = _PYTHON.fullmatch(written)
    place = tree.key("python_version")
    if found is None:
        yield certain("python-version-unknown", place, version=written)
    elif int(found["minor"]) not in _PYTHONS:
        yield likely("python-version-unknown", place, version=written)


def sdk_version(tree: Tree) -> Iterator[Finding]:
    """The Gradio that a Space asks for: `pip install gradio==…`."""
    written = tree.written("sdk_version")
    if tree.sdk != "gradio" or not written:
        return
    from packaging.specifiers import SpecifierSet  # not before: few READMEs name a version

    try:
        SpecifierSet(f"=={written}")
    except ValueError:  # of packaging, or of a number that is too long for Python
        yield certain("sdk-version-unknown", tree.key("sdk_version"), version=written)


def cut_numbers(tree: Tree) -> Iterator[Finding]:
    """A version that YAML reads as a number, which has no zero at its end: 4.40 is 4.4."""
    for key in ("sdk_version", "python_version"):
        written = tree.written(key)
        if tree.sdk == "gradio" and isinstance(tree.data.get(key), float) and re.fullmatch(r"\d+\.\d*[1-9]0+", written):
            yield likely("version-cut", tree.key(key), key=key, written=written, value=tree.data[key])


def without_effect(tree: Tree) -> Iterator[Finding]:
    """Keys of another SDK."""
    for key, sdks in _FOR.items():
        if key in tree.data and key not in tree.added and tree.sdk not in sdks:
            reason = f"it is for the SDK {' and '.join(sdks)}, and this one is {tree.sdk}"
            yield likely("key-without-effect", tree.key(key), key=key, reason=reason)
    if "hf_oauth_scopes" in tree.data and tree.data.get("hf_oauth") is not True:
        reason = "`hf_oauth: true` is missing"
        yield likely("key-without-effect", tree.key("hf_oauth_scopes"), key="hf_oauth_scopes", reason=reason)


RULES = (python_version, sdk_version, cut_numbers, without_effect)
