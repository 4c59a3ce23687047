// Before a page that a script fills is first painted: whether its scripts can run, and whether the
// address asks something, so that room is kept for the answer and nothing jumps. A plain script, in
// the head of the search page and of the comparison.

(() => {
  const { classList } = document.documentElement;
  // Where modules are not known, the words for visitors without scripts stay.
  classList.toggle("has-modules", "noModule" in HTMLScriptElement.prototype);
  classList.toggle("has-question", /[?&](?!q=&|q=$)[a-z]+=/.test(location.search));
})();
