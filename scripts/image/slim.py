"""Makes what pip installed smaller, without leaving a package out: run in the first stage of the Dockerfile, with nothing but Python and `strip`.

* One OpenSSL: pygit2's wheel brings a copy, which becomes a link to the base image's, of the same name (libcrypto.so.3). So an update of
  the base mends it too.
* No symbols for debuggers in compiled modules.
* Bytecode instead of source, for what runs use; the rest (the client's command line, its inference clients, …) stays source and gets no
  bytecode. `make weigh` says if a run imports some of it. The app keeps both: a fault of ours is reported with its lines.
"""

import compileall
import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

UNUSED = re.compile(
    r"/site-packages/(huggingface_hub/(cli|inference|serialization|templates)|cffi|anyio/_backends"
    r"|filelock/_soft_rw|httpx2/websockets|packaging/(licenses|pylock)|tqdm/contrib)/|/tests?/"
    # Modules that a package loads when somebody asks for them: other systems' events and locks, buckets, sandboxes.
    r"|/anyio/(_core/_(fileio|sockets|subprocesses|synchronization|tempfile)|from_thread|functools|itertools|pytest_plugin|to_(interpreter|process))\.py$"
    r"|/filelock/(_async|_async_read_write|_lease|_read_write|_strict|asyncio)\.py$"
    r"|/huggingface_hub/(_buckets|_bucket_live_follow|_sandbox|_sandbox_cache|hf_file_system|hub_mixin)\.py$"
)
"""What no run imports."""
_COPY = re.compile(r"(lib(?:crypto|ssl))-[0-9a-f]+\.so\.3")


def share_openssl(packages: Path) -> None:
    """Replace copies of OpenSSL 3 by links to the system's; they keep their names, which other libraries ask for."""
    for copy in packages.glob("*.libs/lib*.so.3"):
        if found := _COPY.fullmatch(copy.name):
            copy.unlink()
            copy.symlink_to(_system(f"{found[1]}.so.3"))


def _system(name: str) -> Path:
    """Return where the loader finds a library."""
    ctypes.CDLL(name)  # raises OSError where the base image has none
    for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
        path = line.rpartition(" ")[2]
        if path.startswith("/") and Path(path).name == name:
            return Path(path)
    raise FileNotFoundError(name)


def strip(packages: Path) -> None:
    """Take the symbols out of compiled modules and libraries."""
    modules = [path for path in packages.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *modules], check=True)


def compile_used(packages: Path, app: Path) -> bool:
    """Compile all but what no run imports; False if a file can't be compiled."""
    done = compileall.compile_dir(packages, quiet=1, rx=UNUSED, legacy=True, workers=os.cpu_count() or 1)
    for compiled in packages.rglob("*.pyc"):
        compiled.with_suffix(".py").unlink()
    return bool(done and compileall.compile_dir(app, quiet=1))


def main(environment: Path, app: Path) -> int:
    """Do all of it to a virtual environment, and compile the app."""
    (packages,) = environment.glob("lib/python3*/site-packages")
    share_openssl(packages)
    strip(packages)
    return 0 if compile_used(packages, app) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
