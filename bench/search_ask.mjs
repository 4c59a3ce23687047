// Asks the site's own search engine in Node, reading an exported index from disk.
//
// Standard input: {scripts, index, fresh, shown, questions: [{query, filters, order, counted}]}.
// `scripts`: folder of search-engine.js. `index`: folder of one generation, named after it.
// `fresh`: each question in a new engine that has fetched nothing. `shown`: results described.
// Prints one JSON line a question: {terms, chips, notes, approximate, offers, chosen, counts, hits,
// shown, fetched}; `fetched` names the files that this question asked for, in order.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const { scripts, index, fresh, shown, questions } = JSON.parse(readFileSync(0, "utf8"));
const { createEngine } = await import(pathToFileURL(join(scripts, "search-engine.js")));

let fetched = [];
const read = async (url) => {
  const name = basename(url);
  fetched.push(name);
  return new Response(readFileSync(join(index, name)));
};
const open = () => createEngine(`/search-index/${basename(index)}/`, read);

let engine = open();
for (const { query, filters = {}, order = "relevance", counted = false } of questions) {
  if (fresh) {
    engine = open();
  }
  fetched = [];
  const answer = await engine.search(query, { filters, order });
  const { terms, chips, notes, approximate, offers, chosen, hits } = answer;
  const described = await engine.describe(hits.slice(0, shown), answer);
  const asked = fetched;
  const counts = counted ? await engine.counts(answer) : {};
  for (const group of Object.keys(counts)) {
    counts[group] = Object.fromEntries(counts[group].map(({ value, count }) => [value, count]));
  }
  const told = {
    terms, chips, notes, approximate, offers, chosen, counts,
    hits: hits.map(({ ordinal, score }) => [ordinal, score]),
    shown: described,
    fetched: asked,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
