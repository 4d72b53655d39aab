"""No refusal of real packages' files is wrong. Downloads them: run by `make packages`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfspace_action.checkout.credentials import scan
from hfspace_action.file import File
from tests.kit.needs import npm, sdist, unpacked

pytestmark = [pytest.mark.packages, pytest.mark.timeout(900)]

# Source distribution or npm package → the files in which there is a credential for tests and examples, as a pattern.
KEYS = r"\.(?:key|pem|p12|json)"
PACKAGES = {
    "aiohttp-4.0.0a1": r"examples/server\.key",
    "anthropic-2.9.0": None,
    "azure_identity-1.27.0": None,
    "boto3-1.9.99": None,
    "botocore-1.9.9": r"tests/unit/auth/test_signers\.py",
    "celery-5.7.0rc1": r"examples/security/ssl/worker\.key|t/unit/security/__init__\.py",
    "detect_secrets-1.5.0": None,
    "django-6.1rc1": None,
    "google_auth-3.0.0.dev0": rf"(?:tests|system_tests)/.*(?:{KEYS}|\.py)",
    "gradio-6.9.0": None,
    "huggingface_hub-2.4.0": r"tests/testing_constants\.py",
    "litellm-1.99.4": None,
    "moto-5.2.5": rf".*(?:{KEYS}|test_\w+\.py)",
    "openai-3.9.0": r"tests/fixtures/mtls/\w+\.key|tests/lib/test_webhooks\.py",
    "paramiko-5.1.0": r"tests/.*",
    "pyjwt-2.9.0": r"tests/.*",
    "python_telegram_bot-22.8": r"tests/(?:auxil/constants\.py|data/\w+\.key)",
    "requests-2.9.2": None,
    "slack_sdk-3.9.1": None,
    "sqlalchemy-2.1.9": None,
    "stripe-9.9.0b1": None,
    "transformers-5.9.0": r"src/transformers/testing_utils\.py",
    "twisted-26.4.0rc2": r"(?:src/twisted/.*test/.*|docs/.*)",
    "urllib3-2.8.0": r"dummyserver/certs/\w+\.key",
    "npm:aws-sdk@2.1693.0": None,
    "npm:discord.js@14.28.1": None,
    "npm:firebase@13.2.0": None,
    "npm:next@16.4.6": None,
    "npm:stripe@23.1.0": None,
    "npm:twilio@6.2.0": None,
}


@pytest.mark.parametrize("package", PACKAGES)
def test_find_is_explained_in_every_file_of_a_package(package: str, tmp_path: Path) -> None:
    archive = npm(package.removeprefix("npm:"), tmp_path) if package.startswith("npm:") else sdist(package, tmp_path)
    files = list(of(unpacked(archive, tmp_path / "files")))
    explained = PACKAGES[package]
    unexplained = [str(each) for each in scan.find(files) if not (explained and re.fullmatch(explained, each.path))]
    assert files
    assert not unexplained


def of(top: Path) -> Iterator[File]:
    for path in sorted(top.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield File(path.relative_to(top).as_posix(), path.stat().st_size, None, str(path))
