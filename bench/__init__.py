"""Measurements: a synthetic national content tree, and the site's parts beside their peers."""
