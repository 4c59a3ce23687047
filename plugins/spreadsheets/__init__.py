"""Registers and plans as spreadsheets: out for a province to fill in, and back when it is checked.

`export_template` writes a workbook, `import_report` reads one. Pure except for those two: imports
no Pelican, and nothing is changed before everything has passed the check.
"""
