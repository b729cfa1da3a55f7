"""Which fields of bodies are personal data: whom they name, how to reach them, where they live, what they said."""

PERSONAL_FIELDS = frozenset(
    {
        "address1",
        "address2",
        "anniversary",
        "birthday",
        "brandDemographics",
        "channelUser",
        "city",
        "customDemographics",
        "email",
        "firstName",
        "firstNamePrefix",
        "gender",
        "lastName",
        "lastNamePrefix",
        "latitude",
        "longitude",
        "middleName",
        "mobileOperatorId",
        "mobilePhone",
        "phone",
        "postal",
        "state",
        "thirdPartyLinks",
        "thirdPartyUpdates",
        "username",
    }
)
"""Wire names; everything below a field of such a name is personal too."""

_FOLDED = frozenset(name.lower() for name in PERSONAL_FIELDS)


def is_personal(name: str) -> bool:
    """Whether a field of this name holds personal data; case aside, since unknown spellings are stored as they came."""
    return name.lower() in _FOLDED
