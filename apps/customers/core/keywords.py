"""Words by which somebody who has our text messages says yes or no to them. Pure."""

from enum import StrEnum


class Keyword(StrEnum):
    """CONFIRM says yes to what waits for a confirmation; START opts in, whatever was; STOP opts out of everything."""

    CONFIRM = "confirm"
    START = "start"
    STOP = "stop"


_WORDS = {
    Keyword.CONFIRM: ("YES", "Y", "CONFIRM", "OK"),
    Keyword.START: ("START", "UNSTOP", "SUBSCRIBE"),
    Keyword.STOP: ("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"),
}
_MEANINGS = {word: keyword for keyword, words in _WORDS.items() for word in words}


def keyword_of(message: str) -> Keyword | None:
    """What a message says, if it is one of these words and nothing else; case, spaces around it and a full stop or
    exclamation mark do not matter. None for any other message."""
    return _MEANINGS.get(" ".join(message.upper().split()).strip(".! "))
