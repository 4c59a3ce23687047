// The form of filters: choices and counts as the engine gives them, in components/search-filters.
//
// Nothing is built anew while it is used: the box that was just ticked keeps the keyboard.

// `counts()`: the engine's counts for the question that is asked. `changed(group, values)`: the
// visitor chose. Gives {update(state, answer)}. Fetched by search-page.js when somebody looks at the
// filters or has chosen one.
export function attachFilters(box, { counts, changed }) {
  const number = box.querySelector("[data-filters-number]");
  const failure = box.querySelector("[data-filters-failure]");
  const others = box.querySelector('[data-filters-group=""]');
  // What the filters have to be shown for, until they are; null when they are.
  let wanted = null;
  let newest = 0;

  // `state` and the engine's `answer` to it. Resolves when the choices are on the page, or at once
  // where nobody sees them.
  async function update(state, answer) {
    newest += 1;
    wanted = { state, answer };
    const chosen = Object.values(state.filters).flat().length;
    number.textContent = chosen > 0 ? `（已选 ${chosen} 项）` : "";
    if (box.open) {
      await load();
    }
  }

  async function load() {
    const mine = newest;
    const { state, answer } = wanted;
    try {
      const found = await counts(answer);
      if (mine === newest) {
        show(found, state, answer);
        failure.hidden = true;
        wanted = null;
      }
    } catch {
      // The results stand; only the choices are missing.
      failure.hidden = mine !== newest;
    }
  }

  function show(found, state, answer) {
    const flags = [];
    for (const [group, choices] of Object.entries(found)) {
      const chosen = state.filters[group] ?? [];
      // A choice that leaves nothing is still there to be taken back.
      const lost = answer.chosen.filter(
        (one) => one.group === group && !choices.some((choice) => choice.value === one.value),
      );
      const all = [
        ...choices,
        ...lost.map(({ value, label }) => ({ value, label, count: 0 })),
      ];
      const part = box.querySelector(`[data-filters-group="${group}"]`);
      if (part === null) {
        flags.push(...all.map((choice) => ({ ...choice, group, on: chosen.includes(choice.value) })));
      } else if (part.querySelector("select")) {
        const chip = answer.chips.find((one) => one.group === group && one.strict && one.active);
        showList(part, all, chosen[0] ?? "", chip);
      } else {
        showBoxes(part, all.map((choice) => ({ ...choice, group, on: chosen.includes(choice.value) })));
      }
    }
    showBoxes(others, flags);
  }

  function showList(part, choices, chosen, chip) {
    const option = (value, text) => {
      const made = document.createElement("option");
      made.value = value;
      made.textContent = text;
      return made;
    };
    const select = part.querySelector("select");
    select.replaceChildren(
      option("", chip ? `${chip.label}（你写的）` : "不限"),
      ...choices.map(({ value, label, count }) => option(value, `${label} ${count} 所`)),
    );
    select.value = chosen;
    // Hundreds of cities help nobody who has not chosen a province.
    part.hidden = choices.length === 0 || choices.length > Number(part.dataset.most ?? Infinity);
  }

  function showBoxes(part, choices) {
    const keyOf = ({ group, value }) => `${group} ${value}`;
    const known = new Map(
      Array.from(part.querySelectorAll("label"), (label) => [label.dataset.key, label]),
    );
    const wantedKeys = new Set(choices.map(keyOf));
    known.forEach((label, key) => wantedKeys.has(key) || label.remove());
    let next = part.querySelector("label");
    for (const choice of choices) {
      const label = known.get(keyOf(choice)) ?? newBox(choice);
      const tick = label.querySelector("input");
      tick.checked = choice.on;
      label.querySelector("[data-field=count]").textContent = choice.count;
      if (label === next) {
        next = label.nextElementSibling;
      } else {
        part.insertBefore(label, next);
      }
    }
    part.hidden = choices.length === 0;
  }

  function newBox({ group, value, label: text }) {
    const label = box.querySelector("template").content.cloneNode(true).firstElementChild;
    label.dataset.key = `${group} ${value}`;
    const tick = label.querySelector("input");
    tick.name = group;
    tick.value = value;
    label.querySelector("[data-field=label]").textContent = text;
    return label;
  }

  box.addEventListener("toggle", () => {
    if (box.open && wanted !== null) {
      load();
    }
  });
  failure.querySelector("button").addEventListener("click", load);
  box.addEventListener("change", ({ target }) => {
    const ticked = Array.from(box.querySelectorAll("input:checked"))
      .filter((tick) => tick.name === target.name)
      .map((tick) => tick.value);
    const values = target.matches("select") ? [target.value] : ticked;
    changed(target.name, values.filter((value) => value !== ""));
  });
  box.querySelector("[data-filters-done]").addEventListener("click", () => {
    box.open = false;
  });

  return { update };
}
