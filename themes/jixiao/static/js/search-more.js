// What a plain first answer of the search engine does not need: pinyin, counts, suggestions, and
// what happens when nothing was found. Fetched by search-engine.js, whose head says what each
// gives. The Python side is plugins/search: sounds.py, plan.py, query.py, suggest.py.

import {
  countOf,
  distinctTerms,
  inGroupOrder,
  keyOf,
  normalize,
  pairs,
  passerOf,
  passing,
  placesInOrder,
  runsOf,
  wordTerms,
} from "./search-engine.js";

const PLACE_GROUPS = ["province", "city", "county"];
const MOST_READINGS = 4;
const MOST_WORDS = 4;
const MOST_OFFERS = 6;
const LONGEST_SYLLABLE = 6;
const LONGEST_RUN = 30;
const LONGEST_WINDOW = 8;
const FEW_TERMS = 3;

// Pinyin ------------------------------------------------------------------------------------------

export function openSounds(known, exceptionPairs, manifest) {
  const characters = new Map();
  const learn = (pairs) => {
    for (const [syllable, written] of pairs) {
      Array.from(written).forEach((character) => characters.set(character, syllable));
    }
  };
  learn(known);
  const exceptions = new Map(exceptionPairs);
  const syllables = new Set(known.map(([syllable]) => syllable));
  const reading = (word) => {
    if (exceptions.has(word)) {
      return exceptions.get(word).split(" ");
    }
    const read = Array.from(word, (character) => characters.get(character) ?? "");
    return read.includes("") ? [] : read;
  };
  const isWord = (word) => manifest.hanWord.test(word) && manifest.meanings.has(word);
  const distinct = (words) => Array.from(new Set(words.filter(isWord)));
  const whole = distinct(placesInOrder(manifest).flatMap(({ name, short }) => [name, short]));
  const parts = distinct([
    ...manifest.filterWords,
    ...manifest.majors,
    ...manifest.synonymWords,
  ]);
  const words = new Map();
  const initials = new Map();
  const add = (map, key, word) => {
    const several = map.get(key) ?? [];
    if (!several.includes(word) && several.length < MOST_WORDS) {
      map.set(key, [...several, word]);
    }
  };
  for (const word of whole) {
    const read = reading(word);
    if (read.length > 0) {
      add(words, read.join(" "), word);
    }
  }
  for (const word of parts) {
    const read = reading(word);
    const written = Array.from(word);
    for (let length = read.length; length > 1; length -= 1) {
      for (let start = 0; start + length <= read.length; start += 1) {
        const end = start + length;
        add(words, read.slice(start, end).join(" "), written.slice(start, end).join(""));
      }
    }
    const letters = read.map((syllable) => syllable[0]).join("");
    for (let length = 3; length <= letters.length; length += 1) {
      add(initials, letters.slice(0, length), written.slice(0, length).join(""));
    }
  }
  const spelt = new Map();
  for (const [read, several] of words) {
    const letters = read.replaceAll(" ", "");
    spelt.set(letters, [...(spelt.get(letters) ?? []), ...several].slice(0, MOST_WORDS));
  }

  function readingsOfLetters(letters) {
    if (letters.length > LONGEST_RUN) {
      return [];
    }
    const found = [];
    const dead = new Set();
    const read = (start, before) => {
      if (start === letters.length) {
        found.push(before);
        return true;
      }
      if (dead.has(start) || found.length >= MOST_READINGS) {
        return false;
      }
      let anyWay = false;
      for (let length = Math.min(LONGEST_SYLLABLE, letters.length - start); length > 0; length -= 1) {
        const syllable = letters.slice(start, start + length);
        if (syllables.has(syllable) && found.length < MOST_READINGS) {
          anyWay = read(start + length, [...before, syllable]) || anyWay;
        }
      }
      if (!anyWay && found.length < MOST_READINGS) {
        dead.add(start);
      }
      return anyWay;
    };
    read(0, []);
    return found;
  }

  function like(letters) {
    if (spelt.has(letters)) {
      return spelt.get(letters)[0];
    }
    if (letters.length >= 4) {
      for (const [spelling, several] of spelt) {
        if (oneEditApart(letters, spelling)) {
          return several[0];
        }
      }
    }
    return null;
  }

  return { syllables, words, initials, learn, reading, readingsOfLetters, like };
}

