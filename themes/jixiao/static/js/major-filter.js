// On /majors/: shows only the majors whose names hold what is typed, and says how many there are.
// Every word typed must be in the name. Without this script the whole list stands there.

export function attachMajorFilter(root, sections) {
  const input = root.querySelector("input");
  const status = root.querySelector("[data-major-filter-status]");

  function show() {
    const words = input.value.normalize("NFKC").toLowerCase().split(/\s+/u).filter(Boolean);
    let found = 0;
    for (const section of sections) {
      let here = 0;
      for (const item of section.querySelectorAll("li")) {
        const name = item.querySelector("a").textContent.toLowerCase();
        item.hidden = !words.every((word) => name.includes(word));
        here += item.hidden ? 0 : 1;
      }
      for (const rest of section.querySelectorAll(".major-list__rest")) {
        rest.hidden = !rest.nextElementSibling.querySelector("li:not([hidden])");
      }
      section.hidden = here === 0;
      section.querySelector("details").open = words.length > 0;
      found += here;
    }
    status.textContent = words.length === 0 ? "" : found === 0
      ? "没有这样的专业。少写几个字试试，或者用上面的查找。"
      : `${found} 个专业`;
  }

  root.hidden = false;
  input.addEventListener("input", show);
  // A browser may give the words back when the visitor returns to the page.
  show();
}

const root = document.querySelector('[data-module="major-filter"]');
if (root) attachMajorFilter(root, document.querySelectorAll("[data-major-category]"));
