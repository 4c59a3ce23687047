// Before the search page is first painted: whether its scripts can run, and whether something is
// asked, so that room is kept for the answer and nothing jumps. A plain script, in the head.

(() => {
  const { classList } = document.documentElement;
  // Where modules are not known, the words for visitors without scripts stay.
  classList.toggle("has-search", "noModule" in HTMLScriptElement.prototype);
  classList.toggle("has-question", /[?&](?!q=&|q=$)[a-z]+=/.test(location.search));
})();
