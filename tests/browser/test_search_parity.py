"""The browser answers exactly as `site_search` does, and never with a wrong result.

Real Chromium runs the real modules. The engine reads exported files from memory; the page is
served under the strict policy that the site uses, by request interception, from its own origin.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route, expect

from bench.search_parity import Question, as_browser, student_questions
from plugins.search.document import SearchDocument
from plugins.search.export import MANIFEST, export, generation_of
from plugins.search.index import build
from plugins.search.lexicon import EMPTY, Lexicon, Place
from plugins.search.matching import Postings
from plugins.search.postings_shards import fnv1a
from plugins.search.query import ORDERS, QUERY_LIMIT, SearchResult, query_terms, site_search
from plugins.search.schema import FIELD_NAMES
from plugins.search.suggest import suggestions
from plugins.search.vocabulary import Vocabulary
from tests.unit.search.national import national_tree, real_tree

pytestmark = pytest.mark.browser

ORIGIN = "http://search.test"
SCRIPTS = Path(__file__).parents[2] / "themes" / "jixiao" / "static" / "js"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="zh-CN"><title>搜索 - 技校</title>
<a href="#main">跳到正文</a>
<main id="main"><div data-module="search" data-index="/search-index/{generation}/">
<form role="search" action="/search/"><input name="q" type="search" aria-label="搜索">
<button>搜索</button></form>
<p data-search-status role="status"></p>
<ol data-search-results></ol>
<template data-search-result><li><a data-field="link"></a> <span data-field="place"></span>
<span data-field="level"></span> <span data-field="verified" hidden></span></li></template>
<button data-search-more hidden>更多</button>
<div data-search-empty hidden>换个词试试</div>
<div data-search-error hidden><button data-search-retry>再试一次</button></div>
</div></main><script type="module" src="/js/search-page.js"></script></html>"""


@dataclass
class Site:
    """What the origin serves: path to content. A missing path is a 404."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def answer(self, route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path)
        self.asked.append(path)
        if not route.request.url.startswith(ORIGIN) or path in self.broken:
            route.abort()
        elif path not in self.files:
            route.fulfill(status=404, body="not here")
        else:
            kinds = {".js": "text/javascript", ".json": "application/json", "": "text/html"}
            kind = kinds.get(Path(path).suffix, "application/octet-stream")
            headers = {"content-type": f"{kind}; charset=utf-8", "content-security-policy": POLICY}
            route.fulfill(status=200, headers=headers, body=self.files[path])


def scripts() -> dict[str, bytes]:
    return {f"/js/{script.name}": script.read_bytes() for script in SCRIPTS.glob("*.js")}


@pytest.fixture(scope="module")
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A page on which the engine's module can be imported."""
    page = chromium.new_page()
    page.route("**/*", Site({"/": b"<!doctype html>", **scripts()}).answer)
    page.goto(ORIGIN)
    yield page
    page.close()


# The engine, against site_search ------------------------------------------------------------


def exported(documents: list[SearchDocument], lexicon: Lexicon = EMPTY) -> dict[str, bytes]:
    index = build(documents, lexicon)
    return export(index, documents, Vocabulary.of_documents(documents, lexicon))


ANSWER_ALL = """async ({generation, files, questions}) => {
  const {createEngine} = await import("/js/search-engine.js");
  const fetched = [];
  const engine = createEngine(`/search-index/${generation}/`, async (url) => {
    const name = url.split("/").pop();
    fetched.push(name);
    const bytes = Uint8Array.from(atob(files[name]), (byte) => byte.charCodeAt(0));
    return new Response(bytes);
  });
  const answers = [];
  for (const {query, filters, order, counted} of questions) {
    const answer = await engine.search(query, {filters, order});
    const {terms, chips, notes, approximate, offers, chosen, hits} = answer;
    const counts = counted ? await engine.counts(answer) : {};
    for (const group of Object.keys(counts)) {
      counts[group] = Object.fromEntries(counts[group].map(({value, count}) => [value, count]));
    }
    answers.push({
      terms, chips, notes, approximate, offers, chosen, counts,
      hits: hits.map(({ordinal, score}) => [ordinal, score]),
      shown: await engine.describe(hits.slice(0, 3), answer),
    });
  }
  return JSON.stringify({answers, fetched});
}"""


