// Behaviour of the comparison page, [data-module="compare"]: up to four schools side by side.
//
// The address carries the schools (?ids=a,b), so a comparison can be sent to somebody. Each
// school is one small record made at build time; what is shown is put in as text, never as markup.

import { compareAddress, isSchoolId, readSaved, whenChangedElsewhere } from "./saved-schools.js";

const MOST = 4;
const MAJORS_SHOWN = 15;
const DIFFERENT = "不同";
const SAME = "相同";
const UNSURE = "有的没公布";

export function attachCompare(root) {
  const status = root.querySelector("[data-compare-status]");
  const faults = root.querySelector("[data-compare-faults]");
  const region = root.querySelector("[data-compare-region]");
  const table = root.querySelector("[data-compare-table]");
  const empty = root.querySelector("[data-compare-empty]");
  const more = root.querySelector("[data-compare-more]");
  const choice = root.querySelector("[data-compare-choice]");
  const retry = root.querySelector("[data-compare-retry]");
  const tools = root.querySelector("[data-compare-tools]");
  const byHand = document.querySelector("[data-compare-by-hand]");
  const pageTitle = document.title;
  // Records by id; null for an id that no school has.
  const known = new Map();
  // The ids on show, and the number of the newest question: an older answer is dropped.
  let ids = [];
  let newest = 0;

  async function show(moved = false) {
    newest += 1;
    const number = newest;
    const asked = idsOfAddress();
    ids = asked.ids;
    root.setAttribute("aria-busy", "true");
    const failed = await load(ids);
    if (number !== newest) {
      return;
    }
    root.removeAttribute("aria-busy");
    const schools = ids.map((id) => known.get(id)).filter(Boolean);
    const unknown = ids.filter((id) => known.get(id) === null);
    tell([
      ...asked.faults,
      ...unknown.map((id) => `没有编号是“${id}”的学校，可能是网址抄错了。`),
      ...(failed ? ["有的学校没能取到，可能是网络断了。"] : []),
    ]);
    retry.hidden = !failed;
    ids = schools.map((school) => school.school_id);
    table.replaceChildren(...tableParts(schools, remove));
    region.hidden = schools.length === 0;
    tools.hidden = schools.length === 0;
    byHand.hidden = schools.length > 0;
    empty.hidden = schools.length > 0 || failed;
    // Set for the first painting by first-paint.js.
    document.documentElement.classList.toggle("has-question", schools.length > 0 || failed);
    document.title =
      schools.length > 0
        ? `${schools.map((school) => school.name).join("、")} - ${pageTitle}`
        : pageTitle;
    offer();
    const only = schools.length === 1 ? "再加一所，才好比" : "";
    say(schools.length > 0 ? [`比较 ${schools.length} 所学校`, only].filter(Boolean).join("，") : "");
    if (moved) {
      status.focus();
    }
  }

  // Fetches what is not known yet; true where something could not be fetched.
  async function load(wanted) {
    const answers = await Promise.allSettled(
      wanted.filter((id) => !known.has(id)).map((id) => fetchSchool(root.dataset.records, id, known)),
    );
    return answers.some((answer) => answer.status === "rejected");
  }

  function remove(id) {
    goTo(ids.filter((other) => other !== id));
  }

  function goTo(wanted) {
    const address = wanted.length > 0 ? compareAddress(wanted) : location.pathname;
    history.pushState(null, "", address);
    show(true);
  }

  // The saved schools that are not in the comparison yet.
  function offer() {
    const others = readSaved().schools.filter((school) => !ids.includes(school.id));
    more.hidden = others.length === 0 || ids.length >= MOST;
    choice.replaceChildren(...others.map((school) => optionOf(school)));
  }

  function tell(sentences) {
    faults.hidden = sentences.length === 0;
    faults.replaceChildren(...sentences.map((sentence) => element("p", { text: sentence })));
  }

  function say(words) {
    if (status.textContent !== words) {
      status.textContent = words;
    }
  }

  root.querySelector("[data-compare-add]").addEventListener("submit", (event) => {
    event.preventDefault();
    if (choice.value) {
      goTo([...ids, choice.value]);
    }
  });
  root.querySelector("[data-compare-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.origin + compareAddress(ids));
      say("网址复制好了，发给家里人，他看到的是同一张表");
    } catch {
      say("浏览器不让复制。请在地址栏里复制网址");
    }
  });
  root.querySelector("[data-compare-print]").addEventListener("click", () => print());
  retry.addEventListener("click", () => show(true));
  addEventListener("popstate", () => show());
  whenChangedElsewhere(offer);
  show();
}

async function fetchSchool(folder, id, known) {
  const answer = await fetch(`${folder}${id}.json`);
  if (answer.status === 404) {
    // A body that nobody reads keeps the connection busy.
    await answer.body?.cancel();
    known.set(id, null);
  } else if (answer.ok) {
    known.set(id, await answer.json());
  } else {
    throw new Error(`${answer.status}`);
  }
}

