"""What is known about a field of a wire type beyond its Python type.

    amount: Annotated[Decimal | None, wire("What was paid.", minimum=0)] = None

The Python type says string, number, list or struct; a field without a default is required in requests. Everything
else is said here, once, and read by the binder, the documents, the masking and the comparison with the contract.
"""

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET, Meta

MOMENT = "yyyy-MM-dd HH:mm:ss"
DATE = "yyyy-MM-dd"
EPOCH = "epoch-milliseconds"

ALL_FEATURES = frozenset(
    {
        "activationDate",
        "createIfNew",
        "customMutationType",
        "customRequestDate",
        "mailings",
        "pin",
        "prefixes",
        "recommendations",
        "segments",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts about one field; all have a harmless default.

    required       said only where the Python default does not tell it (responses)
    default        said only where the published default differs from the Python one
    clamp          values above `maximum` are lowered to it instead of refused
    max_items      bound of a list
    format         MOMENT, DATE or EPOCH, where the Python type is text or a whole number
    identifier     an empty text counts as absent
    clearable      an empty text is a value of its own ("remove what is there") and passes every check
    zero_pad       a JSON integer becomes text of at least so many digits
    secret         masked before anything is stored
    json_v2        exists only from version 2 of the JSON API on
    brand_feature  name of the brand feature that must be on
    left_out       with the feature off the field is ignored instead of refused
    addition       ours, not in the published contract
    sent_keys      not on the wire: the binder puts the names here that the JSON object had
    example        what the documents' example of a request says here; optional fields without one stay out of it
    """

    required: bool | None = None
    default: Any = UNSET
    allowed: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    clamp: bool = False
    min_length: int = 0
    max_length: int | None = None
    max_items: int | None = None
    format: str | None = None
    identifier: bool = False
    clearable: bool = False
    zero_pad: int = 0
    secret: bool = False
    json_v2: bool = False
    brand_feature: str | None = None
    left_out: bool = False
    deprecated: bool = False
    addition: bool = False
    sent_keys: bool = False
    example: Any = UNSET

    def __post_init__(self) -> None:
        assert self.brand_feature is None or self.brand_feature in ALL_FEATURES, self.brand_feature


def wire(description: str, **facts: Any) -> Meta:
    """The metadata of one field: what it means, and its `Facts` by name."""
    return Meta(description=description, extra={"facts": Facts(**facts)})
