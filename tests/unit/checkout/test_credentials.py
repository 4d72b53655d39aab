"""Credentials in files that are about to be sent, and what only looks like one."""

import re
import time
from pathlib import Path

import pytest

from hfspace_action.checkout import walk
from hfspace_action.checkout.credentials import scan
from hfspace_action.checkout.credentials.tokens import FORMS
from hfspace_action.errors import Failure, Place
from hfspace_action.file import File
from tests.kit.gitrepo import commit
from tests.unit.checkout import planted as credentials

KINDS = list(credentials.planted(0))


def found(path: str, content: str | bytes) -> list[tuple[int | None, str]]:
    text = content if isinstance(content, bytes) else content.encode()
    return [(each.line, each.kind) for each in scan.find([File.of(path, text)])]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS)
def test_find_names_file_line_and_kind_of_a_credential_and_never_its_value(kind: str, seed: int) -> None:
    path, text = credentials.planted(seed)[kind]
    (each,) = scan.find([File.of(path, credentials.content(kind, text))])
    assert (each.path, each.line) == (path, 3)
    values = [part for line in text.splitlines()[2:] for part in re.split(r"[^\w+/.-]+", line) if len(part) > 11]
    assert not any(value in str(each) for value in values)


def test_kinds_that_are_planted_are_more_than_twenty() -> None:
    assert len(KINDS) >= 40


