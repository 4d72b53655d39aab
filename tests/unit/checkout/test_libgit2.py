"""What pygit2's import takes from the machine."""

import subprocess
import sys


def test_it_reads_no_certificates_and_leaves_the_environment_alone() -> None:
    nowhere = {"SSL_CERT_FILE": "/nowhere/ca.pem", "SSL_CERT_DIR": "/nowhere"}
    program = "import os; from hfspace_action.checkout.git import libgit2; print(os.environ['SSL_CERT_FILE'], os.environ['SSL_CERT_DIR'])"
    run = subprocess.run([sys.executable, "-c", program], env=nowhere, capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == (list(nowhere.values()), "")
