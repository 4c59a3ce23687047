"""Pelican's settings for the platform. `publishconf.py` adds the public address.

Pelican renders and drives; what is published is decided by `plugins.site`. Everything of
Pelican's own that would read contributed files or write pages by itself is switched off here;
`docs/architecture.md` says why.
"""

from pathlib import Path

from jinja2 import StrictUndefined

ROOT = Path(__file__).resolve().parent

SITENAME = "全国技工院校招生宣传平台"
SITEURL = ""
PATH = str(ROOT / "content")
OUTPUT_PATH = str(ROOT / "output")
THEME = str(ROOT / "themes/jixiao")
THEME_TEMPLATES_OVERRIDES = [str(ROOT / "themes/jixiao")]
DEFAULT_LANG = "zh-cn"
TIMEZONE = "Asia/Shanghai"

PLUGIN_PATHS: list[str] = []
PLUGINS = ["plugins.site.generator"]

# Where the site's own plugin keeps what may be thrown away at any time.
SITE_CACHE = str(ROOT / ".cache")

# No contributed file reaches Pelican's readers: any key of its metadata would become an attribute
# of the page (`save_as`, `template` …), and `{attach}` would publish files. The plugin gives
# Pelican the news as finished articles; their text is final, so no link in it is ever replaced.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
INTRASITE_LINK_REGEX = "(?!)(?P<what>)"
STATIC_PATHS: list[str] = []
READERS = {"rst": None, "html": None, "htm": None}
DIRECT_TEMPLATES: list[str] = []
TEMPLATE_PAGES: dict[str, str] = {}
THEME_STATIC_PATHS: list[str] = []
TAG_SAVE_AS = CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ""
TAGS_SAVE_AS = CATEGORIES_SAVE_AS = AUTHORS_SAVE_AS = ARCHIVES_SAVE_AS = ""
FEED_ATOM = "news/atom.xml"
CATEGORY_FEED_ATOM = "news/{slug}/atom.xml"
# The only tag of an article is the kind of its notice.
TAG_FEED_ATOM = "news/{slug}/atom.xml"
FEED_ALL_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

# Stale files are pruned by the site's own ledger; Pelican's cache goes stale when settings change.
DELETE_OUTPUT_DIRECTORY = False
LOAD_CONTENT_CACHE = False
CACHE_CONTENT = False

JINJA_ENVIRONMENT = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "undefined": StrictUndefined,
    # A build reads a template once; asking the disk again for every use cost a tenth of its time.
    "auto_reload": False,
    # A site has some hundred templates. Keeping all takes no look at which was used last.
    "cache_size": -1,
}
