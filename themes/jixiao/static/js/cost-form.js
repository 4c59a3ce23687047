// Behaviour of 按我家的情况算, [data-module="cost-form"]: what is chosen never leaves the page. The
// rules are those of the site's data; nothing is fetched before the form is first used.

import { cost, money } from "./cost.js";

const COLUMNS = ["学费", "免学费", "住宿费", "其他", "助学金", "要花"];

export function attachCostForm(form) {
  const part = (name) => form.querySelector(`[data-cost="${name}"]`);
  let aid = null;

  async function answer() {
    try {
      aid = aid ?? (await fetchJson(form.dataset.rules));
    } catch {
      part("sum").textContent = "没能取到资助规定，可能是网络断了。改一下选项再试。";
      return;
    }
    const fees = feesOf(form, part);
    const years = cost(fees, familyOf(form), aid.rules);
    part("sum").textContent = sumOf(years);
    part("table").replaceChildren(...tableParts(years));
    part("table").hidden = false;
    part("asks").replaceChildren(...asksOf(years, aid).map((words) => element("li", words)));
  }

  // What the plan says is not asked for.
  function adapt() {
    const option = part("programme").selectedOptions[0];
    part("tuition-field").hidden = !option.dataset.tuition.split(",").includes("");
    part("boarding-field").hidden = option.dataset.boarding !== "";
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    adapt();
    answer();
  });
  adapt();
  form.hidden = false;
}

function feesOf(form, part) {
  const option = part("programme").selectedOptions[0];
  const told = { tuition: yuan(part("tuition")), boarding: yuan(part("boarding")) };
  const planned = (text) => (text === "" ? null : Number(text));
  return {
    ownership: form.dataset.ownership || null,
    entry: option.dataset.entry,
    arts: option.dataset.arts === "yes",
    first_year: Number(form.dataset.year),
    tuition: option.dataset.tuition.split(",").map((text) => planned(text) ?? told.tuition),
    boarding: planned(option.dataset.boarding) ?? told.boarding,
    other: yuan(part("other")),
  };
}

// A whole number of yuan, however it is typed; null for nothing and for what is no number.
function yuan(input) {
  const text = input.value.normalize("NFKC").replace(/[,，\s元]/g, "");
  const good = /^[0-9]{1,6}$/.test(text);
  input.toggleAttribute("aria-invalid", false);
  if (text !== "" && !good) {
    input.setAttribute("aria-invalid", "true");
  }
  return good ? Number(text) : null;
}

function familyOf(form) {
  const chosen = [...form.querySelectorAll("input:checked")].map((input) => input.value);
  return new Set(chosen.filter((value) => value !== ""));
}

function sumOf(years) {
  const known = years.every((year) => year.low !== null);
  if (!known) {
    return "还差学费或住宿费，算不出总数。问到以后填进来。";
  }
  const total = (key) => years.reduce((sum, year) => sum + year[key], 0);
  const other = years[0].other === null ? "（不含书本、吃饭）" : "";
  return `${years.length} 个学年一共要花 ${money(total("low"), total("high"))}${other}。`;
}

function tableParts(years) {
  const caption = element("caption", "每个学年");
  const head = row("th", ["学年", ...COLUMNS], "columnheader");
  const body = years.map((year) => {
    const made = row("td", cellsOf(year), "cell");
    const title = element("th", `第 ${year.number} 学年`, { scope: "row", role: "rowheader" });
    made.prepend(title);
    return made;
  });
  const group = (name, rows) => {
    const made = element(name, "", { role: "rowgroup" });
    made.append(...rows);
    return made;
  };
  return [caption, group("thead", [head]), group("tbody", body)];
}

function row(kind, words, role) {
  const made = element("tr", "", { role: "row" });
  made.append(
    ...words.map((word, index) => {
      const label = kind === "td" ? { "data-label": COLUMNS[index] } : { scope: "col" };
      return element(kind, word, { role, ...label });
    }),
  );
  return made;
}

function cellsOf(year) {
  const plain = (value) => (value === null ? "没有公布" : money(value, value));
  const off = (kind) => year.benefits.filter((benefit) => benefit.kind === kind);
  return [
    plain(year.tuition),
    benefitWords(off("免学费")),
    plain(year.boarding),
    year.other === null ? "没有填" : plain(year.other),
    benefitWords(off("助学金")),
    money(year.low, year.high),
  ];
}

function benefitWords(benefits) {
  const sure = benefits.filter((benefit) => benefit.sure);
  if (sure.length === 0) {
    return benefits.length > 0 ? "要问" : "没有";
  }
  const total = (key) => sure.reduce((sum, benefit) => sum + benefit[key], 0);
  return sure.some((benefit) => benefit.high === null)
    ? "可以免"
    : `减 ${money(total("low"), total("high"))}`;
}

// One sentence for each thing that the documents leave open, none twice.
function asksOf(years, aid) {
  const own = new Map(aid.rules.map((rule) => [rule.rule_id, rule.why]));
  const sentences = years
    .flatMap((year) => year.benefits)
    .flatMap((benefit) => [
      ...benefit.reasons.map((reason) => aid.reasons[reason]),
      benefit.sure ? null : own.get(benefit.rule_id),
    ]);
  return [...new Set(sentences.filter(Boolean))];
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return answer.json();
}

function element(name, words, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

document.querySelectorAll('[data-module="cost-form"]').forEach(attachCostForm);
