"""Messages to a file, one JSON object a line: for trying things out, and for programs that pick them up."""

import json
import os
from pathlib import Path

from django.conf import settings

from apps.messaging.providers.interface import Account, NotNow, Outgoing, as_json


def path_of(brand_code: str, channel: str) -> Path:
    """The file of a brand's channel."""
    name = "".join(each if each.isalnum() or each in "-_" else "_" for each in brand_code)
    return Path(settings.MESSAGES_DIR) / f"{name}-{channel}.jsonl"


def send(message: Outgoing, account: Account) -> str:
    """Append the message, readable by nobody else. Lines of several workers do not mix: each is one write."""
    path = path_of(account.brand_code, message.channel)
    line = json.dumps(as_json(message, account), ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)
    except OSError as problem:
        raise NotNow(f"The file cannot be written: {problem.strerror}.") from problem
    return ""
