"""Programs beside Python that some tests need: where one is missing the test says so and is skipped.

`.ci/run` installs them, so that nothing is skipped there.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip a test where one of the programs is not installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    reason = f"needs {' and '.join(missing)} (Debian: apt-get install curl jq nodejs npm php-cli)"
    return pytest.mark.skipif(bool(missing), reason=reason)


def node_modules(source: Path) -> Path:
    """Install what `package-lock.json` in `source` pins, once for each version of that file; returns the folder with it
    and with all that lies in `source`."""
    lock = source / "package-lock.json"
    place = Path(settings.VAR_DIR) / "npm" / f"{source.name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    shutil.copytree(source, place, dirs_exist_ok=True)
    done = place / "installed"
    if not done.exists():
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], place)
        done.touch()
    return place


def run(command: list[str], folder: Path, *, text: str = "", environment: dict[str, str] | None = None) -> str:
    """What a program writes; it must end well within a minute."""
    done = subprocess.run(
        command, cwd=folder, input=text, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
