// Builds a MiniSearch index of the schools and asks the queries. Arguments: folder of the
// installed packages, input file {documents, queries, han, word, boosts}, folder for the index.
// Prints {cpuSeconds, peakMb, files, answers: [{hits, milliseconds}]}.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, input, output] = process.argv.slice(2);
const MiniSearch = createRequire(join(packages, "package.json"))("minisearch");
const { documents, queries, han, word, boosts } = JSON.parse(readFileSync(input, "utf8"));

const runs = new RegExp(`([${han}]+)|[${word}]+`, "gu");
// The same overlapping pairs as ours: MiniSearch's own tokenizer leaves a Han sentence whole.
function tokenize(text) {
  const tokens = [];
  for (const [run, isHan] of text.normalize("NFKC").toLowerCase().matchAll(runs)) {
    const characters = Array.from(run);
    if (isHan === undefined || characters.length === 1) {
      tokens.push(run);
    } else {
      characters.slice(1).forEach((character, place) => tokens.push(characters[place] + character));
    }
  }
  return tokens;
}

const options = {
  idField: "school_id",
  fields: Object.keys(boosts),
  storeFields: ["name", "place", "level"],
  tokenize,
  processTerm: (term) => term,
  searchOptions: { boost: boosts, combineWith: "AND" },
};
const before = process.cpuUsage();
const built = new MiniSearch(options);
built.addAll(documents);
const json = JSON.stringify(built);
const { user, system } = process.cpuUsage(before);
writeFileSync(join(output, "index.json"), json);

const index = MiniSearch.loadJSON(json, options);
const answers = queries.map((query) => {
  const start = performance.now();
  const hits = index.search(query).map(({ id }) => id);
  return { hits, milliseconds: performance.now() - start };
});
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMb, answers }));