// The schools that the address names, each once and at most four, and what was wrong with it.
function idsOfAddress() {
  const written = (new URL(location.href).searchParams.get("ids") || "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  const wellFormed = written.filter(isSchoolId);
  const distinct = [...new Set(wellFormed)];
  const faults = [];
  if (wellFormed.length < written.length) {
    faults.push("网址里有的编号写得不对，没有用。编号只有小写字母、数字和连字符。");
  }
  if (distinct.length < wellFormed.length) {
    faults.push("同一所学校写了两次，只算一次。");
  }
  if (distinct.length > MOST) {
    faults.push(`一次最多比较四所，后面 ${distinct.length - MOST} 所没有放进来。`);
  }
  return { ids: distinct.slice(0, MOST), faults };
}

function tableParts(schools, remove) {
  if (schools.length === 0) {
    return [];
  }
  const caption = element("caption", { text: captionOf(schools), class: "visually-hidden" });
  const head = element("thead", {}, [
    element("tr", {}, [
      element("th", { scope: "col", class: "compare-table__corner", text: "比什么" }),
      ...schools.map((school) => headOf(school, remove)),
    ]),
  ]);
  const rows = schools[0].rows.map((row, index) =>
    rowOf(
      row.title,
      schools.map((school) => school.rows[index]),
    ),
  );
  const at = schools[0].rows.findIndex((row) => row.key === "years");
  rows.splice(at, 0, ...majorRows(schools));
  return [caption, head, element("tbody", {}, rows)];
}

function captionOf(schools) {
  return `${schools.map((school) => school.name).join("、")}的比较`;
}

function headOf(school, remove) {
  const link = element("a", { href: school.url, text: school.name });
  const button = element("button", { type: "button", class: "compare-table__remove" }, [
    "移出",
    element("span", { class: "visually-hidden", text: `：${school.name}` }),
  ]);
  button.addEventListener("click", () => remove(school.school_id));
  return element("th", { scope: "col" }, [link, button]);
}

function rowOf(title, cells) {
  const verdict = verdictOf(cells);
  return element("tr", {}, [
    titleOf(title, verdict),
    ...cells.map((cell) => element("td", {}, wordsOf(cell))),
  ]);
}

function titleOf(title, verdict) {
  const mark = element("span", { class: "compare-table__verdict", text: verdict });
  mark.toggleAttribute("data-different", verdict === DIFFERENT);
  return element("th", { scope: "row" }, verdict === "" ? [title] : [title, mark]);
}

function wordsOf(cell) {
  if (cell.value === null) {
    return [element("span", { class: "soft", text: cell.missing })];
  }
  const words = [element("span", { text: cell.value })];
  return cell.note === null
    ? words
    : [...words, element("span", { class: "small below", text: cell.note })];
}

// 相同, 不同, or that they cannot be compared; one school alone has no verdict.
export function verdictOf(cells) {
  if (cells.length < 2) {
    return "";
  }
  const values = cells.filter((cell) => cell.value !== null);
  const different = new Set(values.map((cell) => cell.value)).size > 1;
  const years = new Set(values.filter((cell) => cell.year !== null).map((cell) => cell.year));
  if (years.size > 1) {
    return different ? `${DIFFERENT}，年份也不同` : "年份不同";
  }
  if (different) {
    return DIFFERENT;
  }
  if (values.length === cells.length) {
    return SAME;
  }
  return values.length === 0 ? "" : UNSURE;
}

// The majors that all schools have, those of some, and those of one alone.
function majorRows(schools) {
  const count = new Map();
  for (const school of schools) {
    for (const major of school.majors) {
      count.set(major.name, (count.get(major.name) || 0) + 1);
    }
  }
  const having = (school, test) => school.majors.filter((major) => test(count.get(major.name)));
  if (schools.length === 1) {
    return [majorRow("专业", schools, (school) => school.majors)];
  }
  const all = schools.length;
  const shared = having(schools[0], (times) => times === all);
  const planless = schools.some((school) => school.plan_year === null);
  const sharedWords = planless
    ? [element("span", { class: "soft", text: "有的学校没有计划，比不出" })]
    : majorWords(shared, schools[0]);
  const sharedCell = element("td", { colspan: `${all}` }, sharedWords);
  const rows = [
    element("tr", {}, [titleOf(all === 2 ? "两所都有的专业" : "每所都有的专业", ""), sharedCell]),
    majorRow("只有它有的专业", schools, (school) => having(school, (times) => times === 1)),
  ];
  if (all > 2) {
    const some = (school) => having(school, (times) => times > 1 && times < all);
    rows.splice(1, 0, majorRow("有几所有的专业", schools, some));
  }
  return rows;
}

function majorRow(title, schools, pick) {
  return element("tr", {}, [
    titleOf(title, ""),
    ...schools.map((school) => element("td", {}, majorWords(pick(school), school))),
  ]);
}

function majorWords(majors, school) {
  if (school.plan_year === null) {
    return [element("span", { class: "soft", text: "本站没有它的计划" })];
  }
  if (majors.length === 0) {
    return ["没有"];
  }
  const shown = majors.slice(0, MAJORS_SHOWN).map((major) => major.name).join("、");
  if (majors.length <= MAJORS_SHOWN) {
    return [shown];
  }
  return [
    `${shown} 等 ${majors.length} 个，`,
    element("a", { href: `${school.url}#plan`, text: "看全部" }),
  ];
}

function optionOf(school) {
  return element("option", { value: school.id, text: school.name });
}

function element(name, { text, ...attributes }, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...(text === undefined ? children : [text]));
  return made;
}

document.querySelectorAll('[data-module="compare"]').forEach(attachCompare);
