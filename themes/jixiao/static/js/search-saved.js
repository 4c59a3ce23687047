// Search over the provinces that are kept in this browser: the same engine, over the index of one
// province in one file. Fetched by search-page.js when the site's own index cannot be had.

import { createEngine } from "./search-engine.js";
import { savedCache, savedProvinces } from "./saved-sets.js";

// The provinces that can be searched, the one saved last first: [{slug, name, savedOn, …}].
export async function searchable() {
  const done = (await savedProvinces()).filter((one) => one.done);
  return done.sort((one, other) => (one.savedOn < other.savedOn ? 1 : -1));
}

export async function savedEngine(slug) {
  const cache = await savedCache(slug);
  const kept = await cache?.match(`/offline/${slug}-search.json`);
  if (kept === undefined) {
    throw new Error(`${slug} is not saved`);
  }
  const { generation, files } = await kept.json();
  return createEngine(`/search-index/${generation}/`, async (address) => {
    const name = address.split("/").at(-1);
    const content = files[name];
    if (content === undefined) {
      return new Response(null, { status: 404 });
    }
    const isText = !name.endsWith(".bin");
    return new Response(isText ? content : Uint8Array.from(atob(content), (one) => one.charCodeAt(0)));
  });
}

// The line that says where is searched, with a choice between several provinces.
export function savedLine(provinces, slug, chosen) {
  const line = document.createElement("p");
  if (provinces.length === 1) {
    line.textContent = `没有网络：只在存下的${provinces[0].name}里找。`;
    return line;
  }
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(
    ...provinces.map((one) => {
      const option = document.createElement("option");
      option.value = one.slug;
      option.textContent = one.name;
      return option;
    }),
  );
  select.value = slug;
  select.addEventListener("change", () => chosen(select.value));
  label.append("没有网络：在存下的哪个省里找 ", select);
  line.append(label);
  return line;
}
