// On the page that stands in for a missing one: puts the words of the address into the search field.
// The names in addresses are pinyin, which the search understands, with a slip too.

// The last part of the path that is made of words: no file, no number.
function wordsOf(path) {
  let parts;
  try {
    parts = decodeURIComponent(path).split("/");
  } catch {
    return "";
  }
  const last = parts.filter((part) => /^[^.]*\p{L}[^.]*$/u.test(part)).pop();
  return (last ?? "").replace(/[-_+\s]+/gu, " ").trim().slice(0, 100);
}

const words = wordsOf(location.pathname);
if (words !== "") {
  document.getElementById("missing-search").value = words;
  document.querySelector("[data-missing-guess]").hidden = false;
}
