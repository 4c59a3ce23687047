// One result: the school's name, with the words that were looked for marked in it.

const UNVERIFIED = "待主管部门核验";

// `template` holds the item; `words` are the engine's words to highlight.
export function itemOf(template, school, words) {
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
  return item;
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
