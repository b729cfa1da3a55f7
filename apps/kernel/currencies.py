"""Currencies: which there are, and how many decimals they have (ISO 4217, column "minor unit"; 2 unless listed)."""

_MINOR_UNITS = {
    0: ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
}
_SCALES = {code: scale for scale, codes in _MINOR_UNITS.items() for code in codes}
_IN_USE = """
 AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
 CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
 IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
 MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
 SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV
 WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_WITHDRAWN = "ANG BGN CUC CYP EEK HRK LTL LVL MTL ROL SIT SKK SLL TRL ZWL"
"""Not money any more, but still on old cards and in histories of rates."""
_KNOWN = frozenset((_IN_USE + _WITHDRAWN).split())


def currency_scale(code: str) -> int:
    """The decimals of amounts in a currency: 2 for USD, 0 for JPY."""
    return _SCALES.get(code, 2)


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has a currency with this code, or had one not long ago. Capital letters only."""
    return code in _KNOWN