function oneEditApart(first, second) {
  const [shorter, longer] = first.length <= second.length ? [first, second] : [second, first];
  if (longer.length - shorter.length > 1) {
    return false;
  }
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) {
    start += 1;
  }
  const rest = shorter.length === longer.length ? start + 1 : start;
  return shorter.slice(rest) === longer.slice(start + 1);
}

export function joinedSyllables(runs, manifest) {
  const result = [];
  let joined = "";
  const flush = () => {
    if (joined !== "") {
      result.push({ text: joined, han: false });
      joined = "";
    }
  };
  for (const run of runs) {
    const { text, han } = run;
    if (!han && !manifest.meanings.has(text) && manifest.sounds.syllables.has(text)) {
      joined += text;
    } else {
      flush();
      result.push(run);
    }
  }
  flush();
  return result;
}

export function letterPieces(letters, manifest) {
  const { sounds } = manifest;
  const readings = sounds.readingsOfLetters(letters);
  const text = (alternatives, written = letters) => ({
    text: written,
    kind: "text",
    alternatives,
    values: [],
    note: "",
    letters: true,
  });
  const alternatives = (written, terms, words) =>
    distinctTerms([[written], ...terms, ...words.map((word) => wordTerms(word, manifest))]);
  if (readings.length === 0) {
    const terms = [];
    for (let start = 0; start + 3 <= letters.length; start += 1) {
      terms.push(`0${letters.slice(start, start + 3)}`);
    }
    const words = sounds.initials.get(letters) ?? [];
    return [text(alternatives(letters, terms.length > 0 ? [terms] : [], words))];
  }
  const textOf = (several) => {
    const written = several[0].join("");
    const inNames = several
      .filter((reading) => reading.length > 1)
      .map((reading) =>
        Array.from(new Set(reading.slice(1).map((syllable, at) => reading[at] + syllable))),
      );
    const words = several.flatMap((reading) => sounds.words.get(reading.join(" ")) ?? []);
    return text(alternatives(written, inNames, words), written);
  };
  const filterOf = (syllables, words) => ({
    text: syllables.join(""),
    kind: "filter",
    alternatives: distinctLists(words.map((word) => wordTerms(word, manifest))),
    values: inGroupOrder(words.flatMap((word) => manifest.meanings.get(word).values)),
    note: "",
    letters: true,
  });
  for (const reading of readings) {
    const parts = splitSyllables(reading, manifest);
    if (parts.some(({ words }) => words.length > 0)) {
      return parts.map(({ syllables, words }) =>
        words.length > 0 ? filterOf(syllables, words) : textOf([syllables]),
      );
    }
  }
  return [textOf(readings)];
}

function distinctLists(lists) {
  return Array.from(new Map(lists.map((list) => [list.join(" "), list])).values());
}

function splitSyllables(reading, manifest) {
  for (let length = reading.length; length > 1; length -= 1) {
    for (let start = 0; start + length <= reading.length; start += 1) {
      const part = reading.slice(start, start + length);
      const words = (manifest.sounds.words.get(part.join(" ")) ?? []).filter(
        (word) => manifest.meanings.get(word)?.kind === "filter",
      );
      if (words.length > 0) {
        return [
          ...splitSyllables(reading.slice(0, start), manifest),
          { syllables: part, words },
          ...splitSyllables(reading.slice(start + length), manifest),
        ];
      }
    }
  }
  return reading.length > 0 ? [{ syllables: reading, words: [] }] : [];
}

// When nothing was found --------------------------------------------------------------------------

