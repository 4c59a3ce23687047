// Suggestions while typing: an editable combobox with a list, as ARIA 1.2 describes it. The list
// and its groups are components/search-suggestions; without it, or without this script, the field
// is a plain search field. Fetched when the field is first used.

const TYPING_PAUSE_MS = 200;

// `suggest(text)`: the engine's. `choose(text)`: the visitor took a place or a major.
// Gives the function that opens the list for what stands in the field.
export function attachSuggestions(input, list, { suggest, choose }) {
  let options = [];
  let active = -1;
  let newest = 0;
  let typing = 0;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(typing);
    newest += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(at) {
    options[active]?.element.setAttribute("aria-selected", "false");
    active = at;
    const element = options[active]?.element;
    if (element) {
      element.setAttribute("aria-selected", "true");
      element.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", element.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  async function open() {
    clearTimeout(typing);
    newest += 1;
    const number = newest;
    const text = input.value.trim();
    // Where suggestions cannot be had, the question itself still says what is wrong.
    const found = text === "" ? [] : await suggest(text).catch(() => []);
    if (number === newest && document.activeElement === input) {
      show(found.filter((one) => one.text !== text));
    }
  }

  function show(found) {
    activate(-1);
    options = [];
    for (const group of list.querySelectorAll("[data-suggestions]")) {
      const mine = found
        .filter(({ kind }) => kind === group.dataset.suggestions)
        .map((suggestion) => {
          const element = document.createElement("div");
          element.setAttribute("role", "option");
          element.setAttribute("aria-selected", "false");
          element.textContent = suggestion.text;
          return { element, suggestion };
        });
      group.querySelectorAll("[role=option]").forEach((old) => old.remove());
      group.append(...mine.map(({ element }) => element));
      group.hidden = mine.length === 0;
      options.push(...mine);
    }
    options.forEach(({ element }, at) => {
      element.id = `${list.id}-${at}`;
    });
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function take({ text, school_id: schoolId }) {
    close();
    if (schoolId === null) {
      choose(text);
    } else {
      location.assign(`/schools/${encodeURIComponent(schoolId)}/`);
    }
  }

  input.addEventListener("keydown", (event) => {
    // 229: a key that belongs to the input method, also the Enter that ends it in Safari.
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        open();
        return;
      }
      // One place more than options: the field itself, between last and first.
      const places = options.length + 1;
      activate(((active + 1 + (key === "ArrowDown" ? 1 : places - 1)) % places) - 1);
    } else if (key === "Enter" && active >= 0) {
      event.preventDefault();
      take(options[active].suggestion);
    } else if (key === "Enter") {
      close();
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (key === "Home" || key === "End") {
      activate(-1);
    }
  });
  const soon = (event) => {
    close();
    if (!event.isComposing) {
      typing = setTimeout(open, TYPING_PAUSE_MS);
    }
  };
  input.addEventListener("input", soon);
  input.addEventListener("compositionend", soon);
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  // The keyboard stays in the field.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = options.find(({ element }) => element === target);
    if (option) {
      take(option.suggestion);
    }
  });
  return open;
}
