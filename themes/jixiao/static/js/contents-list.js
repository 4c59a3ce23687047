// Marks, in the list of contents, the part of the page that is being read. The list is complete
// without this script.

// The part being read is the last one that has begun above this share of the window's height.
const READING_LINE = 0.3;

export function attachContentsList(list) {
  const links = new Map();
  for (const link of list.querySelectorAll('a[href^="#"]')) {
    const part = document.getElementById(link.hash.slice(1));
    if (part) {
      links.set(part, link);
    }
  }

  function mark() {
    const line = window.innerHeight * READING_LINE;
    let current = null;
    for (const part of links.keys()) {
      if (part.getBoundingClientRect().top <= line) {
        current = part;
      }
    }
    for (const [part, link] of links) {
      if (part === current) {
        link.setAttribute("aria-current", "true");
      } else {
        link.removeAttribute("aria-current");
      }
    }
  }

  // A part that reaches or leaves the line is the only time at which the mark can move.
  const observer = new IntersectionObserver(mark, {
    rootMargin: `0px 0px -${100 * (1 - READING_LINE)}% 0px`,
  });
  for (const part of links.keys()) {
    observer.observe(part);
  }
}

document.querySelectorAll('[data-module="contents-list"]').forEach(attachContentsList);
