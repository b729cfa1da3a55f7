"""Play a purchase log through the JSON API over HTTP, as a till would.

`purchases` reads the log, `till` makes the calls, `customer` serves one customer, `run` serves them all, `tally` counts.
"""
