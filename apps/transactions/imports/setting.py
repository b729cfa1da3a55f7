"""What an importer is made for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.programs.core.configuration import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`names` are the columns of the file, `moment` the beginning of the import, `location` a code or empty, `job_id`
    0 for a rehearsal; `digest` is the file's."""

    configuration: Configuration
    names: Sequence[str]
    moment: datetime
    digest: str = ""
    location: str = ""
    job_id: int = 0
