// What the question was read as and what was chosen, as links that take one of them away: each can
// be opened, shared and undone. Inside the element of components/search-chips.

import { withoutValue } from "./search-state.js";

// `linkOf(state)`: an address.
export function showChips(root, state, answer, linkOf) {
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
  const chosen = answer.chosen.map(({ group, value, label }) =>
    chip(label, withoutValue(state, group, value)),
  );
  box.querySelector("ul").replaceChildren(...understood, ...chosen);
  box.hidden = understood.length + chosen.length === 0;
  const clear = box.querySelector("[data-chips-clear]");
  clear.href = linkOf({ ...state, filters: {}, page: 1 });
  clear.hidden = chosen.length < 2;
}
