// Opens the folded part of a page that the address names, in browsers that do not, and every part
// for printing. Without this script a part opens when it is tapped.

function reveal() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = named?.closest(".fold:not([open])");
  if (fold) {
    fold.open = true;
    named.scrollIntoView();
  }
}

let opened = [];

function openAll() {
  opened = [...document.querySelectorAll(".fold:not([open])")];
  for (const fold of opened) {
    fold.open = true;
  }
}

function closeAgain() {
  for (const fold of opened) {
    fold.open = false;
  }
}

window.addEventListener("hashchange", reveal);
window.addEventListener("beforeprint", openAll);
window.addEventListener("afterprint", closeAgain);
reveal();
