// The browser's search engine: reads the static index and answers as `invoke search` does.
//
//   const engine = createEngine("/search-index/<generation>/");
//
//   const answer = await engine.search("杭州数控 公办", {
//     filters: { entry: ["初中"] },  // the visitor's choices: group → values, any of which will do
//     order: "relevance",            // or "name", "seats"
//   });
//   answer.hits         [{ordinal, score}], all of them, in order
//   answer.terms        what the query's own words were read as
//   answer.words        words to highlight in a result
//   answer.chosen       [{group, value, label}], the visitor's choices
//   answer.chips        [{group, values, label, word, without, strict, active}]: words that became
//                       filters. `without` is the query less this word: the chip's remove button
//                       asks that. strict: false (a major): shown, but the text decides.
//                       active: false: the visitor's own choice of that kind replaced it.
//   answer.notes        sentences that answer words which the data cannot (免学费)
//   answer.approximate  what was relaxed, a sentence each; not empty: head the list 近似结果
//   answer.offers       when there are no hits: [{kind, group, value, label, count, query}], kind
//                       "without" (ask `query`), "place" or "major" (choose or ask `label`; count
//                       is null for majors)
//
//   await engine.counts(answer)    {group: [{value, label, count}]} for a form of filters; each
//                                  group's own choice does not count. Groups: province, city,
//                                  county, level, ownership, category, training, entry, enrolling,
//                                  boarding, verified, priority, free (value 是), major. Each takes
//                                  a file; engine.counts(answer, ["level", "entry"]) gives and
//                                  fetches only those.
//   await engine.describe(answer.hits.slice(0, 10), answer)
//                                  [{school_id, name, place, level, verified, score, programmes}];
//                                  programmes: [{major, direction, seats, year}], at most three of
//                                  those that the answer's question names, most seats first; the
//                                  year is that of the plan, and may be past
//   await engine.suggest("hangz")  [{kind: "place" | "major" | "school", text, school_id}]; not for
//                                  text that an input method has not finished
//
// All four reject with a SearchIndexError when a file that they need is missing or wrong. An empty
// query with filters finds all schools that they let through; nothing asked finds nothing, and its
// counts are those of all schools.
//
// Nothing is decided here: words, meanings and query limit come with the manifest, and scores are
// integers summed when the index was built. The Python side is plugins/search; the two give the
// same answers, and tests/browser/test_search_parity.py holds them to it. What a plain first answer
// does not need is in search-more.js, which is fetched when it is.

const FORMAT = 4;
const PLACE_GROUPS = ["province", "city", "county"];
const MASK_GROUPS = [
  "level", "ownership", "category", "training", "entry", "enrolling", "boarding", "verified",
  "priority", "free",
];
export const GROUPS = [...PLACE_GROUPS, ...MASK_GROUPS, "major"];
const ORDERS = ["relevance", "name", "seats"];
const MOST_ALTERNATIVES = 6;
const EVERY_PAIR = 8;
const MOST_PROGRAMMES = 3;
const FILTER_HASHES = 5;
// Where {"generation":"…", ends: what follows is checked by the last half of the generation.
const GENERATION_ENDS = 33;
const UNKNOWN = { kind: "text", values: [], synonyms: [], note: "" };
const CRC_OF_BYTE = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc;
});

// An index file could not be had or trusted. `kind` is one of:
// "unreachable" (no answer, or an error from the server), "gone" (the server no longer has it: a
// newer build replaced this index), "damaged" (not exactly the bytes that this build wrote).
export class SearchIndexError extends Error {
  constructor(kind, file) {
    super(`search index file ${file} is ${kind}`);
    this.name = "SearchIndexError";
    this.kind = kind;
    this.file = file;
  }
}

