// Behaviour of 我的志愿清单, [data-module="shortlist"]: order, notes, text, print. The list never
// leaves the browser: nothing here asks any server for anything.

import {
  LONGEST_NOTE, changeSaved, compareAddress, readSaved, whenChangedElsewhere, withNote,
  withSchool, withSchoolMoved, withoutSchool,
} from "./saved-schools.js";

const MOST_COMPARED = 4;

export function attachShortlist(root) {
  const list = root.querySelector("[data-shortlist-items]");
  const template = root.querySelector("template[data-shortlist-item]");
  const status = root.querySelector("[data-shortlist-status]");
  const empty = root.querySelector("[data-shortlist-empty]");
  const tools = root.querySelector("[data-shortlist-tools]");
  const compare = root.querySelector("[data-shortlist-compare]");
  const undo = root.querySelector("[data-shortlist-undo]");
  // The list as it was before the last school was taken off.
  let before = null;

  function show() {
    const { schools, fault } = readSaved();
    list.replaceChildren(...schools.map((school, index) => itemOf(school, index, schools.length)));
    empty.hidden = schools.length > 0;
    tools.hidden = schools.length === 0;
    const compared = schools.slice(0, MOST_COMPARED);
    compare.hidden = schools.length < 2;
    compare.href = compareAddress(compared.map((school) => school.id));
    compare.textContent =
      schools.length > MOST_COMPARED ? "比较前四所" : `比较这 ${schools.length} 所`;
    if (fault === "blocked") {
      say("这个浏览器不让网页保存东西（可能是无痕模式），清单用不了。换一个浏览器，或记在纸上。");
    } else if (fault === "damaged") {
      say("原来的清单坏了，读不出来，只好从空的开始。");
    }
  }

  function itemOf(school, index, count) {
    const item = template.content.cloneNode(true).firstElementChild;
    const part = (name) => item.querySelector(`[data-part="${name}"]`);
    item.dataset.school = school.id;
    part("number").textContent = `${index + 1}`;
    part("name").textContent = school.name;
    part("name").href = `/schools/${school.id}/`;
    part("place").textContent = school.place;
    for (const label of item.querySelectorAll('[data-part="of"]')) {
      label.textContent = `：${school.name}`;
    }
    part("note").value = school.note;
    part("note").maxLength = LONGEST_NOTE;
    part("note-print").textContent = school.note;
    part("note").addEventListener("change", (event) => {
      const note = event.target.value.trim();
      part("note-print").textContent = note;
      keep((schools) => withNote(schools, school.id, note), "备注记下了");
    });
    part("up").disabled = index === 0;
    part("down").disabled = index === count - 1;
    part("up").addEventListener("click", () => move(school, -1));
    part("down").addEventListener("click", () => move(school, 1));
    part("remove").addEventListener("click", () => remove(school, index));
    return item;
  }

  function move(school, step) {
    const after = keep((schools) => withSchoolMoved(schools, school.id, step));
    if (after === null) {
      return;
    }
    show();
    const place = after.findIndex((other) => other.id === school.id);
    say(`${school.name}现在是第 ${place + 1} 志愿`);
    // The same button again, so that a press can be repeated; the other one at either end.
    const item = list.children[place];
    const [same, other] = step < 0 ? ["up", "down"] : ["down", "up"];
    const button = item?.querySelector(`[data-part="${same}"]`);
    (button?.disabled ? item.querySelector(`[data-part="${other}"]`) : button)?.focus();
  }

  function remove(school, index) {
    before = readSaved().schools;
    if (keep((schools) => withoutSchool(schools, school.id)) === null) {
      return;
    }
    show();
    say(`已移出：${school.name}`);
    undo.hidden = false;
    const next = list.children[Math.min(index, list.children.length - 1)];
    (next?.querySelector('[data-part="name"]') ?? undo).focus();
  }

  undo.addEventListener("click", () => {
    const lost = before;
    // What another tab has added meanwhile stays.
    keep((schools) => schools.reduce(withKnown, lost));
    before = null;
    undo.hidden = true;
    show();
    say("放回来了");
    list.querySelector('[data-part="name"]')?.focus();
  });

  // Stores the change; says so where the browser refuses.
  function keep(change, words = "") {
    const after = changeSaved(change);
    say(after === null ? "浏览器不让保存（无痕模式或空间不足），没有改成" : words);
    return after;
  }

  function say(words) {
    status.textContent = words;
  }

  root.querySelector("[data-shortlist-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(textOf(readSaved().schools));
      say("文字复制好了，可以粘贴到别处");
    } catch {
      say("浏览器不让复制。用“存成文字文件”也一样");
    }
  });

  root.querySelector("[data-shortlist-download]").addEventListener("click", () => {
    const link = document.createElement("a");
    // Without the mark some phones show Chinese text files as rubbish.
    const blob = new Blob(["\ufeff", textOf(readSaved().schools)], {
      type: "text/plain;charset=utf-8",
    });
    link.href = URL.createObjectURL(blob);
    link.download = "我的志愿清单.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say("文字文件存好了");
  });

  root.querySelector("[data-shortlist-print]").addEventListener("click", () => print());

  whenChangedElsewhere(() => {
    // What is being typed here must not be lost by a change elsewhere.
    if (document.activeElement?.matches('[data-part="note"]')) {
      document.activeElement.blur();
    }
    show();
    say("清单在另一个页面改过，这里已经跟上");
  });
  root.hidden = false;
  show();
}

function withKnown(known, school) {
  return known.some((other) => other.id === school.id) ? known : withSchool(known, school);
}

// The list as plain text, one school after the other, with addresses that can be opened.
export function textOf(schools) {
  const day = new Date();
  const lines = [
    "我的志愿清单",
    `${day.getFullYear()} 年 ${day.getMonth() + 1} 月 ${day.getDate()} 日`,
    "",
  ];
  schools.forEach((school, index) => {
    lines.push(`${index + 1}. ${school.name}${school.place ? `（${school.place}）` : ""}`);
    if (school.note) {
      lines.push(`   备注：${school.note}`);
    }
    lines.push(`   ${location.origin}/schools/${school.id}/`, "");
  });
  lines.push("报名、交钱以前，先打 12333 核实学校。");
  return `${lines.join("\n")}\n`;
}

document.querySelectorAll('[data-module="shortlist"]').forEach(attachShortlist);
