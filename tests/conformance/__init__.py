"""The conformance document: which tests cover which method, field and error code of the contract."""
