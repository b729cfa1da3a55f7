"""What is personal data: whom it names, how to reach them, where they live, what they said."""

PERSONAL_FIELDS = frozenset(
    {
        "address1",
        "address2",
        "alternateCustomer",
        "anniversary",
        "birthday",
        "brandDemographics",
        "channelUser",
        "city",
        "customCardNumber",
        "customData",
        "customDemographics",
        "customKeyValues",
        "customProperties",
        "customer",
        "email",
        "firstName",
        "firstNamePrefix",
        "gender",
        "giverCustomer",
        "lastName",
        "lastNamePrefix",
        "latitude",
        "longitude",
        "message",
        "middleName",
        "mobileOperatorId",
        "mobilePhone",
        "note",
        "payload",
        "phone",
        "postal",
        "primaryCustomer",
        "state",
        "thirdPartyLinks",
        "thirdPartyUpdates",
        "username",
    }
)
"""Wire names; everything below a field of such a name is personal too."""

PLAIN_HEADERS = frozenset(
    {
        "brand",
        "cache-control",
        "connection",
        "customrequestid",
        "employee",
        "externaltransactionid",
        "host",
        "location",
        "origin",
        "pragma",
        "terminal",
        "transfer-encoding",
        "user-agent",
    }
)
PLAIN_FAMILIES = ("accept", "content-")

_FOLDED = frozenset(name.lower() for name in PERSONAL_FIELDS)


def is_personal(name: str) -> bool:
    """Whether a field of this name holds personal data. Unknown spellings are stored as they came: case and blanks
    around a name do not count."""
    return name.strip().lower() in _FOLDED


def is_plain_header(name: str) -> bool:
    """Whether a header is one that we know and that tells nothing about a person."""
    folded = name.strip().lower()
    return folded in PLAIN_HEADERS or folded.startswith(PLAIN_FAMILIES)
