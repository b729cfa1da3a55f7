"""The demo brand: an invented bakery, its customers, and ninety days of their lives, told to the JSON API.

`diary`, `members` and `gifts` write the plan, from a fixed seed and without looking at anything; `perform` plays it.
"""

ENVIRONMENTS = ("trial", "stage")
"""Where a demo brand may be made. Its logins are in a file, and its customers are nobody."""
