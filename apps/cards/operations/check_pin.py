"""The PIN check, and the counters that stop guessing.

Attempts are counted before the comparison and outside of any transaction: a roll-back forgets nothing, and parallel
guesses cannot all see the same count. A right PIN takes its count back.
"""

import time
from dataclasses import dataclass
from hmac import compare_digest

from apps.cards.operations.seal_pin import PIN_LENGTH
from apps.cards.queries.open_pin import open_pin
from apps.kernel.db import counters
from apps.kernel.errors import ErrorCode, Refusal

WINDOW = 15 * 60
"""Seconds over which wrong PINs count, and for which a full counter refuses."""
PAUSES = (0.01, 0.02, 0.04, 0.0)
"""Seconds to wait for others to finish, before a full counter refuses."""
PER_CARD, PER_TERMINAL, PER_KEY = 5, 50, 500


class InvalidPin(Refusal):
    """The PIN is wrong or missing, or there were too many wrong ones (10)."""

    code = ErrorCode.INVALID_PIN
    message = "Invalid card PIN."


@dataclass(frozen=True, slots=True)
class Guesser:
    """Where PINs are tried from."""

    brand_id: int
    terminal_id: int | None
    credential_key: str | None

    def limits(self, card_id: int | None = None) -> dict[str, int]:
        """The counters of an attempt and what they may reach."""
        prefix = f"pin:{self.brand_id}"
        limits = {f"{prefix}:terminal:{self.terminal_id}": PER_TERMINAL, f"{prefix}:key:{self.credential_key}": PER_KEY}
        return limits if card_id is None else {f"{prefix}:card:{card_id}": PER_CARD} | limits


def check_pin(*, guesser: Guesser, card_id: int, sealed: bytes | None, pin: str | None, uses_pins: bool) -> None:
    """Refuse (10) a PIN that is not the card's. Without PINs in the program only an absent or empty one passes.

    A PIN sent as a number has lost its leading zeros; it is padded.
    """
    if not uses_pins:
        if pin:
            raise InvalidPin
        return
    limits = guesser.limits(card_id)
    if not _counted(limits):
        raise InvalidPin
    expected = open_pin(sealed)
    if expected is not None and pin and compare_digest(pin.zfill(PIN_LENGTH).encode(), expected.encode()):
        counters.give_back(limits)
        return
    counters.renew_full(limits, window=WINDOW)
    raise InvalidPin


def _counted(limits: dict[str, int]) -> bool:
    """Whether the attempt could be counted. Right PINs of the same moment fill a counter too, but only for a moment."""
    for pause in PAUSES:
        if not counters.take(limits, window=WINDOW):
            return True
        time.sleep(pause)
    return False


def count_blind_guess(*, guesser: Guesser) -> None:
    """Count a forced PIN on a card that does not exist; 10 once the terminal or the key has guessed too often."""
    limits = guesser.limits()
    if counters.take(limits, window=WINDOW):
        raise InvalidPin
    counters.renew_full(limits, window=WINDOW)
