// Runs Lighthouse, mobile, over pages of one origin. Arguments: folder of the installed packages,
// browser, origin, number of runs a page, JSON list of addresses. Prints a JSON list of
// {address, runs: [{scores, failed}]}; scores are 0 to 100, failed names the audits below 1.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, browser, origin, runs, list] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const { launch } = await load("chrome-launcher");

const categories = ["performance", "accessibility", "best-practices", "seo"];

function summary({ lhr }) {
  const failed = new Set();
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const { score } = lhr.audits[id];
      if (weight > 0 && score !== null && score < 1) {
        failed.add(`${id} ${Math.round(score * 100)}`);
      }
    }
  }
  const scores = categories.map((name) => Math.round(lhr.categories[name].score * 100));
  return { scores, failed: [...failed].sort() };
}

const chrome = await launch({
  chromePath: browser,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"],
});
const answers = [];
try {
  for (const address of JSON.parse(list)) {
    const measured = [];
    for (let run = 0; run < Number(runs); run += 1) {
      const result = await lighthouse(origin + address, {
        port: chrome.port,
        logLevel: "error",
        onlyCategories: categories,
      });
      measured.push(summary(result));
    }
    answers.push({ address, runs: measured });
    process.stderr.write(`${address}\n`);
  }
} finally {
  await chrome.kill();
}
process.stdout.write(JSON.stringify(answers));
