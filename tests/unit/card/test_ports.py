"""The port of a docker app: what its Dockerfile, its command, its source and its server's configuration show."""

from pathlib import Path

import pytest

from hfspace_action.card import ports
from hfspace_action.checkout import walk
from hfspace_action.readers.files import Deployed
from tests.kit.gitrepo import write
from tests.kit.space.made_repositories import FASTAPI, FLASK, GRADIO

FROM = "FROM python:3.13-slim\nCOPY . .\n"
FILES = {
    "app.py": GRADIO,
    "main.py": FASTAPI + "\n\nimport uvicorn\n\nuvicorn.run(app, host='0.0.0.0', port=9000)\n",
    "flask_app.py": FLASK + "\n\napp.run(host='0.0.0.0')\n",
    "start.sh": "#!/bin/bash\nset -e\nexec uvicorn main:app --host 0.0.0.0 --port ${PORT:-8300}\n",
    "nginx.conf": "server {\n  listen 8088;\n}\n",
}


def found(tmp_path: Path, dockerfile: str, **files: str) -> ports.Port | None:
    write(tmp_path, {**FILES, **files, "Dockerfile": dockerfile})
    return ports.find(Deployed(walk.read(tmp_path, ".").files))


@pytest.mark.parametrize(
    ("dockerfile", "port", "shown_by"),
    [
        # EXPOSE: the last one, the first port in it that a Space can have
        ("EXPOSE 8080", 8080, "Dockerfile:1"),
        ("expose 3000/tcp\n", 3000, "Dockerfile:1"),
        ("EXPOSE 3000\n# EXPOSE 9000\nEXPOSE 8080 9090", 8080, "Dockerfile:3"),
        ("EXPOSE 22 8080", 8080, "Dockerfile:1"),
        ("EXPOSE 8000-8010", 8000, "Dockerfile:1"),
        ("ENV PORT=5000\nEXPOSE $PORT", 5000, "Dockerfile:2"),
        ("ENV HOST=0 PORT=5000\nEXPOSE ${PORT}/tcp", 5000, "Dockerfile:2"),
        ("ENV PORT 5000\nEXPOSE ${PORT}", 5000, "Dockerfile:2"),
        ("ARG PORT=5000\nENV PORT=6000\nEXPOSE $PORT", 6000, "Dockerfile:3"),
        ("ENV A=1 \\\n  # comment\n  PORT=5000\n\nEXPOSE \\\n  $PORT", 5000, "Dockerfile:5"),
        ("EXPOSE ${PORT:-4000}", 4000, "Dockerfile:1"),
        ("RUN <<EOF\nEXPOSE 1234\nEOF\nEXPOSE 8080", 8080, "Dockerfile:4"),
        ("EXPOSE 8080\nCOPY <<one <<two /\none\nEXPOSE 1234\ntwo", 8080, "Dockerfile:1"),
        ("EXPOSE 8080\nRUN <<EOF\n  EOF\nEXPOSE 1234\nEOF", 8080, "Dockerfile:1"),
        ("RUN cat <<<word\nEXPOSE 8080", 8080, "Dockerfile:2"),
        ("\ufeffEXPOSE 8080", 8080, "Dockerfile:1"),
        ("FROM node AS build\nEXPOSE 3000\nFROM nginx\nEXPOSE 8080", 8080, "Dockerfile:4"),
        ("FROM a AS base\nEXPOSE 3000\nFROM base\nRUN x", 3000, "Dockerfile:2"),
        ("ARG PORT\nEXPOSE $PORT", None, ""),
        ("EXPOSE 70000", None, ""),
        ("EXPOSE " + "7" * 5000, None, ""),
        ("EXPOSE " + "7" * 5000 + " 8080", 8080, "Dockerfile:1"),
        ("ENV X='unclosed\nEXPOSE 7861", 7861, "Dockerfile:2"),
        # The command, which beats EXPOSE where it is one program
        ('CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8123"]', 8123, "Dockerfile:3, --port 8123"),
        ("CMD uvicorn main:app --port=8123", 8123, "--port 8123"),
        ("ENTRYPOINT uvicorn x:y\nCMD gunicorn -b 0.0.0.0:8124 x:y", 8124, "-b 0.0.0.0:8124"),
        ("CMD gunicorn --bind :8125 x:y", 8125, "--bind :8125"),
        ("CMD gunicorn --bind :$PORT x:y\nENV PORT=8126", 8126, "--bind :8126"),
        ('CMD ["sh", "-c", "uvicorn x:y --port ${PORT:-8127}"]', 8127, "--port 8127"),
        ("CMD streamlit run app.py --server.port=8128", 8128, "--server.port 8128"),
        ("CMD python -m http.server 8129", 8129, "http.server 8129"),
        ("CMD python manage.py runserver 0.0.0.0:8130", 8130, "runserver 0.0.0.0:8130"),
        ("CMD vllm serve m -p 8131", 8131, "-p 8131"),
        ("EXPOSE 8080\nCMD uvicorn x:y --port 9090", 9090, "--port 9090"),
        ("EXPOSE 7860\nCMD uvicorn x:y --port 8000 & nginx", 7860, "Dockerfile:3"),
        ("CMD ./start.sh", 8300, "start.sh:3, --port 8300"),
        ('CMD ["bash", "/app/start.sh"]', 8300, "start.sh:3"),
        # A variable
        ("ENV PORT=8200\nCMD node server.js", 8200, "Dockerfile:3, ENV PORT"),
        ("ENV GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=8201\nCMD python x.py", 8201, "ENV GRADIO_SERVER_PORT"),
        # What programs, sources and images do by themselves
        ("CMD streamlit run app.py", 8501, "the default of streamlit"),
        ("CMD [\"uvicorn\", \"x:y\"]", 8000, "the default of uvicorn"),
        ("CMD flask run --host 0.0.0.0", 5000, "the default of flask"),
        ("CMD npx next start", 3000, "the default of next"),
        ("CMD /usr/local/bin/gunicorn x:y", 8000, "the default of gunicorn"),
        ("CMD chainlit run app.py -h", 8000, "the default of chainlit"),
        ("CMD python app.py", 7860, "app.py, by Gradio's default"),
        ("CMD python main.py", 9000, "main.py, which names it"),
        ('CMD ["python3", "/code/flask_app.py"]', 5000, "flask_app.py, by Flask's default"),
        ("CMD python unknown.py", None, ""),
        ("RUN true", None, ""),
    ],
)  # fmt: skip
def test_the_port_is_the_one_that_the_app_listens_on(
    tmp_path: Path, dockerfile: str, port: int | None, shown_by: str
) -> None:
    text = FROM + dockerfile if "CMD" in dockerfile else dockerfile
    seen = found(tmp_path, text)

    assert (seen and seen.number) == port
    assert shown_by in str(seen)


def test_nginx_listens_where_its_configuration_says(tmp_path: Path) -> None:
    seen = found(tmp_path, "FROM nginx:alpine\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\n")

    assert str(seen) == "nginx.conf:2, listen"
    assert seen is not None
    assert seen.number == 8088
