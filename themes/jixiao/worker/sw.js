// The site's service worker: what was opened, and the provinces that were saved, stay readable
// without a network. The build puts four constants before it (plugins/offline/worker.py):
// FORMAT, BUILD, SHELL, the files of the page that stands in for one that was never saved, and NAMES,
// those of the page that says whether a school is in the registers.
//
// Caches, all named `jixiao-<FORMAT>-…`, so that a worker of another format never reads them:
//   shell-<BUILD>           the stand-in page and that of the names, with their parts
//   opened-<digest>         pages that were opened, with the assets of the build that made them
//   photos, data            photos and small records that were fetched
//   saved-<province>-<set>  one province of one build; static/js/saved-provinces.js writes it, and it
//                           counts only once it holds its marker, saved.json
//
// Pages of two builds never mix: a page names its assets by their digest, and stands in one cache
// with them. Whatever goes wrong in here, the network is asked as if there were no worker.

const PREFIX = `jixiao-${FORMAT}-`;
const SHELL_CACHE = `${PREFIX}shell-${BUILD}`;
const SAVED = new RegExp(`^${PREFIX}saved-([a-z-]+)-[0-9a-f]+$`);
const OFFLINE_PAGE = "/offline/";
const HASHED = /^\/(?:assets|photos)\/([0-9a-f]{12,})[/-]/;
const LEFT_ALONE = /^\/(?:admin|design)\/|^\/sw\.js$|^\/offline\/[^/]+\.|^\/search-index\/|\.(?:zip|csv|ics|xml|pdf)$/;
// On a bad line a saved page is better than a long wait for a fresh one.
const PATIENCE_MS = 5000;
const MOST_PAGES = 60;
const MOST_PHOTOS = 40;
const MOST_RECORDS = 60;
const SAVED_ON = "X-Saved-On";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.opened)) {
    event.waitUntil(keepOpened(event.data.opened.map(String)).then(keepNames).catch(() => {}));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate";
  if (request.method !== "GET" || url.origin !== location.origin || LEFT_ALONE.test(url.pathname)) {
    return;
  }
  if (!isPage && request.cache !== "default") {
    return; // who asks past the caches wants the server's own answer
  }
  const isPart = HASHED.test(url.pathname); // a link to a photo opens it as if it were a page
  const given = isPart ? part(request, url) : isPage ? page(event, url) : record(request, url);
  event.respondWith(given.catch(() => fetch(request)));
});

async function install() {
  const cache = await caches.open(SHELL_CACHE);
  await Promise.all(SHELL.map((file) => keepExactly(cache, file)));
  // Pages that are open go on with any worker of this format; another one must wait for them to go.
  const names = await caches.keys();
  if (!names.some((name) => name.startsWith("jixiao-") && !name.startsWith(PREFIX))) {
    await self.skipWaiting();
  }
}

async function keepExactly(cache, [path, digest]) {
  const response = await fetch(path, { cache: HASHED.test(path) ? "default" : "no-cache" });
  const body = await response.arrayBuffer();
  if (!response.ok || (await digestOf(body)) !== digest) {
    throw new Error(`${path} is not of build ${BUILD}`);
  }
  await cache.put(path, dated(response, body));
}

