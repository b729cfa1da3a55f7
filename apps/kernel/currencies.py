"""How many decimals a currency has (ISO 4217, column "minor unit"; 2 unless listed)."""

_MINOR_UNITS = {
    0: ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
}
_SCALES = {code: scale for scale, codes in _MINOR_UNITS.items() for code in codes}


def currency_scale(code: str) -> int:
    """The decimals of amounts in a currency: 2 for USD, 0 for JPY."""
    return _SCALES.get(code, 2)
