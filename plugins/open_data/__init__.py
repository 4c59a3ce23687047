"""Data out: the catalogue as files that programs and spreadsheets read. Pure: no Pelican."""