def test_refuse_names_every_place_and_the_ways_out(tmp_path: Path) -> None:
    planted = credentials.planted(1)
    files = {path: credentials.content(kind, text) for kind, (path, text) in planted.items()}
    checkout = walk.read(commit(tmp_path, {f"app/{path}": content for path, content in files.items()}), "app")
    with pytest.raises(Failure) as caught:
        scan.refuse(checkout, checkout.files.values(), ())
    failure = caught.value
    assert failure.id == "checkout-credential"
    assert f"{len(files)} of what look like credentials" in failure.message
    assert failure.place == Place("app/.aws/credentials", 3)
    assert "an AWS secret key in .aws/credentials:3" in failure.message
    assert "`allow-credentials: .aws/credentials`" in failure.advice
    with pytest.raises(Failure) as caught:
        scan.refuse(checkout, checkout.files.values(), sorted(files)[1:])
    assert "What looks like a credential is to be sent: an AWS secret key in .aws/credentials:3" in caught.value.message
    scan.refuse(checkout, checkout.files.values(), sorted(files))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.md", "hf_" + "x" * 34),
        ("a.md", "hf_YOUR_TOKEN_HERE, ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("a.md", "ghp_1234567890abcdefghijklmnopqrstuvwxyz"),
        ("a.md", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("a.py", 'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"'),
        ("a.py", 'if text.startswith("-----BEGIN PRIVATE KEY-----"):\n    return load_pem_private_key(text)'),
        ("a.py", "-----BEGIN PUBLIC KEY-----\n" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo"),
        ("a.py", "url = 'postgresql://user:password@localhost:5432/db'"),
        ("a.py", "url = 'postgresql://scott:tiger12@db.example.com/test'"),
        ("a.py", "f'postgresql://{user}:{password}@{host}.acme.org/db'"),
        (
            "a.js",
            'firebase.initializeApp({apiKey: "AIzaSyD4x8Qw2LkP0aZr7VbNcT3mYh6GjUe1oIs", authDomain: "x.firebaseapp.com"})',
        ),
        ("a.py", "x = 'askhf_aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567'"),
        (".env", "PORT=8080\nDEBUG=true\nAPI_URL=https://api.acme.org\n# PASSWORD=hunter2hunter2\nSECRET_KEY=\n"),
        (
            ".env",
            "API_KEY=changeme\nTOKEN=${TOKEN}\nPASSWORD=your-password-here\nDB_PASSWORD=postgres\nKEY_FILE=./key.pem\n",
        ),
        (".env", "VITE_API_KEY=a8Fk2LmQ9xRt\nNEXT_PUBLIC_TOKEN=b7Gj3KnW8yPs\nRECAPTCHA_SITE_KEY=c6Hm4JpV7zDq\n"),
        (
            ".env",
            "GOOGLE_APPLICATION_CREDENTIALS=/run/creds.json\nSSL_KEY=certs/key.pem\nAPI_KEY=op://vault/item/key\n",
        ),
        (".env.example", "SECRET_KEY=a8Fk2LmQ9xRt\n"),
        ("template.env.sample", "SECRET_KEY=a8Fk2LmQ9xRt\n"),
        (".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nregistry=https://registry.npmjs.org/\n"),
        (".npmrc", "; _authToken=0123\nlegacy-peer-deps=true\n"),
        ("settings.py", "PASSWORD = 'hunter2hunter2'\n"),  # too common in code that is no credential's
        (".env", "ENABLE_AUTH=basic_or_oauth\nTOKEN_LIMIT=4096000\nPASSWORD_MIN_LENGTH=12345678\n"),
        (".streamlit/secrets.toml", 'sheet = "https://docs.google.com/spreadsheets/d/1a2b3c4d5e6f"\nuser = "alice"\n'),
        ("secrets.yaml", "api_key: {{ .Values.apiKey }}\npassword: ${PASSWORD}\n"),
        ("config/locale.key", "0123456789abcdef0123456789abcdef"),
        (
            "a.js",
            "anon = 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiIsImlzcyI6InN1cGFiYXNlIn0.8Fk2LmQ9xRtB7Gj3KnW8yPsC6Hm4JpV7zDqA'",
        ),
        (
            "a.yml",
            "cert: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUVvd0lCQUFLQ0FRRUE4Rms5TG1ROXhSdEI3R2ozS25XOHlQc0M2SG0",
        ),
        ("debug.keystore", "x"),
    ],
)
def test_find_leaves_alone_what_is_none(path: str, content: str) -> None:
    assert found(path, content) == []


@pytest.mark.parametrize("path", ["cert.p12", "a/b.PFX", "release.jks"])
def test_find_names_a_store_of_keys_without_reading_it(path: str) -> None:
    assert found(path, b"\xfe\xed\xfe\xed") == [(None, "a store of keys")]


def test_find_reads_binary_files_and_leaves_out_pictures_and_data(tmp_path: Path) -> None:
    _, text = credentials.planted(2)["a GitHub token"]
    assert found("app.db", b"SQLite format 3\0" + text.encode()) == [(3, "a GitHub token")]
    picture = File("logo.png", 5, None, str(tmp_path / "is-not-there"))
    data = File("data.csv", scan.LARGEST + 1, None, str(tmp_path / "is-not-there"))
    assert list(scan.find([picture, data])) == []


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN PRIVATE KEY-----" + b"\n" * 2_000_000,
        b"-----BEGIN PRIVATE KEY-----" * 80_000,
        b"postgres://" + b"a" * 2_000_000,
        b"postgres://a:" * 150_000,
        b"eyJ" * 700_000,
        b"AWS secret_access_key" + b" " * 2_000_000,
        b"sk-ant-api03-" * 150_000,
        b"hf_" * 700_000,
        b"hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567\n" * 200_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_find_takes_linear_time(content: bytes) -> None:
    began = time.process_time()
    found("a.txt", content)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "name", [".env", ".npmrc", ".netrc", ".pgpass", ".git-credentials", ".htpasswd", ".kube/config"]
)
@pytest.mark.parametrize(
    "line",
    ["A" * 3_000_000, "A=" * 1_500_000, " " * 3_000_000, "a:" * 1_500_000, "password " * 300_000, "\n" * 3_000_000],
)
def test_find_takes_linear_time_in_files_made_for_credentials(name: str, line: str) -> None:
    began = time.process_time()
    found(name, line)
    assert time.process_time() - began < 3


def test_forms_have_no_groups_of_their_own() -> None:
    assert [form.kind for form in FORMS if re.search(rb"\((?!\?)", re.sub(rb"\\.|\[[^\]]*\]", b"", form.pattern))] == []