// `found`: a question without hits. Gives the question that has some, and what was relaxed.
export async function relax(found, { ask, understand, sounds, manifest }) {
  let asked = found;
  const said = [];
  const known = (piece) => countOf(piece, asked.postings);
  const withGroups = (groups) => ask({ ...asked.plan, groups });
  const unknown = asked.plan.groups.filter((piece) => known(piece) === 0);
  if (unknown.length > 0) {
    const mended = new Map();
    for (const piece of unknown) {
      const like = sounds ? alike(piece, sounds) : null;
      if (like) {
        mended.set(piece.text, like);
        said.push(`没有“${piece.text}”，按读音相近的“${like}”来找`);
      }
    }
    if (mended.size > 0) {
      const words = asked.plan.pieces.map(({ text }) => mended.get(text) ?? text).join(" ");
      asked = await ask(understand(words));
    }
    if (asked.passing.size === 0) {
      const whole = asked.plan.groups.map((piece) => known(piece) > 0);
      const halved = asked.plan.groups.map((piece, at) =>
        whole[at] ? piece : { ...piece, alternatives: halves(piece, manifest) },
      );
      const before = asked;
      asked = await withGroups(halved);
      const groups = halved.filter((piece, at) => {
        const some = known(piece) > 0;
        if (!whole[at]) {
          said.push(`没有“${piece.text}”，${some ? "按其中的一部分来找" : "不看这个词"}`);
        }
        return some;
      });
      if (groups.length === 0 && asked.plan.conditions.length === 0) {
        asked = before;
      } else if (groups.length < halved.length) {
        asked = await withGroups(groups);
      }
    }
  }
  while (asked.passing.size === 0 && asked.plan.groups.length > 1) {
    const counts = asked.plan.groups.map(known);
    const least = asked.plan.groups[counts.indexOf(Math.max(...counts))];
    asked = await withGroups(asked.plan.groups.filter((piece) => piece !== least));
    said.push(`没有同时符合的学校，不看“${least.text}”`);
  }
  return { found: asked, said: asked.passing.size > 0 ? said : [] };
}

// As `_halves` in plugins/search/query.py.
function halves(piece, manifest) {
  const parts = runsOf(piece.text, manifest).flatMap(({ text, han }) =>
    han ? pairs(Array.from(text)) : [],
  );
  const found = [];
  for (const terms of [parts, ...piece.alternatives]) {
    const size = terms.length <= FEW_TERMS ? 1 : Math.ceil(terms.length / 2);
    for (let start = 0; start + size <= terms.length; start += 1) {
      found.push(terms.slice(start, start + size));
    }
  }
  return distinctLists(found);
}

function alike(piece, sounds) {
  if (piece.letters) {
    return sounds.like(piece.text);
  }
  const text = Array.from(piece.text);
  for (let length = Math.min(LONGEST_WINDOW, text.length); length > 1; length -= 1) {
    for (let start = 0; start + length <= text.length; start += 1) {
      const part = text.slice(start, start + length).join("");
      const like = sounds.like(sounds.reading(part).join(""));
      if (like && like !== part) {
        const around = [text.slice(0, start), Array.from(like), text.slice(start + length)];
        return around
          .filter((word) => word.length > 1)
          .map((word) => word.join(""))
          .join(" ");
      }
    }
  }
  return null;
}

// Where to go from a question without hits.
export function offers(found) {
  return [...withoutChips(found), ...nearPlaces(found), ...nearMajors(found)];
}

function withoutChips({ plan, scored, facts }) {
  return plan.chips
    .filter(({ strict, active, without }) => strict && active && without !== "")
    .map(({ group, values, label, without }) => {
      const others = plan.conditions.filter((condition) => condition.group !== group);
      const count = passing(scored, others, facts).size;
      return { kind: "without", group, value: values[0], label, count, query: without };
    })
    .filter(({ count }) => count > 0);
}

