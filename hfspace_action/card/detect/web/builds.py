"""Pages that have to be built first: by which tool, with which command, and where it leaves them."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.readers.files import Deployed
from hfspace_action.readers.node import Package


class Tool(NamedTuple):
    """A tool that makes pages: the package that is it, the beginning of its configuration's name, where the pages go (unless
    a setting there, `option`, says otherwise), whether index.html is one of its sources, and whether it makes pages only of
    pages: without one it builds a library."""

    name: str
    package: str
    config: str
    output: str
    option: str = ""
    own_index: bool = False
    needs_html: bool = False


class Build(NamedTuple):
    """How a folder's pages are built: the tool's name, the folder it leaves them in, and the
    file that showed it."""

    tool: str
    package: Package
    output: str
    shown_by: str

    @property
    def command(self) -> str:
        """The command that builds the pages of a fresh checkout, with addresses that hold in any folder where the tool can make
        such: whether the Hub serves the page at the top or in its folder is documented nowhere."""
        match self.tool:
            case "Vite" if _ENDS_WITH_VITE.search(self.package.scripts["build"]):
                return self.package.build("--base=./")
            case "Create React App":
                return self.package.build(variable="PUBLIC_URL=.")
        return self.package.build()

    @property
    def page(self) -> str:
        """The page that the Space begins with, from the top."""
        return posixpath.normpath(posixpath.join(self.package.folder, self.output, "index.html"))

    @property
    def folder(self) -> str:
        """The folder of the built pages, from the top."""
        return posixpath.dirname(self.page)


# In the order in which they are looked for: those that are made of others first.
TOOLS = (
    Tool("Docusaurus", "@docusaurus/core", "docusaurus.config.", "build"),
    Tool("VitePress", "vitepress", ".vitepress/config.", ".vitepress/dist"),
    Tool("Astro", "astro", "astro.config.", "dist", "outDir"),
    Tool("Next.js", "next", "next.config.", "out", "distDir"),
    Tool("Gatsby", "gatsby", "gatsby-config.", "public"),
    Tool("SvelteKit", "@sveltejs/kit", "svelte.config.", "build", "pages"),
    Tool("Angular", "@angular/core", "angular.json", "dist"),
    Tool("Vue CLI", "@vue/cli-service", "vue.config.", "dist", "outputDir"),
    Tool("Create React App", "react-scripts", "craco.config.", "build"),
    Tool("Eleventy", "@11ty/eleventy", ".eleventy.", "_site", "output"),
    Tool("Parcel", "parcel", ".parcelrc", "dist", own_index=True, needs_html=True),
    Tool("Vite", "vite", "vite.config.", "dist", "outDir", own_index=True, needs_html=True),
    Tool("webpack", "webpack", "webpack.config.", "dist", needs_html=True),
    Tool("Rollup", "rollup", "rollup.config.", "dist", needs_html=True),
    Tool("esbuild", "esbuild", "esbuild.", "dist", needs_html=True),
)
_HTML = ("index.html", "src/index.html", "public/index.html", "client/index.html")
_ENDS_WITH_VITE = re.compile(r"\bvite build[^&|;]*$")
_OUTPUT_OPTION = re.compile(r"(?:--outDir|--out-dir|--dist-dir|--output-path|--output)[ =]([\w./-]+)")


def find(files: Deployed, folder: str = "") -> Build | None:
    """How the pages of a folder are built; None where there is nothing to build, or no page would come of it."""
    package = Package.read(files, folder)
    if package is None or "build" not in package.scripts or server(package, files):
        return None
    has_html = any(posixpath.join(folder, path) in files.paths for path in _HTML)
    for tool in TOOLS:
        config = _config(files, folder, tool)
        if tool.package in (*package.packages, *package.scripts["build"].split()) or config:
            if tool.needs_html and not has_html:
                return None
            return Build(tool.name, package, _output(tool, package, _text(files, config)), config or package.path)
    return Build("npm", package, _guessed(package), package.path) if has_html else None


def server(package: Package, files: Deployed) -> str | None:
    """The name of what makes a server of a package, not pages; None if nothing does."""
    if package.server:
        return package.server
    for tool in TOOLS:
        if tool.package in package.packages and not _makes_pages(
            tool, package, _text(files, _config(files, package.folder, tool))
        ):
            return tool.name
    return "Nuxt" if "nuxt" in package.packages and "generate" not in package.scripts.get("build", "") else None


def uses_index(tool: str) -> bool:
    """Whether index.html is one of the tool's sources."""
    return any(each.own_index for each in TOOLS if each.name == tool)


def _makes_pages(tool: Tool, package: Package, config: str) -> bool:
    """Whether a tool that can also make a server is set to make pages."""
    match tool.name:
        case "Next.js":
            exported = re.search(r"output\s*:\s*['\"]export['\"]", config)
            return bool(exported) or "next export" in " ".join(package.scripts.values())
        case "SvelteKit":
            return "@sveltejs/adapter-static" in package.packages
        case "Astro":
            return not re.search(r"output\s*:\s*['\"](?:server|hybrid)['\"]", config)
    return True


def _config(files: Deployed, folder: str, tool: Tool) -> str | None:
    beginning = posixpath.join(folder, tool.config)
    return next(
        (path for path in files.paths if path.startswith(beginning) and "/" not in path[len(beginning) :]), None
    )


def _output(tool: Tool, package: Package, config: str) -> str:
    """Where the pages go: by the build script's options, the configuration, or the tool's default."""
    found = _OUTPUT_OPTION.search(package.scripts["build"])
    output = found[1] if found else _setting(tool.option, config) or tool.output
    if tool.name == "Angular" and not found:
        output = _angular(config)
    root = _setting("root", config) if tool.name == "Vite" else None
    return posixpath.normpath(posixpath.join(root or "", output)).strip("/")


def _setting(name: str, config: str) -> str | None:
    """A path that a configuration sets, as a text or as `resolve(__dirname, "…")`."""
    found = (
        re.search(rf"\b{name}\s*:\s*(?:[\w.]*resolve\(\s*[\w.]+\s*,\s*)?['\"]([\w./-]+)['\"]", config) if name else None
    )
    return found[1] if found else None


def _angular(config: str) -> str:
    path = re.search(r'"outputPath"\s*:\s*"([\w./-]+)"', config)
    project = re.search(r'"projects"\s*:\s*\{\s*"([\w.-]+)"', config)
    folder = path[1] if path else f"dist/{project[1]}" if project else "dist"
    return folder if '"browser"' in config and "application" not in config else f"{folder}/browser"


def _guessed(package: Package) -> str:
    """Where a build script that is no known tool's leaves its pages, as far as its words show it."""
    words = re.findall(r"\b(dist|build|out|public|docs|_site)\b", package.scripts["build"].partition(" ")[2])
    return words[-1] if words else "dist"


def _text(files: Deployed, path: str | None) -> str:
    return (files.text(path) or "") if path else ""


def below(files: Deployed) -> Iterator[Build]:
    """The builds of folders one level down."""
    folders = {
        path.partition("/")[0] for path in files.paths if path.count("/") == 1 and path.endswith("/package.json")
    }
    yield from (build for folder in sorted(folders) if (build := find(files, folder)))
