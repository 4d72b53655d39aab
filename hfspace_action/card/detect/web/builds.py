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
    script: str = "build"

    @property
    def command(self) -> str:
        """The command that builds the pages of a fresh checkout, with addresses that hold in any folder where the tool can make
        such: whether the Hub serves the page at the top or in its folder is documented nowhere."""
        script = self.package.scripts[self.script]
        if self.tool == "Nuxt" and "generate" not in script:  # its build makes a server
            return self.package.run_program("nuxt generate")
        program, option = _RELATIVE.get(self.tool, ("", ""))
        option = option if program and program in re.split(r"&&|[|;]", script)[-1] else ""
        if self.tool == "Vite" and option and self.leads_out:
            option += " --outDir=dist"
        variable = "PUBLIC_URL=." if self.tool == "Create React App" else ""
        return self.package.run(self.script, option, variable)

    @property
    def leads_out(self) -> bool:
        """Whether the pages would go to a folder outside the Space."""
        return posixpath.normpath(posixpath.join(self.package.folder, self.output)).startswith("..")

    @property
    def page(self) -> str:
        """The page that the Space begins with, from the top."""
        output = "dist" if self.leads_out else self.output
        return posixpath.normpath(posixpath.join(self.package.folder, output, "index.html"))

    @property
    def folder(self) -> str:
        """The folder of the built pages, from the top."""
        return posixpath.dirname(self.page)


# In the order in which they are looked for: those that are made of others first.
TOOLS = (
    Tool("Docusaurus", "@docusaurus/core", "docusaurus.config.", "build"),
    Tool("VitePress", "vitepress", ".vitepress/config.", ".vitepress/dist"),
    Tool("VuePress", "vuepress", ".vuepress/config.", ".vuepress/dist"),
    Tool("Nuxt", "nuxt", "nuxt.config.", ".output/public"),
    Tool("Hexo", "hexo", "_config.landscape", "public"),
    Tool("React Router", "@react-router/dev", "react-router.config.", "build/client"),
    Tool("Remix", "@remix-run/dev", "remix.config.", "build/client"),
    Tool("Astro", "astro", "astro.config.", "dist", "outDir"),
    Tool("Next.js", "next", "next.config.", "out", "distDir"),
    Tool("Gatsby", "gatsby", "gatsby-config.", "public"),
    Tool("SvelteKit", "@sveltejs/kit", "svelte.config.", "build", "pages"),
    Tool("Angular", "@angular/core", "angular.json", "dist"),
    Tool("Vue CLI", "@vue/cli-service", "vue.config.", "dist", "outputDir"),
    Tool("Create React App", "react-scripts", "craco.config.", "build"),
    Tool("Eleventy", "@11ty/eleventy", "eleventy.config.", "_site", "output"),
    Tool("Eleventy", "@11ty/eleventy", ".eleventy.", "_site", "output"),
    Tool("Parcel", "parcel", ".parcelrc", "dist", own_index=True, needs_html=True),
    Tool("Vite", "vite", "vite.config.", "dist", "outDir", own_index=True, needs_html=True),
    Tool("webpack", "webpack", "webpack.config.", "dist", needs_html=True),
    Tool("Rollup", "rollup", "rollup.config.", "dist", needs_html=True),
    Tool("esbuild", "esbuild", "esbuild.", "dist", needs_html=True),
)
_HTML = ("index.html", "src/index.html", "public/index.html", "client/index.html")
# The program, and the option by which the page loads its files from beside itself, of the tools that have one.
_RELATIVE = {
    "Vite": ("vite build", "--base=./"),
    "Angular": ("ng build", "--base-href=./"),
    "Parcel": ("parcel build", "--public-url=./"),
}
_BUILDS = r"\b(?:vitepress|vuepress|vite|docusaurus|astro|gatsby|parcel|hexo) (?:build|generate)\b|\beleventy$"
_OUTPUT_OPTION = re.compile(r"(?:--outDir|--out-dir|--dist-dir|--output-path|--output)[ =]([\w./-]+)")


