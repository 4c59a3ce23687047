"""`python -m bench.search_parity --schools N --questions N`: Python and JavaScript answer alike.

The JavaScript engine runs in Node over the exported files of a synthetic national tree. Every
answer is compared in every part: how the question was read, all hits and scores in order, what
was relaxed, offers, counts and what results show. Prints the first difference, or what was
compared.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.search_build import DAY
from bench.tree import PROJECT, write_tree
from plugins.catalogue import load
from plugins.search.describe import describe
from plugins.search.document import SearchDocument
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.export import export, generation_of
from plugins.search.index import build
from plugins.search.lexicon import Lexicon
from plugins.search.matching import Postings
from plugins.search.query import ORDERS, SearchResult, site_search
from plugins.search.simplified import SIMPLIFIED
from plugins.search.vocabulary import Vocabulary

SCRIPTS = PROJECT / "themes" / "jixiao" / "static" / "js"
SHOWN = 3


@dataclass(frozen=True)
class Question:
    """What is asked of both engines."""

    query: str
    filters: dict[str, list[str]] = field(default_factory=dict)
    order: str = "relevance"
    counted: bool = True


@dataclass(frozen=True)
class Difference:
    """A question that the two engines answer otherwise."""

    question: Question
    in_javascript: Mapping[str, Any]
    in_python: Mapping[str, Any]


def student_questions(count: int, lexicon: Lexicon, seed: int) -> list[Question]:
    """One to three words of what students type, with and without spaces, some cut short, some
    misspelt, in pinyin or traditional; some with filters, other orders and counts."""
    chance = random.Random(seed)  # noqa: S311
    places = [name for place in lexicon.places for name in (place.name, place.short)]
    words = [*lexicon.words, *lexicon.synonyms, *lexicon.majors, *lexicon.notes, *lexicon.ignored]
    words += ["数控", "汽车", "技师", "学院", "機電", "無人機", "護理", "食堂", "新华", "火星"]
    words += ["学汽修", "护理班", "数控和电工", "zzzzqqqq"]
    traditional = {simple: other for other, simple in SIMPLIFIED.items()}
    values = {group: [value for value, _ in pairs] for group, pairs in lexicon.values.items()}
    for group in ("province", "city", "county"):
        values[group] = [place.value for place in lexicon.places if place.group == group]
    values["major"] = list(lexicon.majors[:20])
    questions = []
    for number in range(count):
        parts = []
        for _ in range(chance.choice([1, 1, 2, 2, 2, 3])):
            word = chance.choice(chance.choice([places, words, words]))
            how = chance.random()
            spelt = [lexicon.characters.get(one, "") for one in word]
            if how < 0.1 and all(spelt):
                word = chance.choice(["", "", " "]).join(spelt)
            elif how < 0.15 and all(spelt):
                word = "".join(syllable[0] for syllable in spelt)
            elif how < 0.2:
                word = "".join(traditional.get(one, one) for one in word)
            elif how < 0.28:
                at = chance.randrange(len(word))
                sound = lexicon.characters.get(word[at], "")
                alike = [one for one, read in lexicon.characters.items() if read == sound]
                word = word[:at] + chance.choice(alike or ["x", ""]) + word[at + 1 :]
            parts.append(word)
        query = chance.choice(["", "", " ", "　", "，"]).join(parts)
        start = chance.choice([0, 0, 0, 0, 1])
        groups = chance.sample(sorted(values), chance.choice([0, 0, 0, 1, 2]))
        questions.append(
            Question(
                query[start : chance.choice([None, None, None, 5])] if number % 50 else "",
                {group: chance.sample(values[group], 1) for group in groups if values[group]},
                chance.choice(["relevance", "relevance", *ORDERS]),
                counted=number % 8 == 0,
            )
        )
    return questions


def as_browser(
    result: SearchResult,
    question: Question,
    documents: Mapping[str, tuple[int, SearchDocument]],
    vocabulary: Vocabulary,
) -> dict[str, Any]:
    """The answer of `site_search` in the words of search-engine.js. `documents`: by school_id, with
    their ordinals."""
    shown = [describe(documents[hit.school_id][1], hit, result) for hit in result.hits[:SHOWN]]
    answer = {
        "terms": result.terms,
        "chips": [asdict(chip) for chip in result.chips],
        "notes": result.notes,
        "approximate": result.approximate,
        "offers": [asdict(offer) for offer in result.offers],
        "chosen": [asdict(one) for one in result.chosen],
        "counts": result.counts(vocabulary) if question.counted else {},
        "hits": [[documents[hit.school_id][0], hit.score] for hit in result.hits],
        "shown": [
            asdict(one) | {"programmes": [programme._asdict() for programme in one.programmes]}
            for one in shown
        ],
    }
    read: dict[str, Any] = json.loads(json.dumps(answer))
    return read


def ask_node(
    index: Path,
    questions: Sequence[Question],
    fresh: bool = False,
    shown: int = SHOWN,
    node: str = "node",
) -> list[dict[str, Any]]:
    """What search-engine.js answers in Node. `index`: the folder of one generation. `fresh`: each
    question in a new engine; an answer's `fetched` then names all that it needs."""
    asked = {
        "scripts": str(SCRIPTS),
        "index": str(index),
        "fresh": fresh,
        "shown": shown,
        "questions": [asdict(question) for question in questions],
    }
    done = subprocess.run(
        [node, str(Path(__file__).with_name("search_ask.mjs"))],
        input=json.dumps(asked),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(
    documents: Sequence[SearchDocument],
    lexicon: Lexicon,
    questions: Sequence[Question],
    node: str = "node",
) -> tuple[list[Difference], list[SearchResult]]:
    """Where Node answers otherwise than `site_search`, and what that answers to each question."""
    index = build(documents, lexicon)
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    by_id = {document.school_id: document for document in documents}
    numbered = {school: (at, by_id[school]) for at, school in enumerate(index.school_ids)}
    files = export(index, documents, vocabulary)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / generation_of(files)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        answers: Iterable[dict[str, Any]] = ask_node(folder, questions, node=node)
    found, results = [], []
    with index.searcher() as searcher:
        postings = Postings(searcher)
        for question, answer in zip(questions, answers, strict=True):
            result = site_search(
                index, question.query, vocabulary, question.filters, question.order, postings
            )
            expected = as_browser(result, question, numbered, vocabulary)
            told = {part: answer[part] for part in expected}
            if told != expected:
                found.append(Difference(question, told, expected))
            results.append(result)
    return found, results


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search_parity", description=__doc__)
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        write_tree(options.schools, str(options.seed), content, PROJECT / "content")
        catalogue, _ = load(content, DAY)
    documents, lexicon = search_documents(catalogue), search_lexicon(catalogue)
    questions = student_questions(options.questions, lexicon, options.seed)
    found, results = differences(documents, lexicon, questions)
    for one in found[:1]:
        print(one.question)
        for part in one.in_python:
            if one.in_python[part] != one.in_javascript[part]:
                print(part, "Python:", one.in_python[part], "JavaScript:", one.in_javascript[part])
    print(
        f"{len(documents)} 所演示学校，{len(results)} 次查询，{len(found)} 次不同；其中有结果 "
        f"{sum(bool(r.hits) for r in results)}，近似 {sum(bool(r.approximate) for r in results)}，"
        f"没有结果 {sum(bool(r.offers) for r in results)}。"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
