"""What operators need to know is written down."""

import re

from clutch_portal.embedded.places import CHECKOUT

READ = re.compile(r"""(?:env\.\w+|environ\.get|_key)\(\s*"([A-Z_]+)\"""")
NOT_THEIRS = {"PATH"}


def test_every_variable_of_the_environment_is_explained() -> None:
    sources = [file.read_text() for file in (CHECKOUT / "clutch_portal").rglob("*.py")]
    read = {name for source in sources for name in READ.findall(source)} - NOT_THEIRS
    guide = (CHECKOUT / "docs" / "operations.md").read_text()

    assert {"DATABASE_URL", "PIN_KEYS", "WEB_THREADS", "LOG_LEVEL", "PROXIES"} <= read
    assert [name for name in sorted(read) if f"`{name}`" not in guide] == []
