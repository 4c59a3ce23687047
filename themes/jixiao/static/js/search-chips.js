// What the question was read as, and where else to go: all of them links, so that each can be
// opened, shared and undone. Inside the elements of components/search-chips and search-offers.

import { withFilter, withoutValue } from "./search-state.js";

// `labelOf(group, value)`: the words for a chosen filter. `linkOf(state)`: an address.
export function showChips(root, state, answer, labelOf, linkOf) {
  const box = root.querySelector("[data-search-chips]");
  if (box === null) {
    return;
  }
  const template = box.querySelector("template");
  const chip = (label, without) => {
    const item = template.content.cloneNode(true).firstElementChild;
    item.querySelector("[data-chip-label]").textContent = label;
    item.querySelector("a").href = linkOf(without);
    return item;
  };
  const understood = answer.chips
    .filter(({ active }) => active)
    .map(({ label, without, strict }) =>
      chip(strict ? label : `专业：${label}`, { ...state, q: without, page: 1 }),
    );
  const chosen = Object.entries(state.filters).flatMap(([group, values]) =>
    values.map((value) => chip(labelOf(group, value), withoutValue(state, group, value))),
  );
  box.querySelector("ul").replaceChildren(...understood, ...chosen);
  box.hidden = understood.length + chosen.length === 0;
  const clear = box.querySelector("[data-chips-clear]");
  clear.href = linkOf({ ...state, filters: {}, page: 1 });
  clear.hidden = chosen.length < 2;
}

// Ways out of a question without hits. `placeKeepsQuestion`: the rest of the question has schools
// in the offered places.
export function showOffers(root, state, offers, placeKeepsQuestion, linkOf) {
  for (const box of root.querySelectorAll("[data-search-offers]")) {
    const links = offers
      .filter(({ kind }) => kind === box.dataset.searchOffers)
      .map(({ kind, group, value, label, count, query }) => {
        const asks = (q) => ({ q, filters: {}, order: "relevance", page: 1 });
        const ways = {
          without: () => ({ ...state, q: query, page: 1 }),
          place: () => (placeKeepsQuestion ? withFilter(state, group, [value]) : asks(label)),
          major: () => asks(label),
        };
        const link = document.createElement("a");
        link.href = linkOf(ways[kind]());
        link.textContent = kind === "without" ? `不限“${label}”` : label;
        const item = document.createElement("li");
        item.append(link, count === null ? "" : ` ${count} 所`);
        return item;
      });
    box.querySelector("ul").replaceChildren(...links);
    box.hidden = links.length === 0;
  }
}
