// The browser's search engine: reads the static index and answers as `invoke search` does.
//
// Nothing is decided here: characters, known words and query limit come with the manifest, and
// scores are integers summed when the index was built. The Python side is plugins/search; the two
// give the same hits, scores and order, and tests/browser/test_search_parity.py holds them to it.

const FORMAT = 1;

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

  function loadShard(number, manifest) {
    return loadChecked(`terms-${number}.bin`, number, manifest, readShard);
  }

  function loadChunk(number, manifest) {
    return loadChecked(`schools-${number}.json`, manifest.shards + number, manifest, readJson);
  }

  // The terms that the query was read as, and all hits as {ordinal, score}, best first.
  // Rejects with a SearchIndexError when a file that it needs is missing or wrong.
  async function search(query) {
    const manifest = await loadManifest();
    const terms = queryTerms(query, manifest);
    const numbers = terms.map((term) => fnv1a(new TextEncoder().encode(term)) % manifest.shards);
    const shards = await Promise.all(numbers.map((number) => loadShard(number, manifest)));
    const postings = shards.map((shard, place) => shard.get(terms[place]));
    if (terms.length === 0 || postings.includes(undefined)) {
      return { terms, hits: [] };
    }
    return { terms, hits: rank(postings) };
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

  return { search, describe };
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
  const words = new Set(manifest.words === "" ? [] : manifest.words.split(" "));
  const checksums = Uint8Array.from(atob(manifest.checksums), (byte) => byte.charCodeAt(0));
  return {
    shards: manifest.shards,
    chunk: manifest.chunk,
    queryLimit: manifest.queryLimit,
    words,
    longest: Math.max(0, ...Array.from(words, (known) => Array.from(known).length)),
    checksums: new DataView(checksums.buffer),
    notRead: new RegExp(`[^${characterClass(read)}]`, "gu"),
    run: new RegExp(`([${characterClass(han)}]+)|[${characterClass(word)}]+`, "gu"),
  };
}

function characterClass(ranges) {
  const escape = (codePoint) => `\\u{${codePoint.toString(16)}}`;
  return ranges.map(([first, last]) => `${escape(first)}-${escape(last)}`).join("");
}

// As `query_terms` in plugins/search/query.py: the distinct terms that a hit must contain.
function queryTerms(query, manifest) {
  // A code point is at most two UTF-16 units; the rest of a very long query is never looked at.
  const limit = manifest.queryLimit;
  const shortened = Array.from(query.slice(0, 2 * limit)).slice(0, limit).join("");
  const normalized = shortened.replace(manifest.notRead, " ").normalize("NFKC").toLowerCase();
  const terms = new Set();
  for (const [run, han] of normalized.matchAll(manifest.run)) {
    if (han === undefined) {
      terms.add(run);
    } else {
      for (const piece of splitKnownWords(Array.from(run), manifest)) {
        pairs(piece).forEach((pair) => terms.add(pair));
      }
    }
  }
  return Array.from(terms);
}

// The longest known word first, the leftmost of equals; then each side. `run`: characters.
function splitKnownWords(run, manifest) {
  for (let length = Math.min(manifest.longest, run.length); length > 1; length -= 1) {
    for (let start = 0; start + length <= run.length; start += 1) {
      const word = run.slice(start, start + length);
      if (manifest.words.has(word.join(""))) {
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

// Schools in all postings, their impacts summed; best first, equal scores by ordinal.
function rank(postings) {
  const [rarest, ...others] = Array.from(postings).sort((a, b) => a.size - b.size);
  const hits = [];
  for (const [ordinal, impact] of rarest) {
    if (others.every((other) => other.has(ordinal))) {
      hits.push({ ordinal, score: others.reduce((sum, other) => sum + other.get(ordinal), impact) });
    }
  }
  return hits.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
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
