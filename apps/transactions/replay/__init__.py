"""Play a purchase log through the JSON API over HTTP, as a till would.

`purchases` reads the log, `till` makes calls, `customer` serves one customer, `run` serves all of them, `tally` counts,
`compare` asks the request log.
"""
