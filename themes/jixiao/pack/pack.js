// Runs the site's scripts in a page that was opened from a disk, where there are no modules, no
// requests and no root: the build puts this file after three constants (plugins/offline/pack.py):
//
//   SITE     the site's origin, or "" where it has none
//   WHERE    address on the site → file in the pack, below its `files` folder
//   MODULES  the site's scripts as functions, by name
//
// The page says in data-root where `files` is, and in this script's data-run which scripts it wants.

const { dataset } = document.documentElement;
const root = new URL(dataset.root, document.baseURI);

// The address of a page of the site, as it is from here; null where there is none.
function resolve(address) {
  const [, path, rest] = /^(\/[^?#]*)(.*)$/.exec(address);
  if (path in WHERE) {
    return new URL(WHERE[path] + rest, root).href;
  }
  return SITE === "" ? null : SITE + address;
}

const isOfSite = (address) => address !== null && /^\/(?!\/)/.test(address);

// Scripts write links as they are on the site.
function mend(link) {
  const address = link.getAttribute("href");
  if (!isOfSite(address)) {
    return;
  }
  const here = resolve(address);
  link.toggleAttribute("data-outside", here === null || !here.startsWith("file:"));
  if (here === null) {
    link.removeAttribute("href");
  } else {
    link.setAttribute("href", here);
  }
}

new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    if (target.matches?.("a[href]")) {
      mend(target);
    }
    for (const node of addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) {
        [node, ...node.querySelectorAll("a[href]")].filter((one) => one.matches("a[href]")).forEach(mend);
      }
    }
  }
}).observe(document.documentElement, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["href"],
});

let data = null;

// What a page asks the site for is in one more script, which is loaded when it is asked for.
function loadData() {
  data ??= new Promise((settle, fail) => {
    const script = document.createElement("script");
    script.src = new URL("pack/data.js", root).href;
    script.onload = () => settle(globalThis.jixiaoPackData);
    script.onerror = () => fail(new TypeError("pack/data.js is missing"));
    document.head.append(script);
  });
  return data;
}

async function packFetch(address) {
  const path = /\/(?:search-index|data)\/[^?#]*/.exec(address)?.[0];
  const found = (await loadData())[path];
  if (found === undefined) {
    return new Response(null, { status: 404 });
  }
  // Text, or base64 in a list.
  return new Response(
    Array.isArray(found) ? Uint8Array.from(atob(found[0]), (one) => one.charCodeAt(0)) : found,
  );
}

const packLocation = {
  get href() { return location.href; },
  get search() { return location.search; },
  get hash() { return location.hash; },
  get pathname() { return location.pathname; },
  get protocol() { return location.protocol; },
  // For addresses that are sent to somebody else.
  get origin() { return SITE; },
  assign: (address) => location.assign(isOfSite(address) ? resolve(address) ?? location.href : address),
  reload: () => location.reload(),
};

// A page of a disk may change what stands behind the question mark of its address, at most.
function remember(how, state, address) {
  const isHere = address.startsWith(location.pathname);
  try {
    history[how](state, "", isOfSite(address) && !isHere ? resolve(address) : address);
  } catch {
    // The answer is on the page; only the address stays as it was.
  }
}

const packHistory = {
  get state() { return history.state; },
  set scrollRestoration(how) { history.scrollRestoration = how; },
  pushState: (state, _, address) => remember("pushState", state, address),
  replaceState: (state, _, address) => remember("replaceState", state, address),
};

const ready = new Map();

function load(name) {
  if (!ready.has(name)) {
    ready.set(name, {});
    MODULES[name](load, ready.get(name), packFetch, packLocation, packHistory);
  }
  return ready.get(name);
}

document.currentScript.dataset.run.split(" ").filter(Boolean).forEach(load);
