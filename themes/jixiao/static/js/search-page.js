// Behaviour of the search page: answers while the visitor types, inside [data-module="search"].
//
// The form works as a plain GET form without this script. What a visitor reads is put in as text,
// never as markup. State lives in the address (?q=…), so a result list can be shared.

import { createEngine } from "./search-engine.js";

const PAGE_SIZE = 20;
const TYPING_PAUSE_MS = 150;
const UNVERIFIED = "待主管部门核验";

export function attachSearch(root) {
  const form = root.querySelector('form[role="search"]');
  const input = form.querySelector('input[name="q"]');
  const status = root.querySelector("[data-search-status]");
  const list = root.querySelector("[data-search-results]");
  const template = root.querySelector("template[data-search-result]");
  const more = root.querySelector("[data-search-more]");
  const empty = root.querySelector("[data-search-empty]");
  const error = root.querySelector("[data-search-error]");
  const retry = root.querySelector("[data-search-retry]");
  const pageTitle = document.title;
  const engine = createEngine(new URL(root.dataset.index, document.baseURI).href);

  // All hits of the question asked last, of which `shown` are on the page.
  let asked = "";
  let hits = [];
  let shown = 0;
  // Each question has a number; an answer to any but the newest is dropped.
  let newest = 0;
  let typing = 0;
  let composing = false;
  // The question of the current history entry, before typing changed its address.
  let entered = "";
  // What the retry button does.
  let again = null;

  async function ask(question, wanted = PAGE_SIZE) {
    clearTimeout(typing);
    newest += 1;
    const number = newest;
    asked = question.trim();
    document.title = asked === "" ? pageTitle : `${asked} - ${pageTitle}`;
    if (asked === "") {
      show([], []);
      empty.hidden = true;
      say("");
      return;
    }
    list.setAttribute("aria-busy", "true");
    if (shown === 0) {
      say("正在搜索……");
    }
    try {
      const answer = await engine.search(asked);
      const first = await engine.describe(answer.hits.slice(0, wanted));
      if (number === newest) {
        show(answer.hits, first);
        say(summaryOf(answer, asked));
      }
    } catch (failure) {
      if (number === newest) {
        // Results of another question must not stand under this one.
        show([], []);
        empty.hidden = true;
        fail(failure, () => ask(question, wanted));
      }
    }
  }

  async function showMore() {
    const number = newest;
    error.hidden = true;
    more.disabled = true;
    try {
      const schools = await engine.describe(hits.slice(shown, shown + PAGE_SIZE));
      if (number === newest) {
        const [firstNew] = append(schools);
        rememberInEntry(asked, shown);
        say(`找到 ${hits.length} 所学校，已显示 ${shown} 所`);
        // The button may be gone now; the keyboard goes on where the new results begin.
        firstNew.querySelector('[data-field="link"]').focus();
      }
    } catch (failure) {
      if (number === newest) {
        fail(failure, showMore);
      }
    }
    more.disabled = false;
  }

  function show(found, first) {
    hits = found;
    shown = 0;
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    append(first);
    empty.hidden = hits.length > 0;
    error.hidden = true;
  }

  function append(schools) {
    const items = schools.map((school) => itemOf(template, school));
    list.append(...items);
    shown += items.length;
    more.hidden = shown >= hits.length;
    return items;
  }

  function fail(failure, retrying) {
    // When a newer build is online, its page knows where its index is.
    again = failure.kind === "gone" ? () => location.reload() : retrying;
    error.hidden = false;
    say(failure.kind === "gone" ? "搜索数据已经更新，请再试一次" : "没能取到搜索数据，请再试一次");
  }

  // How many, and how the question was read: a filter or a loosened word is never applied silently.
  function summaryOf(answer, query) {
    const number = answer.hits.length;
    const kept = answer.chips.filter((chip) => chip.strict && chip.active);
    const sentences = [
      number === 0
        ? `没有找到与“${query}”相符的学校`
        : answer.approximate.length > 0
          ? `近似结果：${number} 所学校`
          : `找到 ${number} 所学校`,
      ...(kept.length > 0 ? [`只看：${kept.map((chip) => chip.label).join("、")}`] : []),
      ...answer.approximate,
      ...answer.notes,
    ];
    return sentences.map((sentence) => sentence.replace(/。$/, "")).join("。");
  }

  function say(text) {
    // The same text set again would be read out again.
    if (status.textContent !== text) {
      status.textContent = text;
    }
  }

  function rememberInEntry(question, count) {
    try {
      history.replaceState({ shown: count }, "", addressOf(question));
    } catch {
      // Some browsers limit how often this may be called; the answer matters more.
    }
  }

  function afterTyping() {
    clearTimeout(typing);
    typing = setTimeout(() => {
      rememberInEntry(input.value.trim(), PAGE_SIZE);
      ask(input.value);
    }, TYPING_PAUSE_MS);
  }

  input.addEventListener("input", () => {
    if (!composing) {
      afterTyping();
    }
  });
  input.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(typing);
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    afterTyping();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = input.value.trim();
    if (question !== entered) {
      // Typing changed the address of this entry; give it back its own, so that "back" leads to
      // the question before.
      rememberInEntry(entered, PAGE_SIZE);
      history.pushState(null, "", addressOf(question));
      entered = question;
    }
    if (matchMedia("(pointer: coarse)").matches) {
      // Puts away the keyboard of a phone, which covers the results.
      input.blur();
    }
    ask(question);
  });

  window.addEventListener("popstate", (event) => {
    clearTimeout(typing);
    entered = questionOfAddress();
    input.value = entered;
    // A jump within the page is a popstate too, and changes no question.
    if (entered !== asked) {
      ask(entered, shownIn(event.state));
    }
  });

  more.addEventListener("click", showMore);

  retry.addEventListener("click", async () => {
    await again();
    const firstLink = list.querySelector('[data-field="link"]');
    if (error.hidden && firstLink !== null && !list.contains(document.activeElement)) {
      // The retry button is gone, and the keyboard would start again at the top of the page.
      firstLink.focus();
    }
  });

  entered = questionOfAddress();
  // What was typed before this script arrived counts too.
  input.value = entered || input.value;
  ask(input.value, shownIn(history.state));
}

// How many results the visitor had opened in this history entry.
function shownIn(state) {
  return Math.max(PAGE_SIZE, (state && state.shown) || 0);
}

function questionOfAddress() {
  return (new URL(location.href).searchParams.get("q") || "").trim();
}

function addressOf(question) {
  const address = new URL(location.href);
  if (question === "") {
    address.searchParams.delete("q");
  } else {
    address.searchParams.set("q", question);
  }
  return address.href;
}

function itemOf(template, school) {
  const item = template.content.cloneNode(true).firstElementChild;
  const link = item.querySelector('[data-field="link"]');
  link.textContent = school.name;
  link.href = `/schools/${encodeURIComponent(school.school_id)}/`;
  fill(item.querySelector('[data-field="place"]'), school.place);
  fill(item.querySelector('[data-field="level"]'), school.level);
  fill(item.querySelector('[data-field="verified"]'), school.verified ? "" : UNVERIFIED);
  return item;
}

function fill(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}

document.querySelectorAll('[data-module="search"]').forEach(attachSearch);
