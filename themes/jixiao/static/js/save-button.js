// Behaviour of every button that puts a school on the visitor's own list, [data-save], and the
// number of schools beside the list's name in the header, [data-shortlist-count].
// Without scripts neither is shown. A script that puts more buttons on the page calls
// `attachSaveButtons` with these.

import {
  MOST_SCHOOLS, changeSaved, readSaved, whenChanged, whenChangedElsewhere, withSchool,
  withoutSchool,
} from "./saved-schools.js";

const lists = [...document.querySelectorAll("[data-save-list]")];
const counts = document.querySelectorAll("[data-shortlist-count]");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");

function show() {
  const { schools } = readSaved();
  const saved = new Set(schools.map((school) => school.id));
  for (const button of document.querySelectorAll("button[data-save]")) {
    const here = saved.has(button.dataset.save);
    button.toggleAttribute("data-saved", here);
    button.querySelector("[data-save-words]").textContent = here ? "移出清单" : "加入清单";
  }
  for (const link of lists) {
    link.textContent = `我的志愿清单（${schools.length} 所）`;
  }
}

function showCount() {
  const { length } = readSaved().schools;
  for (const count of counts) {
    // Seven links stand in one line of a small phone: there is room for the number alone.
    const unit = document.createElement("span");
    unit.className = "visually-hidden";
    unit.textContent = " 所";
    count.replaceChildren(String(length), unit);
    count.hidden = length === 0;
  }
}

function change(button) {
  const { save: id, name, place } = button.dataset;
  const before = readSaved().schools;
  const had = before.some((school) => school.id === id);
  if (!had && before.length >= MOST_SCHOOLS) {
    say(button, `清单里已有 ${MOST_SCHOOLS} 所，先移出几所`);
    return;
  }
  const after = changeSaved((schools) =>
    had ? withoutSchool(schools, id) : withSchool(schools, { id, name, place, note: "" }),
  );
  show();
  if (after === null) {
    say(button, "浏览器不让保存（无痕模式或空间不足），没有加入");
  } else {
    say(button, had ? `已移出：${name}` : `已加入：${name}。清单里有 ${after.length} 所`, true);
  }
}

// What happened, for ears and eyes; the line under the button leads to the list.
function say(button, words, done = false) {
  status.textContent = words;
  if (done && button.parentElement.querySelector("[data-save-list]") !== null) {
    return; // the list's own link stands beside the button, with its count
  }
  let line = button.nextElementSibling;
  if (line === null || !line.matches(".save-button__said")) {
    line = document.createElement("a");
    line.className = "save-button__said";
    line.href = "/shortlist/";
    button.after(line);
  }
  line.textContent = button.hasAttribute("data-saved") ? "看我的清单" : words;
}

export function attachSaveButtons(buttons) {
  if (buttons.length === 0) {
    return;
  }
  if (!status.isConnected) {
    document.body.append(status);
    whenChangedElsewhere(show);
    document.documentElement.setAttribute("data-scripts", "");
  }
  for (const button of buttons) {
    button.addEventListener("click", () => change(button));
  }
  show();
}

whenChanged(showCount);
showCount();
attachSaveButtons([...document.querySelectorAll("button[data-save]")]);