// Whoever is called by a stranger can look the school up without a network. The page comes last, so
// that it is there with all its parts or not at all; what is missing is fetched with a later page.
async function keepNames() {
  const { saveData = false, effectiveType = "" } = navigator.connection ?? {};
  if (saveData || effectiveType.endsWith("2g")) {
    return;
  }
  const cache = await caches.open(SHELL_CACHE);
  for (const file of NAMES) {
    if ((await cache.match(file[0])) === undefined) {
      await keepExactly(cache, file);
    }
  }
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter(
    (name) =>
      name.startsWith("jixiao-") &&
      (!name.startsWith(PREFIX) || (name.startsWith(`${PREFIX}shell-`) && name !== SHELL_CACHE)),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// Pages -------------------------------------------------------------------------------------------

async function page(event, url) {
  const path = url.pathname;
  const fresh = fromNetwork(event).then(
    (response) => ({ response }),
    () => ({ response: null }),
  );
  const late = new Promise((settle) => {
    setTimeout(() => settle(null), PATIENCE_MS);
  });
  const first = await Promise.race([fresh, late]);
  if (first !== null && first.response !== null && first.response.status < 500) {
    event.waitUntil(keepPage(path, first.response.clone()).catch(() => {}));
    return first.response;
  }
  const copy = await copyOf(path);
  if (copy !== null) {
    if (first === null) {
      const later = ({ response }) => response !== null && keepPage(path, response);
      event.waitUntil(fresh.then(later).catch(() => {}));
    }
    return copy;
  }
  const { response } = await fresh;
  if (response !== null) {
    event.waitUntil(keepPage(path, response.clone()).catch(() => {}));
    return response;
  }
  return (await otherwise(path)) ?? fetch(event.request);
}

async function fromNetwork(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

// A saved page says so on its <html>, and a script of the page tells the visitor.
async function marked(response, attributes) {
  const text = await response.text();
  const words = Object.entries(attributes).map(([name, value]) => ` data-${name}="${value}"`);
  return new Response(text.replace("<html", `<html${words.join("")}`), {
    headers: plainHeaders(response),
  });
}

// The newest copy of a page; null where there is none. The stand-in page is nobody's copy.
async function copyOf(path) {
  const newest = await newestOf(path, (name) => /^(?:opened-|shell-)/.test(name));
  const isStandIn = newest?.from === SHELL_CACHE && path === OFFLINE_PAGE;
  return newest === null || isStandIn ? null : marked(newest.response, { "saved-on": newest.savedOn });
}

// The newest copy of a file, of a saved province or of the caches that are `wanted` by the rest of
// their names: {response, savedOn, from}.
async function newestOf(path, wanted) {
  const copies = [];
  for (const { cache, about } of await savedSets()) {
    copies.push({ response: await cache.match(path), savedOn: about.savedOn, from: "" });
  }
  for (const from of await caches.keys()) {
    if (from.startsWith(PREFIX) && wanted(from.slice(PREFIX.length))) {
      const response = await (await caches.open(from)).match(path);
      copies.push({ response, savedOn: response?.headers.get(SAVED_ON) ?? "", from });
    }
  }
  return copies
    .filter(({ response }) => response !== undefined)
    .reduce((best, one) => (best === null || one.savedOn > best.savedOn ? one : best), null);
}

// The complete saved provinces: [{cache, about: {province, savedOn, …}}].
async function savedSets() {
  const sets = [];
  for (const name of await caches.keys()) {
    const province = SAVED.exec(name)?.[1];
    if (province !== undefined) {
      const cache = await caches.open(name);
      const marker = await cache.match(`/offline/${province}/saved.json`);
      if (marker !== undefined) {
        sets.push({ cache, about: await marker.json() });
      }
    }
  }
  return sets;
}

// A page that was never saved: that of a major in a saved province, or the stand-in that says so.
async function otherwise(path) {
  const major = /^\/majors\/[^/]+\/$/.test(path) ? path : null;
  for (const { cache, about } of major === null ? [] : await savedSets()) {
    const there = `${major}${about.province}/`;
    if ((await cache.match(there)) !== undefined) {
      return Response.redirect(there);
    }
  }
  const shell = await (await caches.open(SHELL_CACHE)).match(OFFLINE_PAGE);
  return shell && marked(shell, path === OFFLINE_PAGE ? {} : { "not-saved": "" });
}

async function keepPage(path, response) {
  const text = response.ok && !response.redirected ? await response.text() : "";
  const assets = /\/assets\/([0-9a-f]{12,})\//.exec(text)?.[1];
  if (assets === undefined || !text.trimEnd().endsWith("</html>")) {
    return;
  }
  const own = `${PREFIX}opened-${assets}`;
  const cache = await caches.open(own);
  await put(cache, path, dated(response, text));
  const isPage = (request) => !HASHED.test(new URL(request.url).pathname);
  await trim(cache, MOST_PAGES, isPage);
  for (const name of await caches.keys()) {
    if (name.startsWith(`${PREFIX}opened-`) && name !== own) {
      const older = await caches.open(name);
      await older.delete(path);
      if (!(await older.keys()).some(isPage)) {
        await caches.delete(name);
      }
    }
  }
}

// The page that was open before there was a worker, and its parts.
async function keepOpened(addresses) {
  for (const address of addresses) {
    const url = new URL(address, location.origin);
    if (url.origin === location.origin && !LEFT_ALONE.test(url.pathname)) {
      if (HASHED.test(url.pathname)) {
        await part(new Request(url.pathname), url).catch(() => {});
      } else if (url.pathname.endsWith("/")) {
        await fetch(url.pathname).then((response) => keepPage(url.pathname, response)).catch(() => {});
      }
    }
  }
}

// Parts of pages ----------------------------------------------------------------------------------

// Assets and photos carry a digest in their address: any copy is the right one.
async function part(request, url) {
  const kept = await caches.match(url.pathname);
  if (kept !== undefined) {
    return kept;
  }
  const [, digest] = HASHED.exec(url.pathname);
  const isPhoto = url.pathname.startsWith("/photos/");
  try {
    const response = await fetch(request);
    if (response.status === 200) {
      const cache = await caches.open(`${PREFIX}${isPhoto ? "photos" : `opened-${digest}`}`);
      const keeping = put(cache, url.pathname, response.clone());
      await (isPhoto ? keeping.then(() => trim(cache, MOST_PHOTOS)) : keeping).catch(() => {});
    }
    return response;
  } catch (failure) {
    // A saved province holds the smallest copy of each photo.
    const small = isPhoto ? await caches.match(`/photos/${digest}-480.webp`) : undefined;
    if (small === undefined) {
      throw failure;
    }
    return small;
  }
}

// Records and other small files: the server's while it answers, else the newest that was saved.
async function record(request, url) {
  try {
    const response = await fetch(request);
    if (response.status >= 500) {
      throw new Error(`${response.status}`);
    }
    if (response.status === 200 && url.pathname.startsWith("/data/")) {
      const cache = await caches.open(`${PREFIX}data`);
      await put(cache, url.pathname, dated(response, await response.clone().arrayBuffer()));
      await trim(cache, MOST_RECORDS);
    }
    return response;
  } catch (failure) {
    const newest = await newestOf(url.pathname, (name) => /^(?:data$|shell-)/.test(name));
    if (newest === null) {
      throw failure;
    }
    return newest.response;
  }
}

// Keeping -----------------------------------------------------------------------------------------

// Where there is no room, what was opened is the first to go: a saved province was asked for.
async function put(cache, path, response) {
  const again = response.clone();
  try {
    await cache.put(path, response);
  } catch {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && /^(?:photos|data|opened-)/.test(name.slice(PREFIX.length))) {
        await trim(await caches.open(name), 5);
      }
    }
    await cache.put(path, again).catch(() => {});
  }
}

// Keeps the last `most` that were put in.
async function trim(cache, most, counts = () => true) {
  const keys = (await cache.keys()).filter(counts);
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}

// A copy that says when it was made.
function dated(response, body) {
  const headers = plainHeaders(response);
  headers.set(SAVED_ON, new Date().toISOString());
  return new Response(body, { headers });
}

// A body that was read is no longer packed, whatever the server wrote about it.
function plainHeaders(response) {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return headers;
}

async function digestOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
