// Keeps a province in this browser: fetches it, goes on where it was stopped. No page is touched
// here; save-province.js shows what happens. Where it is kept, saved-sets.js knows.
//
// Every file is compared with its digest in the list of the build. A file of another build is never
// let in: when the site has been built anew meanwhile, the new list is fetched, what is the same is
// kept, and the rest is fetched again.

import {
  FORMAT, NAME, PREFIX, addressesIn, listAddress, markerOf, readJson, sizeOf,
} from "./saved-sets.js";

const AT_ONCE = 4;
const TRIES = 4;
const FIRST_PAUSE_MS = 1000;
const LONGEST_SILENCE_MS = 60000;
const MOST_REBUILDS = 3;

// Why saving stopped. `kind`: "paused" (the visitor's wish), "line" (no answer, again and again),
// "full" (no room), "altered" (what arrives is not what the site wrote), "gone" (no such province),
// "busy" (another tab saves it).
export class SavingStopped extends Error {
  constructor(kind) {
    super(kind);
    this.name = "SavingStopped";
    this.kind = kind;
  }
}

// The list of what a province needs: {name, date, set, bytes, files: [[address, bytes, digest]]}.
export const fetchList = (slug, signal) => patiently(() => fetchListOnce(slug, signal), signal);

async function fetchListOnce(slug, signal) {
  const response = await fetchWithin(listAddress(slug), { cache: "no-cache", signal });
  if (response.status === 404) {
    throw new SavingStopped("gone");
  }
  if (!response.ok) {
    throw new TypeError(`${response.status}`);
  }
  const list = await response.json();
  if (list.format !== FORMAT) {
    throw new SavingStopped("gone");
  }
  return list;
}

// Bytes that the browser says it has room for; null where it does not say.
export async function roomLeft() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return Math.max(0, quota - usage);
  } catch {
    return null;
  }
}

// Saves a province, or goes on where it was stopped. `told(stored, bytes)` is called on the way.
// Rejects with SavingStopped; what was fetched so far stays for the next time, but when there is no
// room the part goes, so that the device is not left full of halves.
export async function saveProvince(slug, { signal, told }) {
  const work = () => saveAlone(slug, { signal, told });
  if (!navigator.locks) {
    return work();
  }
  return navigator.locks.request(`${PREFIX}${slug}`, { ifAvailable: true }, (lock) => {
    if (lock === null) {
      throw new SavingStopped("busy");
    }
    return work();
  });
}

async function saveAlone(slug, { signal, told }) {
  for (let rebuilds = 0; ; rebuilds += 1) {
    let list;
    try {
      list = await fetchList(slug, signal);
    } catch (failure) {
      throw stopped(failure, signal);
    }
    const cacheName = `${PREFIX}${slug}-${list.set}`;
    try {
      await fill(cacheName, slug, list, { signal, told });
      await finish(cacheName, slug, list);
      return list;
    } catch (failure) {
      if (failure instanceof OtherBuild && rebuilds < MOST_REBUILDS) {
        const newer = await fetchList(slug, signal).catch((again) => {
          throw stopped(again, signal);
        });
        if (newer.set === list.set) {
          throw new SavingStopped("altered");
        }
        continue;
      }
      const why = stopped(failure, signal);
      if (why.kind === "full") {
        await caches.delete(cacheName);
      }
      throw why;
    }
  }
}

class OtherBuild extends Error {}

