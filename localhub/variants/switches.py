"""Which variants are on, and for which repositories."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from . import contributions, credentials, lives, reading, rights, static_pages, uploads
from .variant import Variant

GROUPS = (reading, uploads, static_pages, credentials, rights, lives, contributions)
ALL: Mapping[str, Variant] = MappingProxyType({one.name: one for group in GROUPS for one in group.VARIANTS})
"""Every variant, by name."""


class Switches:
    """Variants that are on for every repository whose id begins so; the empty prefix is that of all."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on: dict[str, frozenset[Variant]] = {}
        self.set(names)

    def on(self, variant: Variant, repo_id: str) -> bool:
        """Whether a variant is on for a repository (`owner/name`, in whatever case)."""
        repo_id = repo_id.lower()
        return any(variant in variants for prefix, variants in self._on.items() if repo_id.startswith(prefix))

    def set(self, names: Iterable[str], prefix: str = "") -> None:
        """Switch these on, and all others off, for the repositories whose id begins so. ValueError for an unknown name."""
        variants = frozenset(_variant(name) for name in names)
        self._on.pop(prefix.lower(), None)
        if variants:
            self._on[prefix.lower()] = variants

    def clear(self) -> None:
        """Switch all off."""
        self._on.clear()

    def prefixes(self, variant: Variant) -> Collection[str]:
        """Where a variant is on."""
        return sorted(prefix for prefix, variants in self._on.items() if variant in variants)


def _variant(name: str) -> Variant:
    if name not in ALL:
        raise ValueError(f"There is no variant {name!r}; there are {', '.join(ALL)}")
    return ALL[name]
