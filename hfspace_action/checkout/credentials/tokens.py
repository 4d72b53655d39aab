"""Credentials that are known by their own form, wherever they are.

Each form is the issuer's, as its documentation or its own scanner's partners publish it. Patterns are RE2's, without groups.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """The form of one kind of credential. `beside`: at least one of these has to be in the same file; `apart`: none may be.
    `random`: what was found ends with something random, if it is real."""

    kind: str
    pattern: bytes
    beside: tuple[bytes, ...] = ()
    apart: tuple[bytes, ...] = ()
    random: bool = True


# Of these the browser of every visitor gets to know the key, so that it is none to hide.
_FIREBASE = (b"authDomain", b"firebaseapp.com", b"mobilesdk_app_id", b"maps.googleapis.com", b"maps/api/js")
_BETWEEN = rb"""["'`]?\s{0,4}(?:=>|:=|[:=])\s{0,4}["'`]?"""

FORMS = (
    Form("a Hugging Face token", rb"\bhf_[A-Za-z0-9]{34,}\b"),
    Form("a Hugging Face token", rb"\bapi_org_[A-Za-z0-9]{34,}\b"),
    Form("a Hugging Face token", rb"\bhf_oauth_[A-Za-z0-9_.-]{40,}"),
    # Code and packages
    Form("a GitHub token", rb"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    Form("a GitHub token", rb"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
    Form("a GitLab token", rb"\bgl(?:pat|dt|rt|ptt|ft|imt|agent|soat|cbt|oas|ffct)-[A-Za-z0-9_-]{20,}"),
    Form("an npm token", rb"\bnpm_[A-Za-z0-9]{36}\b"),
    Form("a PyPI token", rb"\bpypi-AgE[A-Za-z0-9_-]{40,}"),
    Form("a RubyGems key", rb"\brubygems_[0-9a-f]{48}\b"),
    Form("a Docker Hub token", rb"\bdckr_[op]at_[A-Za-z0-9_-]{27,}"),
    Form("an Atlassian token", rb"\bATATT3[A-Za-z0-9_=-]{60,}"),
    Form("a Postman key", rb"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b"),
    # Models
    Form("an Anthropic key", rb"\bsk-ant-[a-z]{3,8}[0-9]{0,3}-[A-Za-z0-9_-]{32,}"),
    Form("an OpenRouter key", rb"\bsk-or-v1-[0-9a-f]{64}\b"),
    Form("an OpenAI key", rb"\bsk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"),
    Form("an OpenAI key", rb"\bsk-[A-Za-z0-9]{32,}\b"),  # DeepSeek's and others' begin so as well
    Form("a Groq key", rb"\bgsk_[A-Za-z0-9]{40,}\b"),
    Form("an xAI key", rb"\bxai-[A-Za-z0-9]{60,}\b"),
    Form("a Perplexity key", rb"\bpplx-[A-Za-z0-9]{40,}\b"),
    Form("an NVIDIA key", rb"\bnvapi-[A-Za-z0-9_-]{60,}"),
    Form("a Replicate token", rb"\br8_[A-Za-z0-9]{37}\b"),
    Form("a Tavily key", rb"\btvly-[A-Za-z0-9-]{30,}"),
    Form("an ElevenLabs key", rb"\bsk_[0-9a-f]{48}\b"),
    Form("a LangSmith key", rb"\blsv2_[ps][tk]_[0-9a-f]{32}_[0-9a-f]{10}\b"),
    Form("a Pinecone key", rb"\bpcsk_[A-Za-z0-9_]{50,}\b"),
    Form("a Weights & Biases key", rb"\bwandb_v1_[A-Za-z0-9_]{40,}\b"),
    Form("a Weights & Biases key", rb"(?i:\bwandb_api_key)" + _BETWEEN + rb"[0-9a-f]{40}\b"),
    # Clouds
    Form("an AWS access key", rb"\bA[KS]IA[A-Z0-9]{16}\b"),
    Form("an AWS secret key", rb"(?i:secret_?(?:access_?)?key)" + _BETWEEN + rb"[A-Za-z0-9/+]{40}\b", (b"aws", b"AWS", b"AKIA")),
    Form("an AWS Bedrock key", rb"\bABSK[A-Za-z0-9+/]{100,}"),
    Form("a Google API key", rb"\bAIza[A-Za-z0-9_-]{35}\b", apart=_FIREBASE),
    Form("a Google client secret", rb"\bGOCSPX-[A-Za-z0-9_-]{28}\b"),
    Form("a Google access token", rb"\bya29\.[A-Za-z0-9_-]{30,}"),
    Form("a Google refresh token", rb"\b1//0[A-Za-z0-9_-]{40,}"),
    Form("an Azure storage key", rb"\bAccountKey=[A-Za-z0-9+/]{86}=="),
    Form("an Azure client secret", rb"\b[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}\b"),
    Form("a DigitalOcean token", rb"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    Form("a Databricks token", rb"\bdapi[0-9a-f]{32}\b"),
    Form("a Heroku key", rb"\bHRKU-[A-Za-z0-9_-]{36,}"),
    Form("a Netlify token", rb"\bnfp_[A-Za-z0-9]{36,}\b"),
    Form("a Fly.io token", rb"\bfm[12][ar]?_[A-Za-z0-9+/=]{80,}"),
    Form("a Supabase key", rb"\bsb(?:p|_secret)_[A-Za-z0-9_-]{30,}"),
    # A token that passes by every rule of the database; "service_role" as base64 has it at each of three offsets.
    Form("a Supabase key", rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]*(?:c2VydmljZV9yb2xl|NlcnZpY2Vfcm9sZ|zZXJ2aWNlX3JvbG)[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{20,}"),
    Form("a PlanetScale token", rb"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}"),
    Form("a Vault token", rb"\bhv[sbr]\.[A-Za-z0-9_-]{24,}"),
    Form("a Terraform token", rb"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}"),
    Form("a Doppler token", rb"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,}"),
    Form("a 1Password token", rb"\bops_eyJ[A-Za-z0-9+/=_-]{80,}"),
    # Services
    Form("a Slack token", rb"\bxox[abeoprs]-[A-Za-z0-9-]{20,}"),
    Form("a Slack token", rb"\bxapp-[0-9]-[A-Za-z0-9-]{20,}"),
    Form("a Slack webhook", rb"\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,}"),
    Form("a Discord bot token", rb"\b[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}\b"),
    Form("a Discord webhook", rb"\bdiscord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}"),
    Form("a Telegram bot token", rb"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    Form("a Stripe key", rb"\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{20,}\b"),
    Form("a Stripe webhook secret", rb"\bwhsec_[A-Za-z0-9+/]{24,}"),
    Form("a Square token", rb"\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,}"),
    Form("a Shopify token", rb"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    Form("a SendGrid key", rb"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}\b"),
    Form("a Mailgun key", rb"\bkey-[0-9a-f]{32}\b"),
    Form("a Mailchimp key", rb"\b[0-9a-f]{32}-us[0-9]{1,2}\b"),
    Form("a Twilio key", rb"\bSK[0-9a-f]{32}\b"),
    Form("a Linear key", rb"\blin_(?:api|oauth)_[A-Za-z0-9]{32,}\b"),
    Form("a Notion token", rb"\bntn_[A-Za-z0-9]{40,}\b"),
    Form("a Notion token", rb"\bsecret_[A-Za-z0-9]{43}\b"),
    Form("an Airtable token", rb"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
    Form("a Figma token", rb"\bfig[du]_[A-Za-z0-9_-]{40,}"),
    Form("a Contentful token", rb"\bCFPAT-[A-Za-z0-9_-]{43}\b"),
    Form("a Mapbox secret token", rb"\bsk\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    Form("a Dropbox token", rb"\bsl\.[A-Za-z0-9_.-]{130,}"),
    Form("a Facebook token", rb"\bEAACEdEose0cBA[A-Za-z0-9]{20,}"),
    Form("a New Relic key", rb"\bNRAK-[A-Z0-9]{27}\b"),
    Form("a Grafana token", rb"\bgl(?:sa|c)_[A-Za-z0-9+/_=]{32,}"),
    Form("a Sentry token", rb"\bsntry[su]_[A-Za-z0-9_=+/-]{40,}"),
    # Keys and passwords
    Form(
        "a private key",
        rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"
        rb"""(?:[\s"',;+\\]|\\[rn]|(?:Proc-Type|DEK-Info|Version|Comment):[^\r\n\\]*)*[A-Za-z0-9+/]{40}""",
    ),
    Form("a private key", rb"\bPuTTY-User-Key-File-[23]: ", (b"Private-Lines:",), random=False),
    # The same in base64, as clusters and CI keep it: "-----BEGIN PRIVATE KEY", with and without the kind of key.
    Form("a private key", rb"\bLS0tLS1CRUdJTi(?:BQUklWQVRFIEtFWS|BSU0EgUFJJVkFURSBLRV|BFQyBQUklWQVRFIEtFWS|BPUEVOU1NIIFBSSVZBVEUgS0VZ|BFTkNSWVBURUQgUFJJVkFURSBLRV)[A-Za-z0-9+/]{60,}"),
    Form("a private key", rb"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    Form("a private key", rb'"d"\s{0,4}:\s{0,4}"[A-Za-z0-9_-]{40,}"', (b'"kty"',)),
    Form(
        "a password in an address",
        rb"\b(?:postgres|postgresql|mysql|mariadb|mongodb|rediss?|amqps?|mssql|clickhouse)(?:\+[a-z0-9]{1,12})?://"
        rb"""[^\s:/@"'<>{}$()\[\]]{0,64}:[^\s:/@"'<>{}$()*\[\]]{6,128}@[A-Za-z0-9.-]{1,100}\.[a-z]{2,12}\b""",
    ),
    Form(
        "a password in an address",
        rb"""\bhttps?://[^\s:/@"'<>{}$()\[\]]{1,64}:[^\s:/@"'<>{}$()*\[\]]{8,128}@(?:www\.)?(?:github|gitlab|bitbucket|huggingface)\.[a-z]{2,3}/""",
    ),
)  # fmt: skip
