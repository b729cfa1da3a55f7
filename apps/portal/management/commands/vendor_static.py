"""Fetch the foreign style sheets and scripts from npm's registry into this repository, or check what lies there.

static/vendor/VENDOR.json is the list: package, version, licence, the archive's checksum as npm publishes it, and for
each file its path in the archive, its place here and the SHA-256 of what is stored here. To take a newer version,
change `version`, put `integrity` to the registry's `dist.integrity`, and run with --accept.
"""

import base64
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

LIST = Path("static/vendor/VENDOR.json")
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*\Z")


class Command(BaseCommand):
    """`manage.py vendor_static`, with `--check` for a look without network."""

    help = "Fetch vendored static files from npm, or check their hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare the stored files with the list")
        parser.add_argument("--accept", action="store_true", help="write the hashes of what was fetched into the list")

    def handle(self, *args: Any, check: bool, accept: bool, **options: Any) -> None:
        path = settings.BASE_DIR / LIST
        packages = json.loads(path.read_text())
        for package in packages:
            archive = None if check else _archive(package)
            for file in package["files"]:
                self._file(file, archive, accept)
        if accept:
            path.write_text(json.dumps(packages, indent=2) + "\n")
        self.stdout.write(f"{sum(len(package['files']) for package in packages)} files are as listed.")

    def _file(self, file: dict[str, str], archive: tarfile.TarFile | None, accept: bool) -> None:
        place = settings.BASE_DIR / file["file"]
        content = place.read_bytes() if archive is None else _member(archive, file["from"])
        found = hashlib.sha256(content).hexdigest()
        if accept:
            file["sha256"] = found
        if found != file["sha256"]:
            raise CommandError(f"{file['file']} has the SHA-256 {found}, but {file['sha256']} is listed.")
        if archive is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _archive(package: dict[str, Any]) -> tarfile.TarFile:
    """The published archive, if it is the one that the list means."""
    name, version = package["name"], package["version"]
    url = f"https://registry.npmjs.org/{name}/-/{name.rsplit('/', 1)[-1]}-{version}.tgz"
    content = requests.get(url, timeout=60)
    content.raise_for_status()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content.content).digest()).decode()
    if integrity != package["integrity"]:
        raise CommandError(f"{name} {version} has the checksum {integrity}, but {package['integrity']} is listed.")
    return tarfile.open(fileobj=io.BytesIO(content.content), mode="r:gz")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of the archive, without the reference to a source map that is not kept here."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise CommandError(f"{name} is no file of the archive.")
    return SOURCE_MAP.sub(b"\n", member.read())
