"""The keys of a Space's front matter. Source: https://huggingface.co/docs/hub/spaces-config-reference"""

TEXTS = frozenset((
    *("title", "emoji", "sdk", "app_file", "app_build_command", "base_path", "short_description", "thumbnail", "license"),
    *("sdk_version", "python_version"),
))  # fmt: skip
"""Those whose value is a text, whatever it looks like."""
VERSIONS = frozenset(("sdk_version", "python_version"))
ALL = TEXTS | {
    *("colorFrom", "colorTo", "app_port", "fullWidth", "header", "models", "datasets", "tags", "pinned", "suggested_hardware"),
    *("suggested_storage", "hf_oauth", "hf_oauth_scopes", "hf_oauth_expiration_minutes", "hf_oauth_authorized_org"),
    *("disable_embedding", "startup_duration_timeout", "custom_headers", "preload_from_hub"),
}  # fmt: skip
COLORS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
VALUES = {"colorFrom": COLORS, "colorTo": COLORS, "sdk": ("gradio", "docker", "static"), "header": ("mini", "default")}
"""Those whose value is one of a few."""
