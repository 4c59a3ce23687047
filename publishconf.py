"""Settings for publication: those of `pelicanconf.py` and the site's public address.

Set `SITE_URL` (an https origin, no trailing slash) in the environment; canonical links, the
sitemap and shared links need it. Without it they carry a reserved address that leads nowhere.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pelicanconf import *  # noqa: F403

PLACEHOLDER_URL = "https://jixiao.example"
SITEURL = os.environ.get("SITE_URL", PLACEHOLDER_URL).rstrip("/")