def browser_answers(page: Page, files: dict[str, bytes], asked: list[Question]) -> dict[str, Any]:
    argument = {
        "generation": generation_of(files),
        "files": {name: b64encode(content).decode() for name, content in files.items()},
        "questions": [asdict(question) for question in asked],
    }
    answered: dict[str, Any] = json.loads(page.evaluate(ANSWER_ALL, argument))
    return answered


def assert_parity(
    page: Page, documents: list[SearchDocument], asked: list[Question], lexicon: Lexicon = EMPTY
) -> list[SearchResult]:
    """The answers of `site_search`, after the browser's were found equal in every part."""
    index = build(documents, lexicon)
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    by_id = {document.school_id: document for document in documents}
    numbered = {school: (at, by_id[school]) for at, school in enumerate(index.school_ids)}
    answers = browser_answers(page, export(index, documents, vocabulary), asked)["answers"]
    results = []
    with index.searcher() as searcher:
        postings = Postings(searcher)
        for question, answer in zip(asked, answers, strict=True):
            result = site_search(
                index, question.query, vocabulary, question.filters, question.order, postings
            )
            assert answer == as_browser(result, question, numbered, vocabulary), question
            results.append(result)
    return results


ALPHABET = "杭州济南数控技师学院汽车𠮷々aC3 ，"
VALUES = st.lists(st.text(ALPHABET, max_size=10), max_size=3).map(tuple)
DOCUMENT = st.builds(
    SearchDocument,
    school_id=st.text("abz-09", min_size=1, max_size=4),
    name=st.text(ALPHABET, max_size=8),
    place=st.sampled_from(["", "杭州", "济南"]),
    level=st.sampled_from(["", "技师学院"]),
    verified=st.booleans(),
    url=st.just("/"),
    fields=st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES, max_size=6),
    seats=st.integers(0, 300),
    sort_name=st.text("ab ", max_size=2),
)


FACETS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.sampled_from([("技师学院",), ("技工学校",)]),
        "entry": st.sampled_from([("初中",), ("初中", "高中")]),
        "major": st.sampled_from([("数控加工",), ("汽车维修", "数控加工")]),
        "province": st.just(("zhejiang",)),
    },
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.just(["技师学院"]),
        "entry": st.sampled_from([["高中"], ["初中", "高中"], ["没有"]]),
        "province": st.sampled_from([["zhejiang"], ["shandong"]]),
        "major": st.just(["汽车维修"]),
    },
)
SMALL_LEXICON = Lexicon(
    places=(
        Place("province", "zhejiang", "浙江省", "浙江", -1, ("shandong",)),
        Place("city", "330100", "杭州市", "杭州", 0),
        Place("county", "上城区", "上城区", "上城", 1),
        Place("province", "shandong", "山东省", "山东", -1),
        Place("city", "370100", "济南市", "济南", 3),
    ),
    values={
        "level": (("技工学校", "技工学校"), ("技师学院", "技师学院")),
        "entry": (("初中", "招收初中毕业生"), ("高中", "招收高中毕业生")),
    },
    majors=("数控加工", "汽车维修"),
    words={"技师学院": (("level", "技师学院"),), "高中": (("entry", "高中"),)},
    synonyms={"cnc": ("数控",), "汽修": ("汽车维修", "汽车")},
    ignored=("专业",),
    notes={"免费": "没有这项数据。"},
    characters={
        "杭": "hang", "州": "zhou", "济": "ji", "南": "nan", "数": "shu", "控": "kong", "汽": "qi",
        "车": "che", "技": "ji", "师": "shi", "学": "xue", "院": "yuan", "空": "kong", "山": "shan",
    },
)  # fmt: skip
TYPED = "杭州济南数控空技师学院汽车修高中专业免費hangzhoucnjsk 3"


