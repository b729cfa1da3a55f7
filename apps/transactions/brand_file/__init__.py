"""A brand's configuration as one YAML file: written from one installation, read into another.

`document` says what stands in it, `text` reads and writes YAML, `entries` takes a document apart into things that can
be compared one by one, `differences` compares, `write_entries` and `write_campaign` carry out.
"""
