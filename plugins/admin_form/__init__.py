"""`/admin/`: a web form for people without git, made from the schema; off unless it is asked for.

`ADMIN_FORM` in the environment of a build says where the form saves; see `backend.py`.
"""
