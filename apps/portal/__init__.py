"""The pages: HTML and htmx only. Owns no tables."""
