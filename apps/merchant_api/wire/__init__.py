"""Wire types of the JSON API and everything between bytes and values: parse, bind, render, trim, mask."""
