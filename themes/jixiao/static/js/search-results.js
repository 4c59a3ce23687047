// One result: the school's name and the programmes that were asked for, with the words that were
// looked for marked in them.

const UNVERIFIED = "待主管部门核验";

// The year in China, whatever the visitor's time zone; by a clock that is slow, that of the build.
export function yearInChina(builtIn, now = Date.now()) {
  return Math.max(builtIn, new Date(now + 8 * 3600 * 1000).getUTCFullYear());
}

// `template` holds the item; `words` are the engine's words to highlight. A plan of a year before
// `thisYear` is past.
export function itemOf(template, school, words, thisYear) {
  const item = template.content.cloneNode(true).firstElementChild;
  const field = (name) => item.querySelector(`[data-field="${name}"]`);
  const link = field("link");
  link.replaceChildren(...marked(school.name, words));
  link.href = `/schools/${encodeURIComponent(school.school_id)}/`;
  fill(field("place"), school.place === "" ? [] : [school.place]);
  fill(field("level"), school.level === "" ? [] : [school.level]);
  fill(field("verified"), school.verified ? [] : [UNVERIFIED]);
  const confirmed = field("confirmed");
  if (confirmed !== null) {
    confirmed.hidden = !school.verified;
  }
  const plan = field("plan");
  if (plan !== null && school.programmes.length > 0) {
    const { year } = school.programmes[0];
    field("year").textContent = `${year} 年计划${year < thisYear ? "（往年）" : ""}`;
    plan.append(...school.programmes.map((programme) => programmeOf(programme, words)));
    plan.hidden = false;
  }
  const save = item.querySelector("[data-save]");
  if (save !== null) {
    save.dataset.save = school.school_id;
    save.dataset.name = school.name;
    save.dataset.place = school.place;
    save.querySelector("[data-save-school]").textContent = `：${school.name}`;
  }
  return item;
}

function programmeOf({ major, direction, seats }, words) {
  const line = document.createElement("span");
  const text = direction === "" ? major : `${major}（${direction}）`;
  line.append(...marked(text, words), ` ${seats} 人`);
  return line;
}

function fill(element, nodes) {
  element.replaceChildren(...nodes);
  element.hidden = nodes.length === 0;
}

// `text` as text and <mark> nodes. Han words are found by pairs of characters, as the index finds
// them; other words as a whole.
export function marked(text, words) {
  const plain = text.toLowerCase();
  const hit = new Uint8Array(text.length + 1);
  const markAll = (part) => {
    for (let at = plain.indexOf(part); at >= 0; at = plain.indexOf(part, at + 1)) {
      hit.fill(1, at, at + part.length);
    }
  };
  for (const word of words) {
    if (word.length > 2 && /^\p{Script=Han}+$/u.test(word)) {
      for (let at = 0; at + 2 <= word.length; at += 1) {
        markAll(word.slice(at, at + 2));
      }
    } else if (word !== "") {
      markAll(word);
    }
  }
  const nodes = [];
  for (let start = 0, at = 1; at <= text.length; at += 1) {
    if (at === text.length || hit[at] !== hit[start]) {
      const part = document.createElement("mark");
      part.textContent = text.slice(start, at);
      nodes.push(hit[start] ? part : part.textContent);
      start = at;
    }
  }
  return nodes;
}
