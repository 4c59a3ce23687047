// Where to go from a question without hits: links inside the elements of components/search-offers.
// Fetched when nothing was found.

import { asksFor, withFilter } from "./search-state.js";

// `placeKeepsQuestion`: the rest of the question has schools
// in the offered places.
export function showOffers(root, state, offers, placeKeepsQuestion, linkOf) {
  for (const box of root.querySelectorAll("[data-search-offers]")) {
    const links = offers
      .filter(({ kind }) => kind === box.dataset.searchOffers)
      .map(({ kind, group, value, label, count, query }) => {
        const ways = {
          without: () => ({ ...state, q: query, page: 1 }),
          place: () => (placeKeepsQuestion ? withFilter(state, group, [value]) : asksFor(label)),
          major: () => asksFor(label),
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
