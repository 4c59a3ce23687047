// What is asked, as an address and back: pure, and the only place that knows the address's words.
//
//   { q, filters: {group: [value, …]}, order, page }  ⇄  ?q=…&entry=初中&order=seats&page=2

import { GROUPS } from "./search-engine.js";

const ORDERS = ["relevance", "name", "seats"];
// A made-up address may not fill the page with tens of thousands of results.
const MOST_PAGES = 25;

// Words of others in the address (apps add them when a link is shared) are dropped.
export function stateOf(address) {
  const asked = new URL(address).searchParams;
  const filters = {};
  for (const group of GROUPS) {
    const values = asked.getAll(group).filter((value) => value !== "");
    if (values.length > 0) {
      filters[group] = Array.from(new Set(values));
    }
  }
  const order = asked.get("order");
  const page = Number.parseInt(asked.get("page"), 10) || 1;
  return {
    q: (asked.get("q") ?? "").trim(),
    filters,
    order: ORDERS.includes(order) ? order : ORDERS[0],
    page: Math.min(Math.max(page, 1), MOST_PAGES),
  };
}

// The address of `state` on the page that stands at `address`.
export function addressOf({ q, filters, order, page }, address) {
  const words = new URLSearchParams();
  if (q !== "") {
    words.set("q", q);
  }
  for (const group of GROUPS) {
    (filters[group] ?? []).forEach((value) => words.append(group, value));
  }
  if (order !== ORDERS[0]) {
    words.set("order", order);
  }
  if (page > 1) {
    words.set("page", page);
  }
  // Not put together of origin and path: a page that was opened from a disk has no origin.
  const whole = new URL(address);
  whole.search = words.toString();
  whole.hash = "";
  return whole.href;
}

// The places of a state are one choice: another province leaves no city of the one before.
const PLACES = ["province", "city", "county"];

export function withFilter(state, group, values) {
  const outer = PLACES.indexOf(group);
  const inner = outer < 0 ? [] : PLACES.slice(outer + 1);
  const kept = Object.entries(state.filters).filter(
    ([name]) => name !== group && !inner.includes(name),
  );
  const filters = Object.fromEntries(values.length > 0 ? [...kept, [group, values]] : kept);
  return { ...state, filters, page: 1 };
}

export function withoutValue(state, group, value) {
  return withFilter(state, group, state.filters[group].filter((other) => other !== value));
}

// Whether two states ask the same, however much of the answer is shown.
export function asksSame(one, other) {
  const address = "http://same/";
  return addressOf({ ...one, page: 1 }, address) === addressOf({ ...other, page: 1 }, address);
}

export const asksFor = (q) => ({ q, filters: {}, order: ORDERS[0], page: 1 });

export const isEmpty = ({ q, filters }) => q === "" && Object.keys(filters).length === 0;
