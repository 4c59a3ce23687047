// The provinces that are kept in this browser: listed, read and removed. One cache for each province
// and build holds it; it counts only once it holds its marker. The worker
// (themes/jixiao/worker/sw.js) goes by the same names; saved-provinces.js fills them.

export const FORMAT = 1;
export const PREFIX = `jixiao-${FORMAT}-saved-`;
export const NAME = new RegExp(`^${PREFIX}([a-z-]+)-([0-9a-f]{12})$`);

export const isPossible = () =>
  "caches" in globalThis && "serviceWorker" in navigator && Boolean(globalThis.crypto?.subtle);

export const markerOf = (slug) => `/offline/${slug}/saved.json`;
export const listAddress = (slug) => `/offline/${slug}.json`;

// What is kept of each province: [{slug, name, set, done, savedOn, bytes, stored}]. `stored` is how
// many of the `bytes` are here; of a half-saved update beside a complete one, both are listed.
export async function savedProvinces() {
  const found = [];
  for (const cacheName of await caches.keys()) {
    const [, slug, set] = NAME.exec(cacheName) ?? [];
    if (slug !== undefined) {
      const cache = await caches.open(cacheName);
      const marker = await readJson(cache, markerOf(slug));
      const list = marker === null ? await readJson(cache, listAddress(slug)) : null;
      if (marker !== null) {
        const { name, savedOn, bytes } = marker;
        found.push({ slug, name, set, done: true, savedOn, bytes, stored: bytes });
      } else if (list !== null) {
        const here = await addressesIn(cache);
        const stored = sizeOf(list.files.filter(([address]) => here.has(address)));
        found.push({ slug, name: list.name, set, done: false, savedOn: "", bytes: list.bytes, stored });
      }
    }
  }
  return found;
}

// The cache of a province that is complete, the newest first; null where there is none.
export async function savedCache(slug) {
  const done = (await savedProvinces()).filter((one) => one.slug === slug && one.done);
  const [newest] = done.sort((one, other) => (one.savedOn < other.savedOn ? 1 : -1));
  return newest === undefined ? null : caches.open(`${PREFIX}${slug}-${newest.set}`);
}

// What the worker kept of pages that were opened.
export async function removeOpened() {
  const own = (await caches.keys()).filter((name) => /^jixiao-\d+-(?:opened-|photos|data)/.test(name));
  await Promise.all(own.map((name) => caches.delete(name)));
}

export async function removeProvince(slug) {
  const own = (await caches.keys()).filter((name) => NAME.exec(name)?.[1] === slug);
  await Promise.all(own.map((name) => caches.delete(name)));
}

export const sizeOf = (files) => files.reduce((sum, [, bytes]) => sum + bytes, 0);

export async function addressesIn(cache) {
  return new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
}

export async function readJson(cache, address) {
  const response = await cache.match(address);
  return response === undefined ? null : response.json();
}
