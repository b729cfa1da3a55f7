"""The API guide: pages for the people who integrate, made from `docs/guide` and from the wire types."""
