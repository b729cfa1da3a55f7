"""Files of messages lie in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(MESSAGES_DIR=str(tmp_path)):
        yield
