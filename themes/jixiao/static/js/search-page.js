// Behaviour of the search page: answers while the visitor types, inside [data-module="search"].
//
// The form works as a plain GET form without this script. What a visitor reads is put in as text,
// never as markup. State lives in the address (search-state.js), so a result list can be shared.
// The other parts of the page are search-results and -chips, and those that are fetched when they
// are wanted: search-filters, -offers and -suggestions.

import { attachSaveButtons } from "./save-button.js";
import { showChips } from "./search-chips.js";
import { createEngine } from "./search-engine.js";
import { itemOf, yearInChina } from "./search-results.js";
import { addressOf, asksSame, isEmpty, stateOf, withFilter } from "./search-state.js";

const PAGE_SIZE = 20;
const TYPING_PAUSE_MS = 150;
// Screen readers are told when the answer has stood for a moment, not at each letter.
const SAYING_PAUSE_MS = 500;

export function attachSearch(root) {
  const form = root.querySelector('form[role="search"]');
  const input = form.querySelector('input[name="q"]');
  const status = root.querySelector("[data-search-status]");
  const heading = root.querySelector("[data-search-heading]");
  const notes = root.querySelector("[data-search-notes]");
  const order = root.querySelector("[data-search-order]");
  const list = root.querySelector("[data-search-results]");
  const template = root.querySelector("template[data-search-result]");
  const more = root.querySelector("[data-search-more]");
  const start = root.querySelector("[data-search-start]");
  const empty = root.querySelector("[data-search-empty]");
  const error = root.querySelector("[data-search-error]");
  const retry = root.querySelector("[data-search-retry]");
  const suggestions = root.querySelector("[data-search-suggestions]");
  const box = root.querySelector("[data-search-filters]");
  const pageTitle = document.title;
  let engine = createEngine(new URL(root.dataset.index, document.baseURI).href);
  // Whether the engine asks what was saved; settled before the first question of a saved page.
  let isSaved = false;
  const settled = "savedOn" in document.documentElement.dataset ? searchSaved() : null;
  const linkOf = (state) => addressOf(state, location.href);

  // The state asked last, the engine's answer, and how many of its hits are on the page.
  let asked = stateOf(location.href);
  let answer = null;
  let shown = 0;
  // Each question has a number; an answer to any but the newest is dropped.
  let newest = 0;
  let typing = 0;
  let saying = 0;
  let scrolling = 0;
  let composing = false;
  // The state of the current history entry, before typing changed its address.
  let entered = asked;
  // The group of filters whose choice made the current entry.
  let entryGroup = "";
  // What the retry button does.
  let again = null;

  // The filters' part of the page, once it is wanted.
  let filters = null;
  let opened = false;

  // Searches what was saved instead of the site: true where there is anything.
  async function searchSaved(wanted = null) {
    try {
      const { savedEngine, savedLine, searchable } = await import("./search-saved.js");
      const provinces = await searchable();
      const slug = wanted ?? provinces[0]?.slug;
      if (slug === undefined) {
        return false;
      }
      engine = await savedEngine(slug);
      isSaved = true;
      root.querySelector("[data-search-saved]")?.replaceChildren(
        savedLine(provinces, slug, async (other) => {
          await searchSaved(other);
          ask({ ...asked, page: 1 });
        }),
      );
      return true;
    } catch {
      return false;
    }
  }

  async function ask(state, scrollTo = null) {
    clearTimeout(typing);
    newest += 1;
    const number = newest;
    asked = state;
    // Set for the first painting by first-paint.js.
    document.documentElement.classList.toggle("has-question", !isEmpty(state));
    document.title = state.q === "" ? pageTitle : `${state.q} - ${pageTitle}`;
    if (order !== null) {
      order.value = state.order;
    }
    if (!isEmpty(state)) {
      list.setAttribute("aria-busy", "true");
    }
    if (shown === 0 && !isEmpty(state)) {
      headline("正在搜索……");
    }
    try {
      await settled;
      const found = await engine.search(state.q, state);
      const first = await engine.describe(found.hits.slice(0, state.page * PAGE_SIZE), found);
      const placeKeepsQuestion = await placesKeep(state, found.offers);
      const offering = found.offers.length > 0 ? await import("./search-offers.js") : null;
      if (number !== newest) {
        return;
      }
      answer = found;
      show(first);
      showSentences(found, state);
      offering?.showOffers(root, state, found.offers, placeKeepsQuestion, linkOf);
      showChips(root, state, found, linkOf);
      if (scrollTo !== null) {
        window.scrollTo(0, scrollTo);
      }
      await showFilters(state, found);
    } catch (failure) {
      if (number === newest && !isSaved && failure.kind === "unreachable" && (await searchSaved())) {
        await ask(state, scrollTo);
      } else if (number === newest) {
        // Results of another question must not stand under this one.
        answer = null;
        show([]);
        empty.hidden = true;
        notes?.replaceChildren();
        showChips(root, state, { chips: [], chosen: [] }, linkOf);
        fail(failure, () => ask(state));
      }
    }
  }

  // Whether the offered places have schools for the rest of the question. All do, or none.
  async function placesKeep(state, offers) {
    const place = offers.find(({ kind }) => kind === "place");
    if (place === undefined) {
      return false;
    }
    const there = withFilter(state, place.group, [place.value]);
    const found = await engine.search(there.q, there);
    return found.hits.length > 0 && found.approximate.length === 0;
  }

  // Never rejects: without filters the results still stand.
  async function showFilters(state, found) {
    if (box === null) {
      return;
    }
    if (!opened && !isEmpty(state)) {
      // Where they stand beside the results, filters are open from the first answer on.
      opened = true;
      box.open ||= matchMedia("(min-width: 60rem)").matches;
    }
    if (filters === null && !box.open && Object.keys(state.filters).length === 0) {
      return;
    }
    try {
      filters ??= import("./search-filters.js").then(({ attachFilters }) =>
        attachFilters(box, { counts: (found) => engine.counts(found), changed: filter }),
      );
      const part = await filters;
      await part.update(state, found);
    } catch {
      filters = null;
      box.open = false;
    }
  }

  async function showMore() {
    const number = newest;
    error.hidden = true;
    try {
      const schools = await engine.describe(answer.hits.slice(shown, shown + PAGE_SIZE), answer);
      if (number === newest) {
        const state = { ...asked, page: asked.page + 1 };
        entered = asksSame(asked, entered) ? state : entered;
        asked = state;
        // Where this is a link, the address becomes the link's.
        remember(state, more.href ?? location.href);
        const [firstNew] = append(schools);
        say(`找到 ${answer.hits.length} 所学校，已显示 ${shown} 所`);
        // The link may be gone now; the keyboard goes on where the new results begin.
        firstNew.querySelector('[data-field="link"]').focus();
      }
    } catch (failure) {
      if (number === newest) {
        fail(failure, showMore);
      }
    }
  }

  function show(schools) {
    shown = 0;
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    append(schools);
    const nothing = isEmpty(asked);
    empty.hidden = nothing || shown > 0;
    // The ways without a search would only make the page of results long.
    for (const way of document.querySelectorAll("[data-search-browse]")) {
      way.hidden = !nothing && shown > 0;
    }
    error.hidden = true;
    if (start !== null) {
      start.hidden = !nothing;
      order.parentElement.hidden = shown < 2;
      order.disabled = false;
    }
  }

  function append(schools) {
    const year = yearInChina(Number(root.dataset.year ?? 0));
    const items = schools.map((school) => itemOf(template, school, answer.words, year));
    list.append(...items);
    attachSaveButtons(items.flatMap((item) => [...item.querySelectorAll("[data-save]")]));
    shown += items.length;
    more.hidden = answer === null || shown >= answer.hits.length;
    if (!more.hidden && more.href !== undefined) {
      more.href = linkOf({ ...asked, page: asked.page + 1 });
    }
    return items;
  }

  function fail(failure, retrying) {
    // When a newer build is online, its page knows where its index is.
    again = failure.kind === "gone" ? () => location.reload() : retrying;
    error.hidden = false;
    const text = failure.kind === "gone" ? "搜索数据已经更新，请再试一次" : "没能取到搜索数据，请再试一次";
    if (shown === 0) {
      headline(text);
    }
    say(text);
  }

  // How many, and how the question was read: a filter or a loosened word is never applied silently.
  function showSentences(found, state) {
    const number = found.hits.length;
    const kept = found.chips.filter((chip) => chip.strict && chip.active);
    const first =
      number > 0
        ? `${found.approximate.length > 0 ? "近似结果：" : "找到 "}${number} 所学校`
        : state.q === ""
          ? "没有符合这些条件的学校"
          : `没有找到与“${state.q}”相符的学校`;
    const rest = [...found.approximate, ...found.notes].map((text) => text.replace(/。$/, ""));
    const items = rest.map((text) => {
      const item = document.createElement("li");
      item.textContent = `${text}。`;
      return item;
    });
    notes?.replaceChildren(...items);
    headline(isEmpty(state) ? "" : first);
    const only = kept.map(({ label }) => label).join("、");
    say(isEmpty(state) ? "" : [first, ...(only ? [`只看：${only}`] : []), ...rest].join("。"));
  }

  function headline(text) {
    if (heading === null) {
      say(text);
    } else {
      heading.textContent = text;
      heading.hidden = text === "";
    }
  }

  function say(text) {
    clearTimeout(saying);
    saying = setTimeout(() => {
      // The same text set again would be read out again.
      if (status.textContent !== text) {
        status.textContent = text;
      }
    }, SAYING_PAUSE_MS);
  }

  function remember(state, address = linkOf(state)) {
    try {
      history.replaceState({ page: state.page, top: window.scrollY }, "", address);
    } catch {
      // Some browsers limit how often this may be called; the answer matters more.
    }
  }

  // Asks in a new entry of the history, so that "back" leads to the question before.
  function go(state) {
    clearTimeout(typing);
    entryGroup = "";
    if (!asksSame(state, entered)) {
      // Typing changed the address of this entry; give it back its own.
      remember(entered);
      history.pushState(null, "", linkOf(state));
      entered = state;
    }
    ask(state);
  }

  function filter(group, values) {
    const state = withFilter({ ...asked, q: input.value.trim() }, group, values);
    if (group === entryGroup) {
      // Going through a list by keyboard chooses at every step: that is one entry.
      entered = state;
      history.replaceState(null, "", linkOf(state));
      ask(state);
    } else {
      go(state);
      entryGroup = group;
    }
  }

  const typed = () => ({ ...asked, q: input.value.trim(), page: 1 });

  function afterTyping() {
    clearTimeout(typing);
    typing = setTimeout(() => {
      const state = typed();
      if (!asksSame(state, asked)) {
        ask(state);
        remember(state);
      }
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
  input.addEventListener("keydown", (event) => {
    // The Enter that ends a word of an input method asks nothing yet.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.preventDefault();
    }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) {
      // Puts away the keyboard of a phone, which covers the results.
      input.blur();
    }
    go(typed());
  });

  order?.addEventListener("change", () => go({ ...typed(), order: order.value }));

  // Chips and offers ask in place; opened in a new tab, they are addresses like any other.
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (link === more && plain) {
      event.preventDefault();
      showMore();
    } else if (plain && link?.closest("[data-search-links]")) {
      event.preventDefault();
      const state = stateOf(link.href);
      input.value = state.q;
      go(state);
      heading?.focus();
    }
  });

  window.addEventListener("popstate", (event) => {
    const state = stateOf(location.href);
    // A jump within the page is a popstate too, and changes no question.
    if (!asksSame(state, asked)) {
      entered = state;
      entryGroup = "";
      input.value = state.q;
      ask(restored(state, event.state), event.state?.top ?? 0);
    }
  });

  window.addEventListener("scroll", () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(() => {
      if (!list.hasAttribute("aria-busy")) {
        remember(asked, location.href);
      }
    }, TYPING_PAUSE_MS);
  });

  if (more.href === undefined) {
    more.addEventListener("click", showMore);
  }

  retry.addEventListener("click", async () => {
    await again();
    const firstLink = list.querySelector('[data-field="link"]');
    if (error.hidden && firstLink !== null && !list.contains(document.activeElement)) {
      // The retry button is gone, and the keyboard would start again at the top of the page.
      firstLink.focus();
    }
  });

  if (suggestions !== null) {
    const choose = (text) => {
      input.value = text;
      go(typed());
    };
    const attach = () => {
      const before = input.value;
      return import("./search-suggestions.js").then(
        ({ attachSuggestions }) => {
          const open = attachSuggestions(input, suggestions, { suggest: (text) => engine.suggest(text), choose });
          if (input.value !== before && !composing) {
            open();
          }
        },
        // Without suggestions it is a plain search field.
        () => {},
      );
    };
    if (document.activeElement === input) {
      attach();
    } else {
      input.addEventListener("focus", attach, { once: true });
    }
  }

  box?.addEventListener("toggle", () => {
    if (box.open && filters === null && answer !== null) {
      showFilters(asked, answer);
    }
  });

  history.scrollRestoration = "manual";
  // What was typed before this script arrived counts too.
  input.value = entered.q || input.value;
  ask(restored(typed(), history.state, entered.page), history.state?.top ?? null);
}

// As many results as the visitor had opened in this history entry.
function restored(state, entry, page = state.page) {
  return { ...state, page: Math.max(page, entry?.page ?? 1) };
}

document.querySelectorAll('[data-module="search"]').forEach(attachSearch);
