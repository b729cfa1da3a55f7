"""Foreign files: exactly those that were published, each with its licence."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
PACKAGES = json.loads((ROOT / "static/vendor/VENDOR.json").read_text())
FILES = [file for package in PACKAGES for file in package["files"]]
LARGEST_SCRIPT = 150_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["file"])
def test_file_is_the_published_one(file: dict[str, str]) -> None:
    assert hashlib.sha256((ROOT / file["file"]).read_bytes()).hexdigest() == file["sha256"]


def test_check_command_agrees() -> None:
    call_command("vendor_static", check=True)


def test_nothing_else_lies_there() -> None:
    listed = {file["file"] for file in FILES}
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "static/vendor").iterdir()}
    assert found - listed == {"static/vendor/VENDOR.json", "static/vendor/tabler.LICENSE.txt"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_licence_is_named_and_present(package: dict[str, str]) -> None:
    assert package["licence"] in {"MIT", "0BSD", "MPL-2.0"}
    folder = (ROOT / package["files"][0]["file"]).parent
    assert list(folder.glob("*.LICENSE.txt"))


def test_scripts_stay_small() -> None:
    scripts = [*(ROOT / "static").glob("*.js"), *(ROOT / "static/vendor").glob("*.js")]
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < LARGEST_SCRIPT
