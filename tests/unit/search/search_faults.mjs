// Asks the engine while one kind of file is missing or wrong, and again when it is there.
//
// Standard input: {scripts, index, kinds: [{file, query, filters, order, ask}]}. `file`: how the
// names of the faulty files begin; `ask`: "search", "counts" or "suggest". Prints
// [{file, fault, first, again, healed}]: the kind of error or "answered", while the fault lasts
// and again; then whether the same engine gives the right answer.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

// As in browsers of before 2023.
delete globalThis.DecompressionStream;

const { scripts, index, kinds } = JSON.parse(readFileSync(0, "utf8"));
const { createEngine } = await import(pathToFileURL(join(scripts, "search-engine.js")));
const content = (name) => readFileSync(join(index, name));
const base = `/search-index/${basename(index)}/`;
const other = (bytes) => {
  const changed = Buffer.from(bytes);
  changed[changed.length >> 1] ^= 1;
  return changed;
};
const faults = {
  offline: () => Promise.reject(new TypeError("offline")),
  "server error": () => new Response("", { status: 503 }),
  "not found": () => new Response("", { status: 404 }),
  "cut short": (name) => new Response(content(name).subarray(0, -1)),
  "of another build": (name) => new Response(other(content(name))),
  "a page of a hotel's network": () => new Response("<!doctype html><title>Wi-Fi</title>"),
  empty: () => new Response(""),
};

async function answerOf(engine, { query, filters, order, ask }) {
  if (ask === "suggest") {
    return engine.suggest(query);
  }
  const answer = await engine.search(query, { filters, order });
  const { hits, offers, approximate } = answer;
  const counts = ask === "counts" ? await engine.counts(answer) : {};
  return { hits, offers, approximate, counts, shown: await engine.describe(hits.slice(0, 3), answer) };
}

const told = [];
for (const kind of kinds) {
  const right = JSON.stringify(
    await answerOf(createEngine(base, async (url) => new Response(content(basename(url)))), kind),
  );
  for (const [fault, answer] of Object.entries(faults)) {
    let broken = true;
    const engine = createEngine(base, async (url) => {
      const name = basename(url);
      return broken && name.startsWith(kind.file) ? answer(name) : new Response(content(name));
    });
    const ask = () => answerOf(engine, kind).then(() => "answered", (error) => error.kind);
    const first = await ask();
    const again = await ask();
    broken = false;
    const healed = JSON.stringify(await answerOf(engine, kind)) === right;
    told.push({ file: kind.file, fault, first, again, healed });
  }
}
process.stdout.write(JSON.stringify(told));
