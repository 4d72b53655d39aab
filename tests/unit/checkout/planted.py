"""Fake credentials: random, and of the form that each issuer's have."""

import base64
import json
import random
import string
from collections.abc import Mapping

_LETTERS = string.ascii_letters + string.digits


def planted(seed: int) -> Mapping[str, tuple[str, str]]:
    """Kind → the path of a file and its content, which holds one credential of this kind on its third line."""
    chance = random.Random(seed)

    def word(length: int, letters: str = _LETTERS) -> str:
        return "".join(chance.choices(letters, k=length))

    def hexa(length: int) -> str:
        return word(length, "0123456789abcdef")

    def pem(name: str) -> str:
        text = base64.b64encode(chance.randbytes(900)).decode()
        lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
        return f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----\n"

    def web_token(**claims: str) -> str:
        def part(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        return (
            f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'iss': word(chance.randint(3, 9)), **claims})}.{word(43)}"
        )

    tokens = {
        "a Hugging Face token": f"hf_{word(34, string.ascii_letters)}",
        "a GitHub token": f"ghp_{word(36)}",
        "a fine-grained GitHub token": f"github_pat_{word(22)}_{word(59)}",
        "a GitLab token": f"glpat-{word(20)}",
        "an OpenAI key": f"sk-proj-{word(48)}T3BlbkFJ{word(48)}",
        "an old OpenAI key": f"sk-{word(20)}T3BlbkFJ{word(20)}",
        "an Anthropic key": f"sk-ant-api03-{word(93, _LETTERS + '-_')}AA",
        "a Google API key": f"AIza{word(35, _LETTERS + '-_')[:-1]}x",
        "a Google client secret": f"GOCSPX-{word(28)}",
        "an AWS access key": f"AKIA{word(16, string.ascii_uppercase + '234567')}",
        "a Slack token": f"xoxb-{word(12, string.digits)}-{word(12, string.digits)}-{word(24)}",
        "a Slack webhook": f"https://hooks.slack.com/services/T{word(8).upper()}/B{word(8).upper()}/{word(24)}",
        "a Stripe key": f"sk_live_{word(24)}",
        "an npm token": f"npm_{word(36)}",
        "a PyPI token": f"pypi-AgEIcHlwaS5vcmc{word(160, _LETTERS + '-_')}",
        "a SendGrid key": f"SG.{word(22)}.{word(43)}",
        "a Discord webhook": f"https://discord.com/api/webhooks/{word(19, string.digits)}/{word(68)}",
        "a Telegram bot token": f"{chance.randint(10**9, 10**10 - 1)}:AA{word(33)}",
        "an Azure storage key": f"AccountName=x;AccountKey={word(86)}==;EndpointSuffix=core.windows.net",
        "a DigitalOcean token": f"dop_v1_{hexa(64)}",
        "a Databricks token": f"dapi{hexa(32)}",
        "a Replicate token": f"r8_{word(37)}",
        "a Groq key": f"gsk_{word(52)}",
        "a Docker Hub token": f"dckr_pat_{word(27)}",
        "a password in an address": f"postgresql://app:{word(16)}@db.{word(8).lower()}.rds.amazonaws.com:5432/app",
    }
    suffixes = ["py", "js", "json", "md", "yaml", "ts", "ipynb", "html", "sh", "toml", "svg", "txt"]
    files = {
        kind: (f"src/{number}.{suffixes[number % len(suffixes)]}", f"one\ntwo\nKEY = '{token}'\n")
        for number, (kind, token) in enumerate(tokens.items())
    }
    account = {"type": "service_account", "project_id": "x", "private_key": pem("PRIVATE KEY")}
    return files | {
        "an RSA key": ("deploy/id_rsa", f"\n\n{pem('RSA PRIVATE KEY')}"),
        "an OpenSSH key": ("deploy/id_ed25519", f"\n\n{pem('OPENSSH PRIVATE KEY')}"),
        "a PGP key": (
            "signing.asc",
            f"\n\n{pem('PGP PRIVATE KEY BLOCK').replace('-----' + chr(10), '-----' + chr(10) * 2, 1)}",
        ),
        "a service account": ("service-account.json", "\n\n" + json.dumps(account)),
        "a workload identity": (
            "gha-creds-0123456789abcdef.json",
            '\n{"credential_source": {"headers": {"Authorization": "Bearer x"}},\n"type":"external_account"}',
        ),
        "an AWS secret key": (
            ".aws/credentials",
            f"[default]\n\naws_secret_access_key = {word(40, _LETTERS + '/+')}\n",
        ),
        "an environment file": (".env", f"PORT=80\nDEBUG=true\nDB_PASSWORD={word(12)}\n"),
        "a weak password in an environment file": (".env.production", "A=1\nB=2\nDB_PASSWORD=hunter2hunter2\n"),
        "an environment file in UTF-16": ("app.env", f"\n\nSECRET_KEY={word(20)}\n"),
        "an npm registry": (".npmrc", f"\n\n//registry.npmjs.org/:_authToken={hexa(36)}\n"),
        "a package index": (".pypirc", f"[pypi]\nusername = x\npassword = {word(20)}\n"),
        "a netrc": (".netrc", f"machine\nexample.com login x\npassword {word(20)}\n"),
        "a git host": (".git-credentials", f"\n\nhttps://alice:{word(20)}@git.acme.org\n"),
        "a container registry": (".docker/config.json", f'\n\n{{"auths": {{"x": {{"auth": "{word(32)}"}}}}}}'),
        "a key of Streamlit under any name": (".streamlit/secrets.toml", f'\n\nopenai = "1{word(43)}"\n'),
        "a secret in secrets.yaml": ("deploy/secrets.yaml", f"app:\n  port: 80\n  api_key: 1{word(20)}\n"),
        "one of several passwords": (".env", f"A=1\nB=2\nDB_PASSWORD_2={word(12)}\n"),
        "a password of production": (".env.local", f"A=1\nB=2\nSTRIPE_SECRET_LIVE={word(12)}\n"),
        "an environment file without a dot": ("env.production", f"A=1\nB=2\nREDIS_AUTH={word(12)}\n"),
        "a password's hash": (".htpasswd", f"\n\nadmin:$apr1${word(8)}${word(22)}\n"),
        "a state of Terraform": ("infra/terraform.tfstate", f'{{\n\n"master_password": "{word(16)}"}}'),
        "a Kaggle key": ("kaggle.json", f'{{\n\n"username": "x", "key": "{hexa(32)}"}}'),
        "a key in base64": (
            "ci.yml",
            f"a: 1\nb: 2\nkey: {base64.b64encode(pem('RSA PRIVATE KEY').encode()).decode()}\n",
        ),
        "a token behind an escaped line's end": ("a.ipynb", f'\n\n"env\\nhf_{word(34, string.ascii_letters)}\\n"'),
        "a Supabase key": ("src/db.js", f"\n\nkey = '{web_token(role='service_role')}'\n"),
        "a secret of Streamlit": (".streamlit/secrets.toml", f'[db]\nuser = "x"\npassword = "{word(14)}"\n'),
    }


def content(kind: str, text: str) -> bytes:
    """The bytes of a planted file."""
    return text.encode("utf-16") if "UTF-16" in kind else text.encode()