def find(files: Deployed, folder: str = "") -> Build | None:
    """How the pages of a folder are built; None where there is nothing to build, or no page would come of it."""
    package = Package.read(files, folder)
    script = _script(package) if package else None
    if package is None or script is None or server(package, files):
        return None
    has_html = any(posixpath.join(folder, path) in files.paths for path in _HTML)
    for tool in TOOLS:
        config = _config(files, folder, tool)
        if tool.package in (*package.packages, *package.scripts[script].split()) or config:
            if tool.needs_html and not has_html:
                return None
            output = _output(tool, package.scripts[script], _text(files, config))
            return Build(tool.name, package, output, config or package.path, script)
    return Build("npm", package, _guessed(package.scripts[script]), package.path, script) if has_html else None


def _script(package: Package) -> str | None:
    """The script that builds the pages: `build`, or the one that runs a known tool."""
    if "generate" in package.scripts and "nuxt" in package.packages:
        return "generate"
    runs = (name for name, text in package.scripts.items() if re.search(_BUILDS, text))
    return "build" if "build" in package.scripts else next(runs, None)


def server(package: Package, files: Deployed) -> str | None:
    """The name of what makes a server of a package, not pages; None if nothing does."""
    for tool in TOOLS:
        config = _text(files, _config(files, package.folder, tool))
        if tool.package in package.packages and not _makes_pages(tool, package, config):
            return tool.name
    return package.server or None


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
        case "Nuxt":
            alone = "generate" in package.scripts and "build" not in package.scripts
            static = re.search(r"\bssr\s*:\s*false|preset\s*:\s*['\"](?:static|github_pages)", config)
            return alone or bool(static) or "nuxt generate" in package.scripts.get("build", "")
        case "React Router" | "Remix":
            return bool(re.search(r"\bssr\s*:\s*false", config))
        case "Astro":
            return not re.search(r"output\s*:\s*['\"](?:server|hybrid)['\"]", config)
    return True


def _config(files: Deployed, folder: str, tool: Tool) -> str | None:
    beginning = posixpath.join(folder, tool.config)
    return next(
        (path for path in files.paths if path.startswith(beginning) and "/" not in path[len(beginning) :]), None
    )


def _output(tool: Tool, script: str, config: str) -> str:
    """Where the pages go: by the build script's options, the configuration, or the tool's default."""
    found = _OUTPUT_OPTION.search(script)
    output = found[1] if found else _setting(tool.option, config) or tool.output
    if tool.name == "Angular" and not found:
        output = _angular(config)
    below = re.search(r"\b(?:vitepress|vuepress) build ([\w./-]+)", script)
    root = _setting("root", config) if tool.name == "Vite" else below[1] if below and not found else None
    return posixpath.normpath(posixpath.join(root or "", output)).strip("/")


def _setting(name: str, config: str) -> str | None:
    """A path that a configuration sets, as a text or as `resolve(__dirname, "…")`."""
    found = (
        re.search(rf"\b{name}\s*:\s*(?:[\w.]*resolve\(\s*[\w.]+\s*,\s*)?['\"]([\w./-]+)['\"]", config) if name else None
    )
    return found[1] if found else None


def _angular(config: str) -> str:
    """Angular's newer builder, `application`, puts the pages into a folder below."""
    path = re.search(r'"outputPath"\s*:\s*(?:\{\s*"base"\s*:\s*)?"([\w./-]+)"', config)
    project = re.search(r'"projects"\s*:\s*\{\s*"([\w.-]+)"', config)
    folder = path[1] if path else f"dist/{project[1]}" if project else "dist"
    return folder if re.search(r'"builder"\s*:\s*"[^"]*:browser(?:-esbuild)?"', config) else f"{folder}/browser"


def _guessed(script: str) -> str:
    """Where a build script that is no known tool's leaves its pages, as far as its words show it."""
    words = re.findall(r"\b(dist|build|out|public|docs|_site)\b", script.partition(" ")[2])
    return words[-1] if words else "dist"


def _text(files: Deployed, path: str | None) -> str:
    return (files.text(path) or "") if path else ""


def below(files: Deployed) -> Iterator[Build]:
    """The builds of folders one level down."""
    folders = {
        path.partition("/")[0] for path in files.paths if path.count("/") == 1 and path.endswith("/package.json")
    }
    yield from (build for folder in sorted(folders) if (build := find(files, folder)))
