"""One module for each page, named like its templates."""
