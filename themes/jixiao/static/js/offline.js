// Puts the service worker (/sw.js) to work, and says it where a page comes from what was saved.
// Without either the page is as it always is.

const { dataset } = document.documentElement;

if ("savedOn" in dataset || "notSaved" in dataset || "pack" in dataset) {
  import("./saved-notice.js").catch(() => {});
}

async function register() {
  const { serviceWorker } = navigator;
  const isFirst = serviceWorker.controller === null;
  // The only address that ever becomes a script of its own.
  const policy = window.trustedTypes?.createPolicy("jixiao-worker", { createScriptURL: () => "/sw.js" });
  const script = policy ? policy.createScriptURL("") : "/sw.js";
  await serviceWorker.register(script, { updateViaCache: "none" });
  const { active } = await serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map(({ name }) => name);
  active.postMessage({ opened: isFirst ? [location.href, ...parts] : [] });
}

// Fetching for later must not slow down what is wanted now.
if ("serviceWorker" in navigator && window.isSecureContext && location.protocol !== "file:") {
  const start = () => register().catch(() => {});
  if (document.readyState === "complete") {
    start();
  } else {
    addEventListener("load", start);
  }
}
