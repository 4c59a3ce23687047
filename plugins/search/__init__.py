"""Search: one Whoosh engine, one `site_search`, and its static export for the browser.

The core imports neither Pelican nor the catalogue. `documents` is the adapter that turns the
catalogue into `SearchDocument` records; everything else starts from those.
"""
