"""The site: pages as pure functions of the catalogue, and the thin adapter to Pelican."""