function nearPlaces({ plan, scored, facts }) {
  const { places, schools } = facts.manifest;
  const others = plan.conditions.filter(({ group }) => !PLACE_GROUPS.includes(group));
  const matching = Array.from(passing(scored, others, facts).keys());
  const counts = new Map();
  for (const ordinal of matching.length > 0 ? matching : Array(schools).keys()) {
    for (let at = facts.manifest.leaf[ordinal]; at >= 0; at = places[at].parent) {
      const { group, value } = places[at];
      if (group === "city") {
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }
  const provinceOf = new Map();
  for (const place of places) {
    let top = place;
    while (top.parent >= 0) {
      top = places[top.parent];
    }
    const key = keyOf([place.group, place.value]);
    if (!provinceOf.has(key)) {
      provinceOf.set(key, top.value);
    }
  }
  const nearness = new Map();
  for (const { group, values } of plan.conditions) {
    for (const value of PLACE_GROUPS.includes(group) ? values : []) {
      const home = provinceOf.get(keyOf(value)) ?? "";
      const around = places.find((place) => place.value === home)?.neighbours ?? [];
      [home, ...around].forEach((province, far) => {
        if (!nearness.has(province)) {
          nearness.set(province, far);
        }
      });
    }
  }
  const cities = new Map();
  for (const { group, value, name } of places) {
    if (group === "city" && counts.has(value) && !cities.has(value)) {
      const far = nearness.get(provinceOf.get(keyOf([group, value]))) ?? places.length;
      cities.set(value, { value, name, far, count: counts.get(value) });
    }
  }
  return Array.from(cities.values())
    .sort((a, b) => a.far - b.far || b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_OFFERS)
    .map(({ value, name, count }) => offer("place", "city", value, name, count));
}

function nearMajors({ plan, facts }) {
  const characters = new Set(plan.groups.flatMap((piece) => Array.from(piece.text)));
  return facts.manifest.majors
    .map((major) => ({
      major,
      shared: new Set(Array.from(major).filter((one) => characters.has(one))).size,
    }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, MOST_OFFERS)
    .map(({ major }) => offer("major", "major", major, major, null));
}

function offer(kind, group, value, label, count) {
  return { kind, group, value, label, count, query: null };
}

// Counts ------------------------------------------------------------------------------------------

export function facetCounts({ scored, conditions }, groups, facts) {
  const { manifest, columns } = facts;
  const result = {};
  for (const group of groups) {
    const place = PLACE_GROUPS.indexOf(group);
    const ignored = place < 0 ? [group] : PLACE_GROUPS.slice(place);
    const others = conditions.filter((condition) => !ignored.includes(condition.group));
    const passes = passerOf(others, facts);
    const counts = new Map();
    const count = (value) => counts.set(value, (counts.get(value) ?? 0) + 1);
    const known = manifest.values.get(group) ?? [];
    for (const ordinal of scored.keys()) {
      if (!passes(ordinal)) {
        continue;
      }
      if (group === "major") {
        columns.get("major")[ordinal].forEach((major) => count(manifest.majors[major]));
      } else if (place < 0) {
        known.forEach(([value], bit) => columns.get(group)[ordinal] & (1 << bit) && count(value));
      } else {
        for (let at = manifest.leaf[ordinal]; at >= 0; at = manifest.places[at].parent) {
          if (manifest.places[at].group === group) {
            count(manifest.places[at].value);
          }
        }
      }
    }
    const inOrder =
      place >= 0
        ? manifest.places.filter((one) => one.group === group).map(({ value }) => value)
        : group === "major"
          ? manifest.majors
          : known.map(([value]) => value);
    result[group] = Array.from(new Set(inOrder))
      .filter((value) => counts.has(value))
      .map((value) => ({
        value,
        label: manifest.labels.get(keyOf([group, value])) ?? value,
        count: counts.get(value),
      }));
  }
  return result;
}

// Suggestions -------------------------------------------------------------------------------------

export function knownWords(text, manifest, most) {
  const runs = runsOf(text, manifest);
  const typed = runs.map((run) => run.text).join("");
  if (typed === "" || most < 1) {
    return [];
  }
  const places = placesInOrder(manifest).map(({ name }) => ({ kind: "place", text: name }));
  const majors = manifest.majors.map((name) => ({ kind: "major", text: name }));
  const begins = [];
  const holds = [];
  for (const word of [...places, ...majors]) {
    const written = normalize(word.text, manifest);
    const read = manifest.sounds ? manifest.sounds.reading(written) : [];
    const spelt = read.join("");
    const initials = read.map((syllable) => syllable[0]).join("");
    if ([written, spelt, initials].some((form) => form.startsWith(typed))) {
      begins.push(word);
    } else if (word.kind === "major" && written.includes(typed)) {
      holds.push(word);
    }
  }
  const distinct = new Map([...begins, ...holds].map((word) => [`${word.kind} ${word.text}`, word]));
  return Array.from(distinct.values())
    .slice(0, most)
    .map((word) => ({ ...word, school_id: null }));
}
