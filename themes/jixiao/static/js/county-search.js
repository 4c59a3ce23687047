// On /priority/: type a county's name, get links to its page. A help only: every county is reached
// by plain links too. The list of counties is fetched when the field is first used.

const MOST = 12;

export function attachCountySearch(form) {
  const input = form.querySelector("input");
  const status = form.querySelector("[data-county-status]");
  const list = form.querySelector("[data-county-results]");
  let counties;

  async function show() {
    const typed = input.value.normalize("NFKC").replace(/\s/gu, "");
    if (typed === "") {
      status.textContent = "";
      list.replaceChildren();
      return;
    }
    try {
      counties ??= fetch(form.dataset.counties).then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      });
      const found = (await counties).filter(([, name, above]) => (above + name).replace(/\s/gu, "").includes(typed));
      // The name itself before places that only lie above it.
      found.sort((one, other) => other[1].startsWith(typed) - one[1].startsWith(typed));
      if (input.value.normalize("NFKC").replace(/\s/gu, "") !== typed) return;
      list.replaceChildren(...found.slice(0, MOST).map(item));
      status.textContent = found.length === 0
        ? "没有找到。少写几个字，或者从下面选省。"
        : found.length > MOST ? `${found.length} 个，这里是前 ${MOST} 个，再多写几个字。` : `${found.length} 个`;
    } catch {
      counties = undefined;
      status.textContent = "名单没有取到，可能是网络断了。可以从下面选省。";
    }
  }

  function item([code, name, above]) {
    const link = document.createElement("a");
    link.href = `/priority/${code}/`;
    const text = document.createElement("span");
    text.className = "link-text";
    text.textContent = name;
    const place = document.createElement("span");
    place.className = "small";
    place.textContent = above;
    link.append(text, place);
    const row = document.createElement("li");
    row.append(link);
    return row;
  }

  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  show();
}

const form = document.querySelector('[data-module="county-search"]');
if (form) attachCountySearch(form);
