"""One module a page kind: a frozen view and the pure function that makes it from the catalogue."""
