"""Packages whose names can't be guessed from what is imported or loaded."""

# Import name -> name on PyPI
PYPI = {
    "Crypto": "pycryptodome",
    "OpenGL": "PyOpenGL",
    "PIL": "pillow",
    "attr": "attrs",
    "audioop": "audioop-lts",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "github": "PyGithub",
    "google.generativeai": "google-generativeai",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "llama_cpp": "llama-cpp-python",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "multipart": "python-multipart",
    "pkg_resources": "setuptools",
    "distutils": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pytorch_lightning": "pytorch-lightning",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "telegram": "python-telegram-bot",
    "umap": "umap-learn",
    "websocket": "websocket-client",
    "whisper": "openai-whisper",
    "yaml": "pyyaml",
}

# Shared library -> Debian package
DEBIAN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libSM.so.6": "libsm6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libsndfile.so.1": "libsndfile1",
    "libsndfile.so": "libsndfile1",
    "libportaudio.so.2": "libportaudio2",
    "libgomp.so.1": "libgomp1",
    "libespeak-ng.so.1": "espeak-ng",
    "libmagic.so.1": "libmagic1",
    "libpq.so.5": "libpq5",
    "libcairo.so.2": "libcairo2",
    "libpango-1.0-0": "libpango-1.0-0",
    "libodbc.so.2": "unixodbc",
    "libtesseract.so.5": "tesseract-ocr",
}


def pypi(module: str) -> str:
    """The package on PyPI that most likely brings a module: the known one, or the one of the same name."""
    top = module.split(".", maxsplit=1)[0]
    return PYPI.get(module) or PYPI.get(top) or top.replace("_", "-")


def debian(library: str) -> str:
    """The Debian package of a shared library, as advice puts it."""
    return DEBIAN.get(library) or f"the package that has {library} (https://packages.debian.org knows)"
