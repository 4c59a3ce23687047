"""Checked notices as Pelican's own articles; every attribute that an article has is named here.

Pelican makes an attribute of any key of a file's metadata (`save_as` takes the home page,
`template` and `status` do as they say). So no file reaches its readers: the articles are made of
what the catalogue has checked and the sanitiser has cleaned, and addresses are computed by us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import escape
from pelican.contents import Article
from pelican.urlwrappers import Author, Category, Tag

from plugins.open_data.xml_text import xml_text
from plugins.site.page import Page


def articles_of(
    pages: Iterable[Page], settings: Mapping[str, Any], context: Mapping[str, Any]
) -> list[Article]:
    """One article a page of the news, in the order given.

    The template shows `article.page`; Pelican's feeds show title, summary, text and dates. Titles
    and summaries are escaped, because feeds take both for HTML. What XML cannot carry becomes
    U+FFFD: one such character would make the whole feed unreadable.
    """
    return [_article(page, settings, context) for page in pages]


def _article(page: Page, settings: Mapping[str, Any], context: Mapping[str, Any]) -> Article:
    view = page.view
    category = Category(view.place, settings)
    category.slug = view.place_slug
    metadata = {
        "title": xml_text(str(escape(page.title))),
        "summary": xml_text(str(escape(view.summary))),
        "date": dt.datetime.combine(view.date, dt.time()),
        "category": category,
        "author": Author(settings["SITENAME"], settings),
        "lang": settings["DEFAULT_LANG"],
        "slug": page.url.strip("/"),
        "status": "published",
        "template": "article",
        "url": page.url.lstrip("/"),
        "save_as": page.file,
        "page": page,
    }
    if view.kind:
        tag = Tag(view.kind.text, settings)
        tag.slug = view.kind_slug
        metadata["tags"] = [tag]
    if view.updated:
        metadata["modified"] = dt.datetime.combine(view.updated, dt.time())
    return Article(xml_text(view.html), metadata=metadata, settings=settings, context=context)