@given(
    st.lists(st.tuples(DOCUMENT, FACETS), max_size=8, unique_by=lambda both: both[0].school_id),
    st.lists(
        st.builds(
            Question,
            st.text(TYPED, max_size=12) | st.text(max_size=12),
            FILTERS,
            st.sampled_from(ORDERS),
        ),
        min_size=1,
        max_size=12,
    ),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_query_on_any_schools_gets_the_same_answer(
    browser_page: Page,
    schools: list[tuple[SearchDocument, dict[str, tuple[str, ...]]]],
    questions: list[Question],
) -> None:
    """Same reading, hits, scores, order, counts and offers; a failure is shrunk to the smallest
    difference."""
    documents = [replace(document, facets=facets) for document, facets in schools]
    assert_parity(browser_page, documents, questions, SMALL_LEXICON)


# Words that no query and no name holds: they fill many shards.
RARE = [chr(0x5E00 + 3 * number) + chr(0x6F00 + 5 * number % 800) for number in range(700)]


@pytest.mark.parametrize("tree", ["national", "real"])
def test_thousands_of_questions_get_the_same_answers(browser_page: Page, tree: str) -> None:
    """2,000 on 3,000 schools of the whole country, and 600 on the real content: how each was
    read, all hits and scores in order, what was relaxed, offers, counts."""
    documents, lexicon = national_tree(3_000) if tree == "national" else real_tree()
    questions = [Question(query) for query in ("", " ", "数控" * 200, "😀", "AND NOT ( : * ?")]
    # Cut at the limit, by characters and not by their halves.
    questions += [Question(" " * (QUERY_LIMIT - 2) + "数控烹饪")]
    questions += [Question("😀" * (QUERY_LIMIT - 2) + "数控烹饪")]
    questions += student_questions(2_000 if tree == "national" else 600, lexicon, len(documents))
    results = assert_parity(browser_page, documents, questions, lexicon)
    # Else parity would prove little.
    part = len(results) / 20
    assert sum(bool(result.hits) and not result.approximate for result in results) > 4 * part
    assert sum(bool(result.approximate) for result in results) > part
    assert sum(bool(result.offers) for result in results) > part
    assert sum(bool(result.chips) for result in results) > 8 * part


SUGGEST_ALL = """async ({generation, files, typed}) => {
  const {createEngine} = await import("/js/search-engine.js");
  const engine = createEngine(`/search-index/${generation}/`, async (url) => new Response(
    Uint8Array.from(atob(files[url.split("/").pop()]), (byte) => byte.charCodeAt(0))));
  const found = [];
  for (const text of typed) found.push(await engine.suggest(text));
  return found;
}"""


def test_suggestions_are_the_same(browser_page: Page) -> None:
    """For every beginning of what students type."""
    documents, lexicon = national_tree(400)
    index = build(documents, lexicon)
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    files = export(index, documents, vocabulary)
    whole = [
        "杭州技师学院",
        "shukongjiagong",
        "hzjsxy",
        "汽车维修",
        "無人機",
        " ",
        "xi'an",
        "hang zhou",
    ]
    typed = [text[:length] for text in whole for length in range(len(text) + 1)]
    argument = {
        "generation": generation_of(files),
        "files": {name: b64encode(content).decode() for name, content in files.items()},
        "typed": typed,
    }
    in_browser = browser_page.evaluate(SUGGEST_ALL, argument)
    for text, found in zip(typed, in_browser, strict=True):
        assert found == [asdict(one) for one in suggestions(index, text, vocabulary)], text


def test_every_character_of_unicode_is_read_alike(browser_page: Page) -> None:
    """Over all 1,114,112 code points, halves of surrogate pairs included."""
    step = QUERY_LIMIT
    files = exported([])
    read_in_browser = browser_page.evaluate(
        """async ({files, generation, step}) => {
          const {createEngine} = await import("/js/search-engine.js");
          const engine = createEngine(`/${generation}/`, async (url) => new Response(
            Uint8Array.from(atob(files[url.split("/").pop()]), (byte) => byte.charCodeAt(0))));
          const found = [];
          for (let first = 0; first < 0x110000; first += step) {
            const points = Array.from({length: Math.min(step, 0x110000 - first)},
              (_, place) => String.fromCodePoint(first + place));
            const {terms} = await engine.search(points.join(""));
            if (terms.length > 0) found.push([first, terms]);
          }
          return found;
        }""",
        {
            "files": {name: b64encode(content).decode() for name, content in files.items()},
            "generation": generation_of(files),
            "step": step,
        },
    )
    no_words = Vocabulary.of_words([])
    read_in_python = []
    for first in range(0, 0x110000, step):
        characters = map(chr, range(first, min(first + step, 0x110000)))
        terms = query_terms("".join(characters), no_words)
        if terms:
            read_in_python.append([first, list(terms)])
    assert read_in_browser == read_in_python


def test_a_search_fetches_only_what_it_needs(browser_page: Page) -> None:
    """Manifest once, one shard for the term, the chunks of the schools described, nothing twice."""
    documents, lexicon = national_tree(400)
    files = exported(documents, lexicon)

    def fetched(*queries: str) -> list[str]:
        asked = [Question(query, counted=False) for query in queries]
        names: list[str] = browser_answers(browser_page, files, asked)["fetched"]
        assert len(names) == len(set(names))
        return [name for name in names if not name.startswith("schools-")]

    assert fetched("宿舍", "宿舍") == [MANIFEST, shard_of(files, "宿舍")]
    with_filter = fetched("公办宿舍")
    assert "column-ownership.bin" in with_filter
    assert [name for name in with_filter if name.startswith("column-")] == ["column-ownership.bin"]
    assert not {"sounds.json", "simplified.json"} & set(with_filter)
    assert "sounds.json" in fetched("sushe")
    assert "sounds-rest.json" not in fetched("jishixueyuan")
    assert {"simplified.json", "sounds-rest.json"} <= set(fetched("火星"))
    assert len(files) > 30


def shard_of(files: dict[str, bytes], term: str) -> str:
    """The file that holds `term`."""
    return f"terms-{fnv1a(term.encode()) % json.loads(files[MANIFEST])['shards']}.bin"


# Files that are missing or wrong ------------------------------------------------------------

SEARCH_WITH_FAULT = """async ({generation, files, fault}) => {
  const {createEngine} = await import("/js/search-engine.js");
  const requests = [];
  let broken = true;
  const engine = createEngine(`/search-index/${generation}/`, async (url, init) => {
    const name = url.split("/").pop();
    requests.push([name, init.cache || ""]);
    if (broken && name.startsWith(fault.file)) {
      if (fault.status === 0) throw new TypeError("offline");
      if (fault.status !== 200) return new Response("", {status: fault.status});
      return new Response(Uint8Array.from(atob(fault.body), (byte) => byte.charCodeAt(0)));
    }
    return new Response(Uint8Array.from(atob(files[name]), (byte) => byte.charCodeAt(0)));
  });
  const ask = async () => {
    const answer = await engine.search("数控");
    return engine.describe(answer.hits);
  };
  const kinds = [];
  for (const _ of [1, 2]) {
    await ask().then(() => kinds.push("answered"), (error) => kinds.push(error.kind));
  }
  broken = false;
  return {kinds, names: (await ask()).map((hit) => hit.name), requests};
}"""

TWO_SCHOOLS = [
    SearchDocument(school_id, name, "杭州", "", True, "/", {"name": (name,)})
    for school_id, name in (("a", "数控学校"), ("b", "数控学院"))
]
OTHER_SCHOOLS = [
    SearchDocument(school_id, name, "杭州", "", True, "/", {"name": (name,)})
    for school_id, name in (("a", "数控学校"), ("c", "数控中心"))
]


@pytest.mark.parametrize("file", ["manifest", "terms-", "schools-"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("offline", "unreachable"),
        ("server error", "unreachable"),
        ("not found", "gone"),
        ("cut short", "damaged"),
        ("a page of a hotel's network", "damaged"),
        ("of another generation", "damaged"),
        ("empty", "damaged"),
    ],
)
def test_a_missing_or_wrong_file_is_an_error_and_never_a_result(
    browser_page: Page, file: str, fault: str, kind: str
) -> None:
    """As long as it lasts; afterwards the same engine answers, past the browser's cache."""
    files = exported(TWO_SCHOOLS)
    # One shard and one chunk, so that the fault hits what the search needs.
    name = next(name for name in files if name.startswith(file))
    bodies = {
        "cut short": files[name][:-1],
        "a page of a hotel's network": b"<!doctype html><title>Wi-Fi</title>",
        "of another generation": exported(OTHER_SCHOOLS)[name],
        "empty": b"",
    }
    statuses = {"offline": 0, "server error": 503, "not found": 404}
    outcome = browser_page.evaluate(
        SEARCH_WITH_FAULT,
        {
            "generation": generation_of(files),
            "files": {name: b64encode(content).decode() for name, content in files.items()},
            "fault": {
                "file": file,
                "status": statuses.get(fault, 200),
                "body": b64encode(bodies.get(fault, b"")).decode(),
            },
        },
    )
    assert outcome["kinds"] == [kind, kind]
    assert outcome["names"] == ["数控学校", "数控学院"]
    ways = [cache for asked, cache in outcome["requests"] if asked == name]
    assert ways == ["", "reload", "reload"]


# The page -----------------------------------------------------------------------------------


@dataclass
class Visit:
    """A visitor on the search page. `faults`: what the browser complained of."""

    page: Page
    site: Site
    faults: list[str]

    def open(self, query: str = "") -> None:
        self.page.goto(f"{ORIGIN}/search/{query}")

    @property
    def input(self) -> Any:
        return self.page.get_by_role("searchbox")

    @property
    def results(self) -> Any:
        return self.page.locator("[data-search-results] > li")

    @property
    def status(self) -> Any:
        return self.page.locator("[data-search-status]")

    def question(self) -> str:
        return parse_qs(urlsplit(self.page.url).query).get("q", [""])[0]


def named(number: int, name: str, verified: bool = True) -> SearchDocument:
    rare = tuple(RARE[number * 13 :][:40])
    fields = {"name": (name,), "place": ("杭州市", "杭州"), "level": ("技师学院",), "text": rare}
    return SearchDocument(f"s{number:02d}", name, "浙江 杭州市", "技师学院", verified, "/", fields)


SCHOOLS = [
    *(named(number, f"数控第{number}学院") for number in range(45)),
    named(50, "烹饪学院", verified=False),
    named(51, "<img src=x onerror=alert(1)>幼教学院"),
]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The exported index of `SCHOOLS`."""
    return exported(SCHOOLS)


@pytest.fixture
def visit(chromium: Browser, files: dict[str, bytes]) -> Iterator[Visit]:
    generation = generation_of(files)
    site = Site({"/search/": PAGE.replace("{generation}", generation).encode(), **scripts()})
    site.files |= {f"/search-index/{generation}/{name}": content for name, content in files.items()}
    site.files |= {f"/schools/s{number:02d}/": b"<!doctype html>school" for number in range(60)}
    page = chromium.new_page()
    page.route("**/*", site.answer)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield Visit(page, site, faults)
    page.close()


def test_a_shared_address_shows_its_results(visit: Visit) -> None:
    """Results, title, place, level, and the mark of an unverified school; no complaint."""
    visit.open("?q=杭州烹饪")
    expect(visit.results).to_have_count(1)
    link = visit.results.get_by_role("link", name="烹饪学院")
    expect(link).to_have_attribute("href", "/schools/s50/")
    expect(visit.results).to_contain_text("浙江 杭州市")
    expect(visit.results).to_contain_text("技师学院")
    expect(visit.results.get_by_text("待主管部门核验")).to_be_visible()
    expect(visit.input).to_have_value("杭州烹饪")
    expect(visit.page).to_have_title("杭州烹饪 - 搜索 - 技校")
    expect(visit.status).to_have_text("找到 1 所学校")
    assert visit.faults == []
    link.click()
    expect(visit.page).to_have_url(f"{ORIGIN}/schools/s50/")


def test_a_verified_school_bears_no_mark(visit: Visit) -> None:
    """The element is there and hidden."""
    visit.open("?q=数控第7")
    expect(visit.results.first.locator('[data-field="verified"]')).to_be_hidden()


def test_typing_answers_and_keeps_the_address_without_new_history(visit: Visit) -> None:
    """The address follows what is typed; back does not walk through letters."""
    visit.open()
    entries = visit.page.evaluate("history.length")
    visit.input.press_sequentially("烹饪", delay=20)
    expect(visit.results).to_have_count(1)
    # One letter has the same result: wait until the answer to both is there.
    asked = "() => new URL(location).searchParams.get('q')"
    visit.page.wait_for_function(f"({asked})() === '烹饪'")
    visit.input.fill("")
    expect(visit.results).to_have_count(0)
    expect(visit.status).to_have_text("")
    expect(visit.page).to_have_title("搜索 - 技校")
    assert visit.question() == ""
    assert visit.page.evaluate("history.length") == entries


def test_submitting_makes_an_entry_that_back_and_forward_find(visit: Visit) -> None:
    """Back leads to the question before, not to a half-typed one."""
    visit.open("?q=幼教")
    expect(visit.results).to_have_count(1)
    visit.input.fill("烹饪")
    visit.input.press("Enter")
    expect(visit.results).to_contain_text("烹饪学院")
    visit.input.fill("数控")
    expect(visit.status).to_have_text("找到 45 所学校")
    visit.input.press("Enter")
    assert visit.question() == "数控"
    visit.page.go_back()
    expect(visit.results).to_contain_text("烹饪学院")
    expect(visit.input).to_have_value("烹饪")
    visit.page.go_back()
    expect(visit.results).to_contain_text("幼教学院")
    visit.page.go_forward()
    expect(visit.results).to_contain_text("烹饪学院")
    assert visit.question() == "烹饪"


def test_a_name_is_text_and_never_markup(visit: Visit) -> None:
    """Under Trusted Types a slip would also be an error in the console."""
    visit.open("?q=幼教")
    expect(visit.results.get_by_role("link")).to_have_text("<img src=x onerror=alert(1)>幼教学院")
    assert visit.page.locator("img").count() == 0
    assert visit.faults == []


def test_results_come_twenty_at_a_time(visit: Visit) -> None:
    """The keyboard goes on at the first new result; the button leaves with the last."""
    visit.open("?q=数控")
    more = visit.page.get_by_role("button", name="更多")
    expect(visit.results).to_have_count(20)
    more.click()
    expect(visit.results).to_have_count(40)
    expect(visit.results.nth(20).get_by_role("link")).to_be_focused()
    more.click()
    expect(visit.results).to_have_count(45)
    expect(more).to_be_hidden()
    expect(visit.status).to_have_text("找到 45 所学校，已显示 45 所")


def test_coming_back_from_a_school_shows_as_many_results_as_before(visit: Visit) -> None:
    """Also when the browser loads the page anew."""
    visit.open("?q=数控")
    visit.page.get_by_role("button", name="更多").click()
    expect(visit.results).to_have_count(40)
    visit.results.nth(30).get_by_role("link").click()
    expect(visit.page.get_by_text("school")).to_be_visible()
    visit.page.go_back()
    expect(visit.results).to_have_count(40)


def test_a_jump_within_the_page_keeps_the_results(visit: Visit) -> None:
    """The skip link is not a new question."""
    visit.open("?q=数控")
    visit.page.get_by_role("button", name="更多").click()
    expect(visit.results).to_have_count(40)
    visit.page.get_by_role("link", name="跳到正文").press("Enter")
    expect(visit.page).to_have_url(f"{ORIGIN}/search/?q=%E6%95%B0%E6%8E%A7#main")
    expect(visit.results).to_have_count(40)


def test_nothing_found_offers_help(visit: Visit) -> None:
    """And the help goes when something is found."""
    visit.open("?q=火星")
    expect(visit.page.get_by_text("换个词试试")).to_be_visible()
    expect(visit.status).to_have_text("没有找到与“火星”相符的学校")
    visit.input.fill("烹饪")
    expect(visit.results).to_have_count(1)
    expect(visit.page.get_by_text("换个词试试")).to_be_hidden()


def test_letters_of_an_input_method_are_not_searched_until_chosen(visit: Visit) -> None:
    """pengren stays in the input method; 烹饪 is asked."""
    visit.open("?q=数控")
    expect(visit.results).to_have_count(20)
    visit.input.fill("")
    expect(visit.results).to_have_count(0)
    keyboard = visit.page.context.new_cdp_session(visit.page)
    visit.input.focus()
    for typed in ("p", "pe", "pengren"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)},
        )
    visit.page.wait_for_timeout(400)
    expect(visit.input).to_have_value("pengren")
    assert visit.question() == ""
    keyboard.send("Input.insertText", {"text": "烹饪"})
    expect(visit.results).to_have_count(1)
    assert visit.question() == "烹饪"


def test_a_slow_answer_to_an_older_question_is_dropped(
    visit: Visit, files: dict[str, bytes]
) -> None:
    """The shard of the first question arrives after the answer to the second."""
    assert shard_of(files, "数控") != shard_of(files, "烹饪")
    held: list[Route] = []
    visit.page.route(f"**/{shard_of(files, '数控')}", lambda route: held.append(route))
    visit.open("?q=数控")
    expect(visit.status).to_have_text("正在搜索……")
    visit.input.fill("烹饪")
    expect(visit.status).to_have_text("找到 1 所学校")
    held[0].fallback()
    visit.page.wait_for_timeout(300)
    expect(visit.status).to_have_text("找到 1 所学校")
    expect(visit.results).to_have_count(1)
    expect(visit.page).to_have_title("烹饪 - 搜索 - 技校")


def test_a_lost_index_says_so_and_retry_recovers(visit: Visit, files: dict[str, bytes]) -> None:
    """No result is shown under a question that could not be answered."""
    visit.open("?q=数控")
    expect(visit.results).to_have_count(20)
    lost = next(path for path in visit.site.files if path.endswith(shard_of(files, "烹饪")))
    visit.site.broken = {lost}
    visit.input.fill("烹饪")
    retry = visit.page.get_by_role("button", name="再试一次")
    expect(retry).to_be_visible()
    expect(visit.status).to_have_text("没能取到搜索数据，请再试一次")
    expect(visit.results).to_have_count(0)
    expect(visit.page.get_by_text("换个词试试")).to_be_hidden()
    # Mended only after the retry has had its answer, or that retry would be the one to succeed.
    with visit.page.expect_event("requestfailed", lambda asked: asked.url.endswith(lost)):
        retry.click()
    expect(retry).to_be_visible()
    visit.site.broken = set()
    retry.click()
    expect(visit.results).to_have_count(1)
    expect(retry).to_be_hidden()
    expect(visit.results.get_by_role("link")).to_be_focused()


def test_after_a_new_release_retry_loads_the_new_page(visit: Visit) -> None:
    """The old index is gone; the page is asked for again and brings the new generation."""
    visit.open()
    old = dict(visit.site.files)
    files = exported([*SCHOOLS, named(55, "烹饪新校")])
    generation = generation_of(files)
    visit.site.files = {
        path: content for path, content in old.items() if not path.startswith("/search-index/")
    }
    visit.site.files["/search/"] = PAGE.replace("{generation}", generation).encode()
    visit.site.files |= {
        f"/search-index/{generation}/{name}": content for name, content in files.items()
    }
    visit.input.fill("烹饪")
    expect(visit.status).to_have_text("搜索数据已经更新，请再试一次")
    visit.page.get_by_role("button", name="再试一次").click()
    expect(visit.results).to_have_count(2)


def test_more_results_that_do_not_come_leave_the_first_ones(visit: Visit) -> None:
    """Those are right; the error stands beside them, and retry goes on from there."""
    visit.site.files |= large_index(visit.site)
    visit.open("?q=数控")
    expect(visit.results).to_have_count(20)
    chunks = {path for path in visit.site.files if "schools-" in path}
    visit.site.broken = chunks - set(visit.site.asked)
    visit.page.get_by_role("button", name="更多").click()
    retry = visit.page.get_by_role("button", name="再试一次")
    expect(retry).to_be_visible()
    expect(visit.results).to_have_count(20)
    visit.site.broken = set()
    retry.click()
    expect(visit.results).to_have_count(40)
    expect(retry).to_be_hidden()


def large_index(site: Site) -> dict[str, bytes]:
    """The page and index of so many schools that results come in several chunks."""
    files = exported([named(number, f"数控第{number}学院") for number in range(300)])
    generation = generation_of(files)
    assert json.loads(files[MANIFEST])["chunk"] < 40
    page = PAGE.replace("{generation}", generation).encode()
    served = {f"/search-index/{generation}/{name}": content for name, content in files.items()}
    return {"/search/": page, **served}
