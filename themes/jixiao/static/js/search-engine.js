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
//                                  boarding, verified, priority (value 是), major.
//   await engine.describe(answer.hits.slice(0, 10))
//                                  [{school_id, name, place, level, verified, score}]
//   await engine.suggest("hangz")  [{kind: "place" | "major" | "school", text, school_id}]; not for
//                                  text that an input method has not finished
//
// All four reject with a SearchIndexError when a file that they need is missing or wrong. An empty
// query with filters finds all schools that they let through; nothing asked finds nothing.
//
// Nothing is decided here: words, meanings and query limit come with the manifest, and scores are
// integers summed when the index was built. The Python side is plugins/search; the two give the
// same answers, and tests/browser/test_search_parity.py holds them to it. What a plain first answer
// does not need is in search-more.js, which is fetched when it is.

const FORMAT = 2;
const PLACE_GROUPS = ["province", "city", "county"];
const MASK_GROUPS = [
  "level", "ownership", "category", "training", "entry", "enrolling", "boarding", "verified",
  "priority",
];
export const GROUPS = [...PLACE_GROUPS, ...MASK_GROUPS, "major"];
const ORDERS = ["relevance", "name", "seats"];
const MOST_ALTERNATIVES = 6;
const EVERY_PAIR = 8;

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
      const manifest = readJson(bytes);
      if (manifest.format !== FORMAT || manifest.generation !== generation) {
        throw new Error("another format or generation");
      }
      return openManifest(manifest);
    });
  }

  function loadChecked(file, place, manifest, read) {
    return load(file, (bytes) => {
      if (crc32(bytes) !== manifest.checksums.getUint32(4 * place)) {
        throw new Error("wrong checksum");
      }
      return read(bytes);
    });
  }

  function loadNamed(file, manifest, read) {
    const place = manifest.shards + manifest.chunks + manifest.extra.indexOf(file);
    return loadChecked(file, place, manifest, read);
  }

  function loadChunk(number, manifest) {
    return loadChecked(`schools-${number}.json`, manifest.shards + number, manifest, readJson);
  }

  // Map(column → its values by ordinal), of those groups that are asked for.
  async function loadColumns(groups, manifest) {
    const names = Array.from(
      new Set(groups.map((group) => (PLACE_GROUPS.includes(group) ? "place" : group))),
    );
    const read = (name) => (bytes) => (name === "major" ? readMajors(bytes) : varints(bytes));
    const columns = await Promise.all(
      names.map((name) => loadNamed(`column-${name}.bin`, manifest, read(name))),
    );
    return new Map(names.map((name, at) => [name, columns[at]]));
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
    ]);
    manifest.more = more;
    manifest.sounds ??= more.openSounds(known, exceptions, manifest);
    manifest.sounds.learn(rest);
  }

  // Terms → Map(term → Map(ordinal → impact)); a term of no school has an empty map.
  async function postingsOf(terms, manifest) {
    const found = await Promise.all(
      terms.map(async (term) => {
        const number = fnv1a(new TextEncoder().encode(term)) % manifest.shards;
        const shard = await loadChecked(`terms-${number}.bin`, number, manifest, readShard);
        return [term, shard.get(term) ?? new Map()];
      }),
    );
    return new Map(found);
  }

  // The plan of a query with all the data that answering it takes.
  async function prepare(query, filters, manifest) {
    if (manifest.hasSounds && !manifest.sounds && hasLetters(query, manifest)) {
      await loadSounds(manifest);
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
      plan = understand(query, manifest, filters);
      postings = await postingsOf(termsOf(plan), manifest);
    }
    return { plan, postings };
  }

  async function asked(plan, postings, manifest) {
    const groups = plan.conditions.flatMap(({ values }) => values.map(([group]) => group));
    const facts = { manifest, columns: await loadColumns(groups, manifest) };
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
      words: plan.pieces.filter((piece) => piece.alternatives.length > 0).map((piece) => piece.text),
      chips: plan.chips,
      notes: plan.notes,
      approximate: [],
      offers: [],
      hits: [],
      scored: new Map(),
      conditions: plan.conditions,
    };
    if (manifest.schools === 0 || plan.groups.length + plan.optional.length + plan.conditions.length === 0) {
      return answer;
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
      });
      found = relaxed.found;
      answer.approximate = relaxed.said;
      answer.chips = found.plan.chips;
      answer.conditions = found.plan.conditions;
      if (found.passing.size === 0) {
        const columns = await loadColumns(["city"], manifest);
        columns.forEach((column, name) => found.facts.columns.set(name, column));
        answer.offers = more.offers(found);
      }
    }
    answer.scored = found.scored;
    const hits = Array.from(found.passing, ([ordinal, score]) => ({ ordinal, score }));
    if (order === "relevance") {
      hits.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
    } else {
      const column = await loadNamed(`order-${order}.bin`, manifest, varints);
      const up = order === "name" ? 1 : -1;
      hits.sort(
        (a, b) => up * (column[a.ordinal] - column[b.ordinal]) || a.ordinal - b.ordinal,
      );
    }
    return { ...answer, hits };
  }

  async function counts(answer) {
    const manifest = await loadManifest();
    const [more, columns] = await Promise.all([loadMore(), loadColumns(GROUPS, manifest)]);
    return more.facetCounts(answer, { manifest, columns });
  }

  async function suggest(text, most = 8) {
    const manifest = await loadManifest();
    if (manifest.hasSounds) {
      await loadSounds(manifest);
    }
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

  // What results show of these hits, in their order:
  // {school_id, name, place, level, verified, score}. Fetches only the chunks that they are in.
  async function describe(hits) {
    const manifest = await loadManifest();
    return Promise.all(
      hits.map(async ({ ordinal, score }) => {
        const rows = await loadChunk(Math.floor(ordinal / manifest.chunk), manifest);
        const [schoolId, name, place, level, verified] = rows[ordinal % manifest.chunk];
        return { school_id: schoolId, name, place, level, verified: verified === 1, score };
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
    run: new RegExp(`([${characterClass(han)}]+)|[${characterClass(word)}]+`, "gu"),
    oneWord: new RegExp(`^(?:[${characterClass(han)}]{2,}|[${characterClass(word)}]+)$`, "u"),
    hanWord: new RegExp(`^[${characterClass(han)}]{2,}$`, "u"),
    places,
    values,
    majors: manifest.majors === "" ? [] : manifest.majors.split("\n"),
    filterWords: manifest.meanings.map(([known]) => known),
    synonymWords: manifest.synonyms.map(([known]) => known),
    labels: new Map(),
    named: new Map(manifest.named.map(([known, ...ordinals]) => [known, new Set(ordinals)])),
    simplified: null,
    sounds: null,
  };
  for (const place of places) {
    const key = keyOf([place.group, place.value]);
    if (!opened.labels.has(key)) {
      opened.labels.set(key, place.name);
    }
  }
  for (const [group, pairs] of values) {
    pairs.forEach(([value, label]) => opened.labels.set(keyOf([group, value]), label));
  }
  opened.meanings = readMeanings(manifest, opened);
  opened.longest = 0;
  for (const known of opened.meanings.keys()) {
    if (opened.hanWord.test(known)) {
      opened.longest = Math.max(opened.longest, Array.from(known).length);
    }
  }
  return opened;
}

export const keyOf = ([group, value]) => `${group} ${value}`;

// As `_place_lines` in plugins/search/export.py.
function readPlaces(text) {
  const places = [];
  let province = -1;
  const add = (group, value, barred, parent, neighbours = []) => {
    const [short, rest = ""] = barred.split("|");
    places.push({ group, value: value ?? short + rest, name: short + rest, short, parent, neighbours });
    return places.length - 1;
  };
  for (const line of text === "" ? [] : text.split("\n")) {
    if (line.startsWith(" ")) {
      const [code, name, ...counties] = line.slice(1).split(" ");
      const city = add("city", code, name, province);
      counties.forEach((county) => add("county", null, county, city));
    } else {
      const [slug, name, around] = line.split(" ");
      province = add("province", slug, name, -1, around ? around.split(",") : []);
    }
  }
  return places;
}

// As `meanings_of` in plugins/search/vocabulary.py, after the words that are only split off.
function readMeanings(manifest, { places, majors, oneWord }) {
  const found = new Map();
  const meaning = (kind, more) => ({ kind, values: [], synonyms: [], note: "", ...more });
  manifest.words.split(" ").forEach((word) => found.set(word, meaning("text")));
  majors.forEach((major) => found.set(major, meaning("major", { values: [["major", major]] })));
  for (const [word, ...synonyms] of manifest.synonyms) {
    const before = majors.includes(word) ? found.get(word) : meaning("text");
    found.set(word, { ...before, synonyms });
  }
  manifest.ignored.split(" ").forEach((word) => found.set(word, meaning("ignored")));
  manifest.notes.forEach(([word, note]) => found.set(word, meaning("note", { note })));
  const values = new Map();
  const add = (word, value) => {
    const several = values.get(word) ?? [];
    if (!several.some((other) => keyOf(other) === keyOf(value))) {
      several.push(value);
    }
    values.set(word, several);
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
  for (const [word, several] of values) {
    found.set(word, meaning("filter", { values: inGroupOrder(several) }));
  }
  for (const word of Array.from(found.keys())) {
    if (!oneWord.test(word)) {
      found.delete(word);
    }
  }
  return found;
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

export function normalize(text, manifest) {
  const plain = text.replace(manifest.notRead, " ").normalize("NFKC").toLowerCase();
  const { simplified } = manifest;
  return simplified ? Array.from(plain, (one) => simplified.get(one) ?? one).join("") : plain;
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
    han ? spread(Array.from(text)) : [text],
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

function pieceOf(word, manifest) {
  const { kind, values, synonyms, note } = manifest.meanings.get(word) ?? { kind: "text", values: [], synonyms: [], note: "" };
  const phrases = [word, ...synonyms].slice(0, MOST_ALTERNATIVES);
  const alternatives = distinctTerms(phrases.map((phrase) => wordTerms(phrase, manifest)));
  return { text: word, kind, alternatives, values, note, letters: false };
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
      splitKnownWords(Array.from(text), manifest).forEach((word) =>
        add(pieceOf(word.join(""), manifest)),
      );
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
      const before = conditions.get(group) ?? { group, values: [], named: new Set() };
      const named = manifest.named.get(piece.text) ?? [];
      const values = [...before.values, ...piece.values];
      conditions.set(group, {
        group,
        values: Array.from(new Map(values.map((value) => [keyOf(value), value])).values()),
        named: new Set([...before.named, ...named]),
      });
    }
  }
  for (const [group, values] of chosen) {
    conditions.set(group, { group, values: values.map((value) => [group, value]), named: new Set() });
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

function termsOf(plan) {
  const asked = plan.groups.flatMap((piece) => piece.alternatives.flat());
  return Array.from(new Set([...asked, ...plan.optional]));
}

function lacksTerm(piece, postings) {
  return !piece.alternatives.some((terms) => terms.every((term) => postings.get(term).size > 0));
}

// The longest known word first, the leftmost of equals; then each side. `run`: characters.
function splitKnownWords(run, manifest) {
  for (let length = Math.min(manifest.longest, run.length); length > 1; length -= 1) {
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

function pairs(characters) {
  if (characters.length < 2) {
    return characters;
  }
  return characters.slice(1).map((character, place) => characters[place] + character);
}

// Which schools a plan finds: as plugins/search/matching.py ---------------------------------------

// Map(ordinal → terms of the alternative that scores most, of equals the first).
export function matches(piece, postings) {
  const best = new Map();
  for (const terms of piece.alternatives) {
    const lists = terms.map((term) => postings.get(term));
    const smallest = lists.reduce((small, list) => (list.size < small.size ? list : small));
    for (const ordinal of smallest.keys()) {
      if (lists.every((list) => list.has(ordinal))) {
        const score = lists.reduce((sum, list) => sum + list.get(ordinal), 0);
        if (!best.has(ordinal) || score > best.get(ordinal).score) {
          best.set(ordinal, { score, terms });
        }
      }
    }
  }
  return new Map(Array.from(best, ([ordinal, { terms }]) => [ordinal, terms]));
}

function scores({ groups, optional }, postings, schools) {
  const found = groups.map((piece) => matches(piece, postings));
  const candidates =
    found.length > 0
      ? found.reduce((small, one) => (one.size < small.size ? one : small)).keys()
      : Array(schools).keys();
  const scored = new Map();
  for (const ordinal of candidates) {
    if (found.every((one) => one.has(ordinal))) {
      const terms = new Set(found.flatMap((one) => one.get(ordinal)));
      let score = 0;
      terms.forEach((term) => {
        score += postings.get(term).get(ordinal);
      });
      for (const term of optional) {
        score += terms.has(term) ? 0 : (postings.get(term).get(ordinal) ?? 0);
      }
      scored.set(ordinal, score);
    }
  }
  return scored;
}

export function passes(ordinal, conditions, facts) {
  return conditions.every(
    ({ values, named }) => named.has(ordinal) || values.some((value) => holds(ordinal, value, facts)),
  );
}

export function passing(scored, conditions, facts) {
  return new Map(Array.from(scored).filter(([ordinal]) => passes(ordinal, conditions, facts)));
}

function holds(ordinal, [group, value], { manifest, columns }) {
  if (group === "major") {
    return columns.get("major")[ordinal].includes(manifest.majors.indexOf(value));
  }
  if (PLACE_GROUPS.includes(group)) {
    for (let at = columns.get("place")[ordinal] - 1; at >= 0; at = manifest.places[at].parent) {
      if (manifest.places[at].group === group && manifest.places[at].value === value) {
        return true;
      }
    }
    return false;
  }
  const bit = (manifest.values.get(group) ?? []).findIndex(([known]) => known === value);
  return bit >= 0 && (columns.get(group)[ordinal] & (1 << bit)) !== 0;
}

// Reading files -----------------------------------------------------------------------------------

// As `_majors` in plugins/search/export.py.
function readMajors(bytes) {
  const numbers = varints(bytes);
  const schools = [];
  for (let at = 0; at < numbers.length; at += 1 + numbers[at]) {
    let major = -1;
    const steps = numbers.slice(at + 1, at + 1 + numbers[at]);
    schools.push(steps.map((step) => (major += step)));
  }
  return schools;
}

function varints(bytes) {
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
  return numbers;
}

// As `_term_record` in plugins/search/export.py. Gives Map(term → Map(ordinal → impact)).
function readShard(bytes) {
  const decoder = new TextDecoder();
  const terms = new Map();
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

  for (let left = varint(); left > 0; left -= 1) {
    const length = varint();
    const term = decoder.decode(bytes.subarray(place, place + length));
    place += length;
    const ordinals = [];
    let ordinal = -1;
    for (let schools = varint(); schools > 0; schools -= 1) {
      ordinal += varint();
      ordinals.push(ordinal);
    }
    terms.set(term, new Map(ordinals.map((school) => [school, varint()])));
  }
  return terms;
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
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ -1) >>> 0;
}
