"""`scripts/find-python`: the Python that `make` builds with."""

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts/find-python"


def found(path: str) -> str:
    """What the script prints where commands are looked for along `path`."""
    run = subprocess.run(
        ["/bin/sh", SCRIPT], env=os.environ | {"PATH": path}, capture_output=True, check=True
    )
    return run.stdout.decode().strip()


def test_it_is_new_enough_and_can_make_an_environment() -> None:
    python = found(os.environ["PATH"])
    asked = "import ensurepip, sys, venv; print(sys.version_info >= (3, 11))"
    assert subprocess.run([python, "-c", asked], capture_output=True).stdout.strip() == b"True"


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", "ascii")
    old.chmod(0o755)
    # Where the system has none either, `make-venv` says what is missing.
    assert found(str(tmp_path)) in ("/usr/bin/python3", "python3")