async function fill(cacheName, slug, list, { signal, told }) {
  const cache = await caches.open(cacheName);
  await cache.put(listAddress(slug), jsonResponse(list));
  await takeOver(cache, cacheName, slug, list);
  const here = await addressesIn(cache);
  const waiting = list.files.filter(([address]) => !here.has(address));
  let stored = list.bytes - sizeOf(waiting);
  told(stored, list.bytes);
  let failed = null;
  const worker = async () => {
    while (waiting.length > 0 && failed === null) {
      const [address, bytes, digest] = waiting.shift();
      try {
        await cache.put(address, await patiently(() => fetchExact(address, digest, signal), signal));
        stored += bytes;
        told(stored, list.bytes);
      } catch (failure) {
        failed ??= failure;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed !== null) {
    throw failed;
  }
}

// What other sets of the province have of these very files.
async function takeOver(cache, cacheName, slug, list) {
  const wanted = new Map(list.files.map(([address, , digest]) => [address, digest]));
  const here = await addressesIn(cache);
  for (const name of await caches.keys()) {
    if (NAME.exec(name)?.[1] === slug && name !== cacheName) {
      const other = await caches.open(name);
      const theirs = await readJson(other, listAddress(slug));
      for (const [address, , digest] of theirs?.files ?? []) {
        if (wanted.get(address) === digest && !here.has(address)) {
          const response = await other.match(address);
          if (response !== undefined) {
            await cache.put(address, response);
          }
        }
      }
    }
  }
}

// From here on the worker counts this set, and older ones go.
async function finish(cacheName, slug, { name, set, bytes, date }) {
  const cache = await caches.open(cacheName);
  const savedOn = new Date().toISOString();
  const marker = { province: slug, name, set, bytes, date, savedOn };
  await cache.put(markerOf(slug), jsonResponse(marker));
  const older = (await caches.keys()).filter(
    (other) => NAME.exec(other)?.[1] === slug && other !== cacheName,
  );
  await Promise.all(older.map((other) => caches.delete(other)));
  // Asks the browser not to throw it away when the device gets full. It may say no.
  await navigator.storage?.persist?.().catch(() => false);
}

async function fetchExact(address, digest, signal) {
  const isHashed = /^\/(?:assets|photos)\//.test(address);
  const response = await fetchWithin(address, { cache: isHashed ? "default" : "no-cache", signal });
  if (response.status === 404) {
    throw new OtherBuild(address);
  }
  if (!response.ok) {
    throw new TypeError(`${response.status}`);
  }
  const body = await response.arrayBuffer();
  if ((await digestOf(body)) !== digest) {
    throw new OtherBuild(address);
  }
  const headers = new Headers(response.headers);
  // The body is not packed any more, whatever the server wrote about it.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(body, { headers });
}

// A line that says nothing for a minute is dead; one that creeps is not.
async function fetchWithin(address, { signal, ...rest }) {
  const given = new AbortController();
  const stop = () => given.abort();
  signal?.addEventListener("abort", stop);
  let timer = setTimeout(stop, LONGEST_SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(stop, LONGEST_SILENCE_MS);
  };
  try {
    const response = await fetch(address, { ...rest, signal: given.signal });
    const { status, headers } = response;
    return new Response(status === 304 ? null : await bodyOf(response, heard), { status, headers });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function bodyOf(response, heard) {
  const reader = response.body.getReader();
  const chunks = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return new Blob(chunks);
    }
    heard();
    chunks.push(value);
  }
}

// Tries again after a pause, a longer one each time: one lost answer is no lost line.
async function patiently(attempt, signal) {
  for (let time = 1; ; time += 1) {
    try {
      return await attempt();
    } catch (failure) {
      const isFinal =
        failure instanceof OtherBuild || failure instanceof SavingStopped || time === TRIES;
      if (signal?.aborted || isFinal) {
        throw failure;
      }
      await new Promise((settle) => {
        setTimeout(settle, FIRST_PAUSE_MS * 2 ** (time - 1));
      });
    }
  }
}

function stopped(failure, signal) {
  if (failure instanceof SavingStopped) {
    return failure;
  }
  if (signal?.aborted) {
    return new SavingStopped("paused");
  }
  if (failure instanceof OtherBuild) {
    return new SavingStopped("altered");
  }
  return new SavingStopped(failure?.name === "QuotaExceededError" ? "full" : "line");
}

const jsonResponse = (value) =>
  new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });

async function digestOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
