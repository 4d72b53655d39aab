"""Sources of sites that the Hub can't build: by which generator, and the command that builds them in a workflow."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.readers.files import Deployed

SITE = Clue(65)
DOCUMENTATION = Clue(30)
"""For a generator that more often makes the documentation of an app or library than the app itself."""


class Site(NamedTuple):
    """A generator of sites: its configuration's names, what else has to be there, the command, where the pages go, and what the
    configuration says if not every one is its own. `package` is the one on PyPI."""

    name: str
    configurations: tuple[str, ...]
    beside: tuple[str, ...]
    command: str
    output: str
    says: str = ""
    clue: Clue = SITE
    package: str = ""

    def built(self, path: str, files: Deployed) -> str:
        """The command that builds the site of the configuration `path`. Python's generators are installed for themselves: what a
        file of requirements names, else their package."""
        command = self.command.replace("{folder}", path.rpartition("/")[0] or ".")
        if not self.package:
            return command
        program = command.partition(" ")[0].partition("-")[0]
        for each in ("docs/requirements.txt", "docs/requirements.in", "requirements-docs.txt", "requirements.txt"):
            if program in (files.text(each) or "").lower():
                return f"python3 -m venv /tmp/site && /tmp/site/bin/pip install -r {each} && /tmp/site/bin/{command}"
        return f"pipx run --spec {shlex.quote(self.package)} {command}"


# The commands are those of GitHub's own runners, which have pipx, npx, Ruby, cargo and snap. Each says where the pages go: the
# configuration may say otherwise.
_HUGO = "hugo --minify --baseURL / --destination public"
_JEKYLL = "jekyll build --baseurl '' --destination _site"
_OF_JEKYLL = ("_posts/", "_layouts/", "_includes/", "index.md", "index.markdown", "index.html")
SITES = (
    Site("Zola", ("config.toml", "zola.toml"), ("content/", "templates/", "themes/"),
         "sudo snap install --edge zola && zola build --base-url / --output-dir public --force", "public", r"^base_url\s*="),
    Site("Hugo", ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default/hugo.toml", "config/_default/hugo.yaml",
                  "config/_default/config.toml", "config/_default/config.yaml"), (), _HUGO, "public", package="hugo"),
    Site("Hugo", ("config.toml", "config.yaml", "config.yml"), ("content/", "archetypes/", "themes/"), _HUGO, "public", package="hugo"),
    Site("Jupyter Book", ("_config.yml",), ("_toc.yml",), "jupyter-book build . --path-output .", "_build/html", package="jupyter-book<2"),
    Site("Jekyll", ("_config.yml", "_config.yaml"), ("Gemfile",), f"bundle install && bundle exec {_JEKYLL}", "_site"),
    Site("Jekyll", ("_config.yml", "_config.yaml"), _OF_JEKYLL, f"sudo gem install github-pages && {_JEKYLL}", "_site"),
    Site("MkDocs", ("mkdocs.yml", "mkdocs.yaml"), ("docs/",), "mkdocs build --site-dir site", "site", "", DOCUMENTATION, "mkdocs-material"),
    Site("Sphinx", ("docs/conf.py", "docs/source/conf.py", "doc/conf.py", "conf.py"), ("docs/index.rst", "docs/index.md", "docs/source/index.rst", "docs/source/index.md", "doc/index.rst", "index.rst"),
         "sphinx-build {folder} site", "site", "", DOCUMENTATION, "sphinx"),
    Site("Quarto", ("_quarto.yml", "_quarto.yaml"), (), "quarto render --output-dir _site", "_site", package="quarto-cli"),
    Site("mdBook", ("book.toml",), ("src/",), "cargo install mdbook && mdbook build --dest-dir book", "book"),
    Site("Trunk", ("index.html",), ("Cargo.toml",),
         "rustup target add wasm32-unknown-unknown && cargo install --locked trunk && trunk build --release --public-url ./ --dist dist",
         "dist", r"\bdata-trunk\b"),
    Site("Flutter", ("pubspec.yaml",), ("web/index.html",),
         "git clone --depth 1 --branch stable https://github.com/flutter/flutter ../flutter && ../flutter/bin/flutter build web", "build/web"),
)  # fmt: skip


def candidates(files: Deployed) -> Iterator[Candidate]:
    """Every generator whose source this is."""
    names = set[str]()
    for site in SITES:
        path = next((path for path in site.configurations if path in files.paths and _says(site, path, files)), None)
        if path and site.name not in names and (not site.beside or any(_there(each, files) for each in site.beside)):
            names.add(site.name)
            yield Candidate("site", path, [site.clue], {"site": site, "command": site.built(path, files)})
            if site.clue == SITE:
                return  # the next ones' configurations go by the same names


def _says(site: Site, path: str, files: Deployed) -> bool:
    return not site.says or re.search(site.says, files.text(path) or "", re.MULTILINE) is not None


def _there(path: str, files: Deployed) -> bool:
    return path in files.paths if not path.endswith("/") else any(each.startswith(path) for each in files.paths)