// `baseUrl`: directory of one generation, `…/<generation>/`. `fetchFn`: as `fetch`.
// Nothing is fetched until the first search. Failed files are asked for again by the next search.
export function createEngine(baseUrl, fetchFn = (url, init) => fetch(url, init)) {
  const base = baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`;
  const generation = base.split("/").slice(-2)[0];
  const loaded = new Map();
  const failed = new Set();

  // One request per file, however many searches wait for it.
  function load(file, read) {
    if (!loaded.has(file)) {
      loaded.set(file, fetchBytes(file).then((bytes) => readOrRefuse(file, bytes, read)));
      loaded.get(file).then(
        () => failed.delete(file),
        () => {
          failed.add(file);
          loaded.delete(file);
        },
      );
    }
    return loaded.get(file);
  }

  async function fetchBytes(file) {
    let response;
    let body;
    try {
      // A file that failed may be damaged in the browser's cache: ask the server.
      response = await fetchFn(base + file, failed.has(file) ? { cache: "reload" } : {});
      body = response.ok ? await response.arrayBuffer() : null;
    } catch {
      throw new SearchIndexError("unreachable", file);
    }
    if (body === null) {
      const gone = response.status === 404 || response.status === 410;
      throw new SearchIndexError(gone ? "gone" : "unreachable", file);
    }
    return new Uint8Array(body);
  }

  function loadManifest() {
    return load("manifest.json", (bytes) => {
      demand(Number.parseInt(generation.slice(8), 16) === crc32(bytes.subarray(GENERATION_ENDS)));
      const manifest = readJson(bytes);
      if (manifest.format !== FORMAT || manifest.generation !== generation) {
        throw new Error("another format or generation");
      }
      return openManifest(manifest);
    });
  }

  // `isRight`: whether a CRC-32 is that of the file.
  function loadRight(file, isRight, read) {
    return load(file, (bytes) => {
      demand(isRight(crc32(bytes)));
      return read(bytes);
    });
  }

  function loadChecked(file, place, manifest, read) {
    const low = manifest.checksums.getUint16(2 * place);
    return loadRight(file, (crc) => (crc & 0xffff) === low, read);
  }

  function loadNamed(file, manifest, read) {
    const place = manifest.shards + manifest.chunks + manifest.extra.indexOf(file);
    return loadChecked(file, place, manifest, read);
  }

  function loadChunk(number, manifest) {
    return loadChecked(`schools-${number}.json`, manifest.shards + number, manifest, readJson);
  }

  // Map(group → its values by ordinal), of those groups that are asked for, places aside.
  async function loadColumns(groups, manifest) {
    const names = Array.from(new Set(groups.filter((group) => !PLACE_GROUPS.includes(group))));
    const schools = manifest.schools;
    const read = (name) => (bytes) =>
      name === "major" ? readMajors(bytes, schools) : varints(bytes, schools);
    const columns = await Promise.all(
      names.map((name) => loadNamed(`column-${name}.bin`, manifest, read(name))),
    );
    return new Map(names.map((name, at) => [name, columns[at]]));
  }

  async function loadCounties(manifest) {
    if (!manifest.countiesKnown) {
      addCounties(manifest, await loadNamed("counties.json", manifest, readJson));
    }
  }

  // `manifest.leaf`: for each ordinal the number of the smallest place that is known of it, or -1:
  // of all schools, or of those in the provinces that `values` are in.
  async function loadPlaces(values, manifest) {
    if (values === null) {
      await loadCounties(manifest);
      const all = await loadNamed("column-place.bin", manifest, (bytes) =>
        varints(bytes, manifest.schools),
      );
      manifest.leaf = all.map((number) => number - 1);
      return;
    }
    const wanted = values.filter(([group]) => PLACE_GROUPS.includes(group));
    if (wanted.length === 0) {
      return;
    }
    if (wanted.some(([group]) => group === "county")) {
      await loadCounties(manifest);
    }
    const { places } = manifest;
    const provinces = new Set();
    for (const place of places) {
      if (wanted.some(([group, value]) => group === place.group && value === place.value)) {
        let at = place;
        while (at.parent >= 0) {
          at = places[at.parent];
        }
        if (place !== at) {
          provinces.add(at);
        }
      }
    }
    const listed = places.filter(({ group }) => group === "province");
    const [stretches, ...parts] = await Promise.all([
      loadNamed("column-province.bin", manifest, (bytes) => readStretches(bytes, manifest)),
      ...Array.from(provinces, (one) =>
        loadNamed(`places-${listed.indexOf(one)}.bin`, manifest, varints),
      ),
    ]);
    manifest.leaf ??= stretches.slice();
    Array.from(provinces).forEach((province, part) => {
      const number = places.indexOf(province);
      const ordinals = [];
      stretches.forEach((at, ordinal) => at === number && ordinals.push(ordinal));
      ordinals.forEach((ordinal, at) => {
        const city = parts[part][at] + number;
        const county = parts[part][ordinals.length + at];
        if (city > number) {
          const known = county > 0 && manifest.countiesKnown;
          manifest.leaf[ordinal] = known ? places[city].counties + county - 1 : city;
        }
      });
    });
  }

  const loadMore = () =>
    import("./search-more.js").catch(() => {
      throw new SearchIndexError("unreachable", "search-more.js");
    });

  // Syllables, and the code that reads them, once they are wanted. Only what a student wrote in
  // Han characters and no school has needs the readings of all characters.
  async function loadSounds(manifest, all) {
    const [more, [known, exceptions], rest] = await Promise.all([
      loadMore(),
      loadNamed("sounds.json", manifest, readJson),
      all ? loadNamed("sounds-rest.json", manifest, readJson) : [],
      loadCounties(manifest),
    ]);
    manifest.more = more;
    manifest.sounds ??= more.openSounds(known, exceptions, manifest);
    manifest.sounds.learn(rest);
  }

  // Terms → Map(term → Map(ordinal → impact)); a term of no school has an empty map.
  async function postingsOf(terms, manifest) {
    const found = await Promise.all(
      terms.map(async (term) => {
        const hash = fnv1a(new TextEncoder().encode(term));
        const number = hash % manifest.shards;
        const shard = await loadChecked(`terms-${number}.bin`, number, manifest, readShard);
        shard.named.forEach((ordinals, word) => manifest.named.set(word, ordinals));
        const found = shard.list(term);
        if (typeof found !== "number") {
          return [term, found];
        }
        // A term of very many schools has a file of its own; the shard knows its CRC-32.
        const file = `term-${hash.toString(16).padStart(8, "0")}.bin`;
        const heavy = await loadRight(file, (crc) => crc === found, readShard);
        return [term, heavy.list(term)];
      }),
    );
    return new Map(found);
  }

  // The plan of a query with all the data that answering it takes.
  async function prepare(query, filters, manifest) {
    if (manifest.hasSounds && !manifest.sounds && hasLetters(query, manifest)) {
      await loadSounds(manifest);
    }
    if (mayHoldCounty(query, manifest)) {
      await loadCounties(manifest);
    }
    let plan = understand(query, manifest, filters);
    let postings = await postingsOf(termsOf(plan), manifest);
    if (!manifest.simplified && plan.groups.some((piece) => lacksTerm(piece, postings))) {
      // No term of the index holds a traditional character, so only now can one be in the query.
      const pairs = Array.from(await loadNamed("simplified.json", manifest, readJson));
      manifest.simplified = new Map();
      for (let at = 0; at < pairs.length; at += 2) {
        manifest.simplified.set(pairs[at], pairs[at + 1]);
      }
      if (mayHoldCounty(query, manifest)) {
        await loadCounties(manifest);
      }
      plan = understand(query, manifest, filters);
      postings = await postingsOf(termsOf(plan), manifest);
    }
    return { plan, postings };
  }

  async function asked(plan, postings, manifest) {
    const values = plan.conditions.flatMap((condition) => condition.values);
    const groups = values.map(([group]) => group);
    const [columns] = await Promise.all([
      loadColumns(groups, manifest),
      loadPlaces(values, manifest),
    ]);
    const facts = { manifest, columns };
    for (const condition of plan.conditions) {
      const named = condition.words.flatMap((word) => manifest.named.get(word) ?? []);
      condition.named = new Set(named);
    }
    const scored = scores(plan, postings, manifest.schools);
    return { plan, postings, scored, facts, passing: passing(scored, plan.conditions, facts) };
  }

  async function search(query, { filters = {}, order = "relevance" } = {}) {
    if (!ORDERS.includes(order)) {
      throw new RangeError(`unknown order: ${order}`);
    }
    const manifest = await loadManifest();
    const { plan, postings } = await prepare(query, filters, manifest);
    const answer = {
      query,
      terms: ownTerms(plan),
      words: wordsOf(plan),
      chips: plan.chips,
      notes: plan.notes,
      approximate: [],
      offers: [],
      chosen: GROUPS.flatMap((group) =>
        Array.from(new Set(filters[group]), (value) => ({
          group,
          value,
          label: manifest.labels.get(keyOf([group, value])) ?? value,
        })),
      ),
      wanted: [],
      hits: [],
      scored: null,
      conditions: plan.conditions,
    };
    if (manifest.schools === 0 || plan.groups.length + plan.optional.length + plan.conditions.length === 0) {
      const all = scores({ groups: [], optional: [] }, new Map(), manifest.schools);
      return { ...answer, scored: all };
    }
    let found = await asked(plan, postings, manifest);
    if (found.passing.size === 0) {
      if (manifest.hasSounds) {
        await loadSounds(manifest, true);
      }
      const more = await loadMore();
      const relaxed = await more.relax(found, {
        ask: async (newPlan) => asked(newPlan, await postingsOf(termsOf(newPlan), manifest), manifest),
        understand: (words) => understand(words, manifest, filters),
        sounds: manifest.sounds,
        manifest,
      });
      found = relaxed.found;
      answer.approximate = relaxed.said;
      answer.chips = found.plan.chips;
      answer.conditions = found.plan.conditions;
      if (found.passing.size === 0) {
        await loadPlaces(null, manifest);
        answer.offers = more.offers(found);
      }
    }
    answer.scored = found.scored;
    answer.words = wordsOf(found.plan);
    answer.wanted = found.plan.groups.flatMap((piece) => piece.alternatives);
    const hits = Array.from(found.passing, ([ordinal, score]) => ({ ordinal, score }));
    if (order === "relevance") {
      hits.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
    } else {
      const column = await loadNamed(`order-${order}.bin`, manifest, (bytes) =>
        varints(bytes, manifest.schools),
      );
      const up = order === "name" ? 1 : -1;
      hits.sort(
        (a, b) => up * (column[a.ordinal] - column[b.ordinal]) || a.ordinal - b.ordinal,
      );
    }
    return { ...answer, hits };
  }

  async function counts(answer, groups = GROUPS) {
    const manifest = await loadManifest();
    const asked = answer.conditions.flatMap(({ values }) => values);
    const places = groups.some((group) => PLACE_GROUPS.includes(group));
    const [more, columns] = await Promise.all([
      loadMore(),
      loadColumns([...groups, ...asked.map(([group]) => group)], manifest),
      loadPlaces(places ? null : asked, manifest),
    ]);
    return more.facetCounts(answer, groups, { manifest, columns });
  }

  async function suggest(text, most = 8) {
    const manifest = await loadManifest();
    await (manifest.hasSounds ? loadSounds(manifest) : loadCounties(manifest));
    const more = await loadMore();
    const known = more.knownWords(text, manifest, Math.ceil(most / 2));
    const answer = await search(text);
    const exact = answer.approximate.length === 0 ? answer.hits.slice(0, most - known.length) : [];
    const schools = (await describe(exact)).map(({ name, school_id: schoolId }) => ({
      kind: "school",
      text: name,
      school_id: schoolId,
    }));
    return [...known, ...schools];
  }

  // What results show of these hits, in their order. Fetches only the chunks that they are in.
  async function describe(hits, { wanted, conditions } = { wanted: [], conditions: [] }) {
    const manifest = await loadManifest();
    const chosen = new Set(conditions.flatMap(({ values }) => values.map(keyOf)));
    return Promise.all(
      hits.map(async ({ ordinal, score }) => {
        const rows = await loadChunk(Math.floor(ordinal / manifest.chunk), manifest);
        const [schoolId, name, place, level, verified, year, ...offered] =
          rows[ordinal % manifest.chunk];
        const programmes = offered
          .map(([major, seats, direction = ""]) => ({
            major: manifest.majors[major] ?? major,
            direction,
            seats,
            year,
          }))
          .filter((programme) => isAsked(programme, wanted, chosen, manifest))
          .slice(0, MOST_PROGRAMMES);
        return {
          school_id: schoolId, name, place, level, verified: verified === 1, score, programmes,
        };
      }),
    );
  }

  return { search, counts, describe, suggest };
}

function readOrRefuse(file, bytes, read) {
  try {
    return read(bytes);
  } catch {
    throw new SearchIndexError("damaged", file);
  }
}

function readJson(bytes) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

function openManifest(manifest) {
  const { read, han, word } = manifest.characters;
  const checksums = Uint8Array.from(atob(manifest.checksums), (byte) => byte.charCodeAt(0));
  const places = readPlaces(manifest.places);
  const filter = Uint8Array.from(atob(manifest.counties), (byte) => byte.charCodeAt(0));
  const values = new Map(Object.entries(manifest.values));
  const opened = {
    schools: manifest.schools,
    shards: manifest.shards,
    chunk: manifest.chunk,
    chunks: Math.ceil(manifest.schools / manifest.chunk),
    queryLimit: manifest.queryLimit,
    hasSounds: manifest.sounds,
    extra: manifest.extra,
    checksums: new DataView(checksums.buffer),
    notRead: new RegExp(`[^${characterClass(read)}]`, "gu"),
    asRead: asReadBy(read),
    run: new RegExp(`([${characterClass(han)}]+)|[${characterClass(word)}]+`, "gu"),
    oneWord: new RegExp(`^(?:[${characterClass(han)}]{2,}|[${characterClass(word)}]+)$`, "u"),
    hanWord: new RegExp(`^[${characterClass(han)}]{2,}$`, "u"),
    places,
    values,
    majors: manifest.majors === "" ? [] : manifest.majors.split("\n"),
    filterWords: manifest.meanings.map(([known]) => known),
    synonymWords: manifest.synonyms.map(([known]) => known),
    labels: new Map(),
    linking: new Set(manifest.linking),
    countyFilter: filter,
    countiesKnown: false,
    written: manifest,
    leaf: null,
    named: new Map(),
    simplified: null,
    sounds: null,
  };
  for (const [group, pairs] of values) {
    pairs.forEach(([value, label]) => opened.labels.set(keyOf([group, value]), label));
  }
  const spoken = [...opened.majors, ...manifest.synonyms.flat()];
  opened.phrases = new Set(
    spoken.map((word) => plain(word, opened)).filter(
      (word) => word.length > 2 && opened.hanWord.test(word) && Array.from(word).length > 2,
    ),
  );
  return withWords(opened);
}

// The known words and what they mean, from what is known so far.
function withWords(opened) {
  for (const place of opened.places) {
    const key = keyOf([place.group, place.value]);
    if (!opened.labels.has(key)) {
      opened.labels.set(key, place.name);
    }
  }
  opened.meanings = readMeanings(opened.written, opened);
  return opened;
}

// As `_county_lines` in plugins/search/export.py: a line for each city.
function addCounties(manifest, text) {
  const { places } = manifest;
  const lines = text.split("\n");
  let line = 0;
  for (const [at, place] of Array.from(places.entries())) {
    if (place.group === "city") {
      place.counties = places.length;
      const names = lines[line] === "" ? [] : lines[line].split(" ");
      names.forEach((barred) => places.push(placeOf("county", null, barred, at, [])));
      line += 1;
    }
  }
  manifest.countiesKnown = true;
  withWords(manifest);
}

// Parents first, each followed by what is in it: the order of plugins/search/lexicon.py.
export function placesInOrder({ places }) {
  const inOrder = [];
  places.forEach((place, at) => {
    if (place.group !== "county") {
      inOrder.push(place);
    }
    for (let next = place.counties; places[next]?.parent === at; next += 1) {
      inOrder.push(places[next]);
    }
  });
  return inOrder;
}

// As `_county_filter` in plugins/search/export.py.
function mayHoldCounty(query, manifest) {
  const { countyFilter: bits, countiesKnown } = manifest;
  if (countiesKnown || bits.length === 0) {
    return false;
  }
  const hash = (text) => fnv1a(new TextEncoder().encode(text));
  const isIn = (pair) => {
    const first = hash(pair);
    const step = hash(`${pair}+`);
    for (let number = 0; number < FILTER_HASHES; number += 1) {
      const bit = (first + number * step) % (8 * bits.length);
      if ((bits[bit >> 3] & (1 << (bit & 7))) === 0) {
        return false;
      }
    }
    return true;
  };
  return runsOfQuery(query, manifest).some(
    ({ text, han }) => han && text.length > 1 && pairs(Array.from(text)).some(isIn),
  );
}

export const keyOf = ([group, value]) => `${group} ${value}`;

// As `_place_lines` in plugins/search/export.py.
function readPlaces(text) {
  const places = [];
  let province = -1;
  let before = "";
  for (const line of text === "" ? [] : text.split("\n")) {
    if (line.startsWith(" ")) {
      const [name, code] = line.slice(1).split(" ");
      before = code ?? String(Number(before) + 100).padStart(6, "0");
      places.push(placeOf("city", before, name, province, []));
    } else {
      const [slug, name, around] = line.split(" ");
      province = places.length;
      places.push(placeOf("province", slug, name, -1, around ? around.split(",") : []));
    }
  }
  return places;
}

// `counties`: the number of a city's first county, once counties are known.
function placeOf(group, value, barred, parent, neighbours) {
  const [short, rest = ""] = barred.split("|");
  const name = short + rest;
  return { group, value: value ?? name, name, short, parent, neighbours, counties: NaN };
}

// As `meanings_of` in plugins/search/vocabulary.py, after the words that are only split off.
// Gives {get, has} as of a Map from a word, and `longest`: no word has more characters. There are
// thousands of words and a query has a few, so a word is looked at closely when it is asked for.
function readMeanings(manifest, { places, majors, oneWord }) {
  const found = new Map();
  const meaning = (kind, more) => ({ ...UNKNOWN, kind, ...more });
  manifest.words.split(" ").forEach((word) => found.set(word, meaning("text")));
  majors.forEach((major) => found.set(major, meaning("major", { values: [["major", major]] })));
  for (const [word, ...synonyms] of manifest.synonyms) {
    const before = found.get(word);
    found.set(word, { ...(before?.kind === "major" ? before : UNKNOWN), synonyms });
  }
  manifest.ignored.split(" ").forEach((word) => found.set(word, meaning("ignored")));
  manifest.notes.forEach(([word, note]) => found.set(word, meaning("note", { note })));
  const values = new Map();
  const add = (word, value) => {
    const several = values.get(word);
    if (several === undefined) {
      values.set(word, [value]);
    } else {
      several.push(value);
    }
  };
  for (const { group, value, name, short } of places) {
    add(name, [group, value]);
    add(short, [group, value]);
  }
  for (const [word, ...flat] of manifest.meanings) {
    for (let at = 0; at < flat.length; at += 2) {
      add(word, [flat[at], flat[at + 1]]);
    }
  }
  let longest = 0;
  for (const words of [found, values]) {
    for (const word of words.keys()) {
      longest = Math.max(longest, word.length);
    }
  }
  const get = (word) => {
    const several = values.get(word);
    const known = several ? meaning("filter", { values: inGroupOrder(several) }) : found.get(word);
    return known && oneWord.test(word) ? known : undefined;
  };
  return { get, has: (word) => (values.has(word) || found.has(word)) && oneWord.test(word), longest };
}

export function inGroupOrder(values) {
  const distinct = new Map(values.map((value) => [keyOf(value), value]));
  return Array.from(distinct.values()).sort((a, b) => GROUPS.indexOf(a[0]) - GROUPS.indexOf(b[0]));
}

function characterClass(ranges) {
  const escape = (codePoint) => `\\u{${codePoint.toString(16)}}`;
  return ranges.map(([first, last]) => `${escape(first)}-${escape(last)}`).join("");
}

// How a query is understood: as plugins/search/plan.py ------------------------------------------

const plain = (text, manifest) =>
  manifest.asRead.test(text)
    ? text
    : text.replace(manifest.notRead, " ").normalize("NFKC").toLowerCase();

// Text that stays as it is when it is read; most of what there is, and seen at a glance.
function asReadBy(ranges) {
  const isRead = (from, to) => ranges.some(([first, last]) => first <= from && to <= last);
  const usual = [[0x61, 0x7a], [0x30, 0x39], [0x4e00, 0x9fff]].filter(([from, to]) => isRead(from, to));
  return new RegExp(usual.length > 0 ? `^[ ${characterClass(usual)}]*$` : "^ *$", "u");
}

export function normalize(text, manifest) {
  const { simplified } = manifest;
  const read = plain(text, manifest);
  return simplified ? Array.from(read, (one) => simplified.get(one) ?? one).join("") : read;
}

export function runsOf(text, manifest) {
  return Array.from(normalize(text, manifest).matchAll(manifest.run), ([run, han]) => ({
    text: run,
    han: han !== undefined,
  }));
}

function runsOfQuery(query, manifest) {
  // A code point is at most two UTF-16 units; the rest of a very long query is never looked at.
  const limit = manifest.queryLimit;
  return runsOf(Array.from(query.slice(0, 2 * limit)).slice(0, limit).join(""), manifest);
}

function hasLetters(query, manifest) {
  return runsOfQuery(query, manifest).some(
    ({ text, han }) => !han && /^[a-z]+$/.test(text) && !manifest.meanings.has(text),
  );
}

export function wordTerms(word, manifest) {
  const terms = runsOf(word, manifest).flatMap(({ text, han }) =>
    han && !manifest.phrases.has(text) ? spread(Array.from(text)) : [text],
  );
  return Array.from(new Set(terms));
}

function spread(run) {
  const every = pairs(run);
  return run.length <= EVERY_PAIR
    ? every
    : [...every.filter((_, at) => at % 2 === 0), every[every.length - 1]];
}

export function distinctTerms(alternatives) {
  const found = new Map(alternatives.map((terms) => [terms.join(" "), terms]));
  return Array.from(found.values()).slice(0, MOST_ALTERNATIVES);
}

const LINK = { ...UNKNOWN, kind: "ignored" };

function pieceOf(word, manifest, meaning = manifest.meanings.get(word) ?? UNKNOWN) {
  const { kind, values, synonyms, note } = meaning;
  const phrases = [word, ...synonyms].slice(0, MOST_ALTERNATIVES);
  const alternatives = distinctTerms(phrases.map((phrase) => wordTerms(phrase, manifest)));
  return { text: word, kind, alternatives, values, note, letters: false };
}

// As `_rejoined` in plugins/search/plan.py. Gives [word, meaning] pairs.
function rejoined(words, manifest) {
  const result = [];
  let together = [];
  const meaningOf = (word) => manifest.meanings.get(word) ?? UNKNOWN;
  const flush = () => {
    if (together.length > 1 && together.some((word) => Array.from(word).length === 1)) {
      result.push([together.join(""), UNKNOWN]);
    } else {
      together.forEach((word) => result.push([word, meaningOf(word)]));
    }
    together = [];
  };
  for (const word of words) {
    const meaning = words.length > 1 && manifest.linking.has(word) ? LINK : meaningOf(word);
    if (meaning.kind === "text" || meaning.kind === "major") {
      together.push(word);
    } else {
      flush();
      result.push([word, meaning]);
    }
  }
  flush();
  return result;
}

function piecesOf(query, manifest) {
  let runs = runsOfQuery(query, manifest);
  if (manifest.sounds) {
    runs = manifest.more.joinedSyllables(runs, manifest);
  }
  const pieces = new Map();
  const add = (piece) => pieces.has(piece.text) || pieces.set(piece.text, piece);
  for (const { text, han } of runs) {
    if (han) {
      const words = splitKnownWords(Array.from(text), manifest).map((word) => word.join(""));
      rejoined(words, manifest).forEach(([word, meaning]) => add(pieceOf(word, manifest, meaning)));
    } else if (!manifest.meanings.has(text) && manifest.sounds && /^[a-z]{2,}$/.test(text)) {
      manifest.more.letterPieces(text, manifest).forEach(add);
    } else {
      add(pieceOf(text, manifest));
    }
  }
  return Array.from(pieces.values());
}

function understand(query, manifest, filters) {
  const chosen = new Map(
    GROUPS.filter((group) => filters[group]?.length > 0).map((group) => [
      group,
      Array.from(new Set(filters[group])),
    ]),
  );
  let pieces = piecesOf(query, manifest);
  const silent = (piece) => piece.kind === "ignored" || piece.kind === "note";
  if (pieces.every(silent)) {
    pieces = pieces.map((piece) => (piece.kind === "ignored" ? { ...piece, kind: "text" } : piece));
  }
  const replaces = (mine, theirs) =>
    mine === theirs || (PLACE_GROUPS.includes(mine) && PLACE_GROUPS.includes(theirs));
  const isActive = (piece) =>
    !Array.from(chosen.keys()).some((group) => replaces(group, piece.values[0][0]));
  const labelOf = (value) => manifest.labels.get(keyOf(value)) ?? value[1];
  const chips = pieces
    .filter((piece) => piece.values.length > 0)
    .map((piece) => ({
      group: piece.values[0][0],
      values: piece.values.map(([, value]) => value),
      label: Array.from(new Set(piece.values.map(labelOf))).join(" / "),
      word: piece.text,
      without: pieces.filter((other) => other !== piece).map((other) => other.text).join(" "),
      strict: piece.kind === "filter",
      active: isActive(piece),
    }));
  const conditions = new Map();
  for (const piece of pieces) {
    if (piece.kind === "filter" && isActive(piece)) {
      const group = piece.values[0][0];
      const before = conditions.get(group) ?? { group, values: [], words: [] };
      const values = [...before.values, ...piece.values];
      conditions.set(group, {
        group,
        values: Array.from(new Map(values.map((value) => [keyOf(value), value])).values()),
        words: [...before.words, piece.text],
      });
    }
  }
  for (const [group, values] of chosen) {
    conditions.set(group, { group, values: values.map((value) => [group, value]), words: [] });
  }
  const filterTerms = pieces
    .filter((piece) => piece.kind === "filter")
    .flatMap((piece) => piece.alternatives.flatMap((terms) => terms.slice(0, 1)));
  return {
    pieces,
    groups: pieces.filter((piece) => piece.kind === "text" || piece.kind === "major"),
    optional: Array.from(new Set(filterTerms)),
    chips,
    conditions: GROUPS.filter((group) => conditions.has(group)).map((group) => conditions.get(group)),
    notes: Array.from(new Set(pieces.map((piece) => piece.note).filter((note) => note !== ""))),
  };
}

function ownTerms(plan) {
  const spoken = plan.pieces.filter((piece) => piece.kind !== "ignored" && piece.kind !== "note");
  return Array.from(new Set(spoken.flatMap((piece) => piece.alternatives[0] ?? [])));
}

// What to mark in a result: the words themselves, and all that they were read as.
function wordsOf(plan) {
  const searched = plan.pieces.filter((piece) => piece.alternatives.length > 0);
  const parts = [...searched, ...plan.groups].flatMap((piece) => [
    piece.text,
    ...piece.alternatives.flat(),
  ]);
  return Array.from(new Set(parts));
}

// As `_is_asked` in plugins/search/describe.py.
function isAsked({ major, direction }, wanted, chosen, manifest) {
  const text = plain(`${major} ${direction}`, manifest);
  return (
    chosen.has(keyOf(["major", major])) ||
    wanted.some((terms) => terms.every((term) => text.includes(term)))
  );
}

function termsOf(plan) {
  const asked = plan.groups.flatMap((piece) => piece.alternatives.flat());
  return Array.from(new Set([...asked, ...plan.optional]));
}

function lacksTerm(piece, postings) {
  return !piece.alternatives.some((terms) => terms.every((term) => postings.get(term).size > 0));
}

// The longest known word first, the leftmost of equals; then each side. `run`: characters.
function splitKnownWords(run, manifest) {
  for (let length = Math.min(manifest.meanings.longest, run.length); length > 1; length -= 1) {
    for (let start = 0; start + length <= run.length; start += 1) {
      const word = run.slice(start, start + length);
      if (manifest.meanings.has(word.join(""))) {
        return [
          ...splitKnownWords(run.slice(0, start), manifest),
          word,
          ...splitKnownWords(run.slice(start + length), manifest),
        ];
      }
    }
  }
  return run.length > 0 ? [run] : [];
}

export function pairs(characters) {
  if (characters.length < 2) {
    return characters;
  }
  return characters.slice(1).map((character, place) => characters[place] + character);
}

// Which schools a plan finds: as plugins/search/matching.py ---------------------------------------

// The alternative that scores most, of equals the first: {scores: Map(ordinal → its score),
// terms: a function of the ordinal}. What most queries are, one word of one term, costs nothing.
function bestOf({ alternatives }, postings) {
  if (alternatives.length === 1 && alternatives[0].length === 1) {
    return { scores: postings.get(alternatives[0][0]), terms: () => alternatives[0] };
  }
  const scores = new Map();
  const chosen = new Map();
  for (const terms of alternatives) {
    const lists = terms.map((term) => postings.get(term)).sort((a, b) => a.size - b.size);
    const [smallest, ...others] = lists;
    for (const [ordinal, impact] of smallest) {
      let score = impact;
      for (const list of others) {
        score += list.get(ordinal) ?? NaN;
      }
      // Not a number: a term is missing.
      if (score > (scores.get(ordinal) ?? -1)) {
        scores.set(ordinal, score);
        chosen.set(ordinal, terms);
      }
    }
  }
  return { scores, terms: (ordinal) => chosen.get(ordinal) };
}

const areDistinct = (terms) => new Set(terms).size === terms.length;

// How many schools a piece finds.
export const countOf = (piece, postings) => bestOf(piece, postings).scores.size;

// Map(ordinal → score).
function scores({ groups, optional }, postings, schools) {
  const found = groups.map((piece) => bestOf(piece, postings));
  // A term counts once, however often an alternative (of syllables) or several pieces name it.
  const once = groups.length === 1 && groups[0].alternatives.every(areDistinct);
  if (once && optional.length === 0) {
    return found[0].scores;
  }
  const candidates =
    found.length > 0
      ? found.reduce((small, one) => (one.scores.size < small.scores.size ? one : small)).scores
      : new Map(Array.from({ length: schools }, (_, ordinal) => [ordinal, 0]));
  const more = optional.map((term) => [term, postings.get(term)]);
  const scored = new Map();
  for (const ordinal of candidates.keys()) {
    if (found.every((one) => one.scores.has(ordinal))) {
      const terms = once
        ? found[0].terms(ordinal)
        : Array.from(new Set(found.flatMap((one) => one.terms(ordinal))));
      let score = once ? found[0].scores.get(ordinal) : 0;
      if (!once) {
        terms.forEach((term) => {
          score += postings.get(term).get(ordinal);
        });
      }
      for (const [term, list] of more) {
        score += terms.includes(term) ? 0 : (list.get(ordinal) ?? 0);
      }
      scored.set(ordinal, score);
    }
  }
  return scored;
}

// A function of an ordinal: whether the school meets all conditions.
export function passerOf(conditions, facts) {
  const tests = conditions.map(({ values, named }) => {
    const holds = values.map((value) => holderOf(value, facts));
    return (ordinal) => named.has(ordinal) || holds.some((test) => test(ordinal));
  });
  return (ordinal) => tests.every((test) => test(ordinal));
}

export function passing(scored, conditions, facts) {
  if (conditions.length === 0) {
    return scored;
  }
  const passes = passerOf(conditions, facts);
  return new Map(Array.from(scored).filter(([ordinal]) => passes(ordinal)));
}

function holderOf([group, value], { manifest, columns }) {
  if (group === "major") {
    const number = manifest.majors.indexOf(value);
    const column = columns.get("major");
    return (ordinal) => column[ordinal].includes(number);
  }
  if (PLACE_GROUPS.includes(group)) {
    const { leaf, places } = manifest;
    return (ordinal) => {
      for (let at = leaf[ordinal]; at >= 0; at = places[at].parent) {
        if (places[at].group === group && places[at].value === value) {
          return true;
        }
      }
      return false;
    };
  }
  const bit = (manifest.values.get(group) ?? []).findIndex(([known]) => known === value);
  const column = columns.get(group);
  return bit < 0 ? () => false : (ordinal) => (column[ordinal] & (1 << bit)) !== 0;
}

// Reading files -----------------------------------------------------------------------------------

// As `_majors` in plugins/search/export.py.
function readMajors(bytes, count) {
  const numbers = varints(bytes);
  const schools = [];
  for (let at = 0; at < numbers.length; at += 1 + numbers[at]) {
    let major = -1;
    const steps = numbers.slice(at + 1, at + 1 + numbers[at]);
    schools.push(steps.map((step) => (major += step)));
  }
  demand(schools.length === count);
  return schools;
}

// As `_places` in plugins/search/export.py: the number of each school's province, or -1.
function readStretches(bytes, { schools }) {
  const numbers = varints(bytes);
  const provinces = [];
  for (let at = 0; at < numbers.length; at += 2) {
    provinces.push(...Array(numbers[at]).fill(numbers[at + 1] - 1));
  }
  demand(provinces.length === schools);
  return provinces;
}

function demand(whole) {
  if (!whole) {
    throw new Error("too few or too many bytes");
  }
}

// `count`: how many there must be, where that is known.
function varints(bytes, count) {
  const numbers = [];
  let number = 0;
  let shift = 0;
  for (const byte of bytes) {
    number |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
      shift = 0;
    }
  }
  demand(shift === 0 && (count === undefined || numbers.length === count));
  return numbers;
}

// As `term_record` in plugins/search/postings_shards.py. Gives {list, named}: a function of a term,
// to Map(ordinal → impact), or the CRC-32 of the file that holds it; and Map(word → ordinals). All
// bytes are walked through, but only a list that is asked for is made.
function readShard(bytes) {
  const decoder = new TextDecoder();
  const starts = new Map();
  const lists = new Map();
  const named = new Map();
  let place = 0;

  function varint() {
    let number = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[place];
      number |= (byte & 0x7f) << shift;
      shift += 7;
      place += 1;
    } while (byte > 0x7f);
    return number;
  }

  function word() {
    const length = varint();
    place += length;
    return decoder.decode(bytes.subarray(place - length, place));
  }

  function ordinals() {
    const found = [];
    let ordinal = -1;
    for (let schools = varint(); schools > 0 && place < bytes.length; schools -= 1) {
      ordinal += varint();
      found.push(ordinal);
    }
    return found;
  }

  function skip(numbers) {
    for (let left = numbers; left > 0 && place < bytes.length; place += 1) {
      left -= bytes[place] < 0x80 ? 1 : 0;
    }
  }

  function list(term) {
    if (!lists.has(term) && starts.has(term)) {
      place = starts.get(term);
      const schools = ordinals();
      lists.set(
        term,
        schools.length === 0
          ? new DataView(bytes.buffer, bytes.byteOffset + place).getUint32(0)
          : new Map(schools.map((school) => [school, varint()])),
      );
    }
    return lists.get(term) ?? new Map();
  }

  demand(bytes.length > 0);
  for (let left = varint(); left > 0; left -= 1) {
    demand(place < bytes.length);
    const term = word();
    starts.set(term, place);
    const schools = varint();
    if (schools === 0) {
      place += 4;
    } else {
      skip(2 * schools);
    }
  }
  while (place < bytes.length) {
    named.set(word(), ordinals());
  }
  demand(place === bytes.length);
  return { list, named };
}

function fnv1a(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

// The CRC-32 of zlib and PNG.
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 0xff];
  }
  return (crc ^ -1) >>> 0;
}
