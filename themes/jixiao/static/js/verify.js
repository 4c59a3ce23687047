// On /verify/: answers whether a name, a code or a leaflet's number is known. Without this script
// the lists of names by province stand there. Never says that a school is false: only that it is
// not in this list.

import { createNameCheck } from "./name-check.js";

const BY = { former: "它以前的名字", alias: "它的别名", code: "它的代码" };

export function attachVerify(form, answer, template) {
  const input = form.querySelector("input");
  let check;
  let newest = 0;

  async function show() {
    newest += 1;
    const number = newest;
    const question = input.value;
    let cards;
    try {
      check ??= fetch(form.dataset.names).then(async (reply) => {
        if (!reply.ok) throw new Error(reply.statusText);
        return createNameCheck(await reply.json());
      });
      cards = await cardsFor(await check, question);
    } catch {
      check = undefined;
      cards = [card("名单没有取到", "", "可能是网络断了。等一下再查，或者从下面选省看名单。")];
    }
    if (number === newest) answer.replaceChildren(...cards);
  }

  async function cardsFor(known, question) {
    const found = known.ask(question);
    if (found.kind === "empty") return [];
    if (found.kind === "leaflet") return [await leafletCard(known, found)];
    const asked = question.trim();
    const cards = [];
    if (found.kind === "missing") {
      cards.push(missingCard(asked, found));
    } else {
      if (found.kind === "part") {
        const many = found.matches.length + found.more;
        cards.push(card(`${many} 所学校的名字里有它`, asked, `“${asked}”不是全名。问清全名，再一个字一个字对。${found.more ? "太多了，下面只列一部分，再多打几个字。" : ""}`));
      }
      cards.push(...found.matches.map((match) => schoolCard(known, match)));
    }
    if (found.alike.length > 0 && found.kind === "found") {
      cards.push(listCard("小心名字很像的", "名单里还有下面的学校，读起来或者看起来差不多。差一个字就是另一所。", found.alike));
    }
    return cards;
  }

  function schoolCard(known, { school, by, name }) {
    const { document: paper } = school;
    const day = paper.day ? `，${paper.day.replace(/(\d+)-0?(\d+)-0?(\d+)/u, "$1 年 $2 月 $3 日")}` : "";
    const source = `《${paper.title}》${paper.number ? `，${paper.number}` : ""}${day}`;
    const via = BY[by] ? `你查的“${by === "code" ? input.value.trim() : name}”是${BY[by]}。` : "";
    let state = "在名册里，已核验";
    let text = `省级主管部门的文件里有它：${source}。核验的是“有这所学校”；今年招不招、招什么，看学校页或打 12333。`;
    let good = true;
    if (!school.verified) {
      state = "在名册里，待主管部门核验";
      text = `见于${source}，${school.authority}还没有确认。报名、交钱以前先打 12333${school.hotline ? `，或者 ${school.hotline}` : ""}。`;
      good = false;
    }
    if (school.status !== "active") {
      good = false;
      const into = known.school(school.into);
      state = { suspended: "停止招生", closed: "已停办", merged: into ? `已并入${into.name}` : "已并入别的学校" }[school.status] ?? state;
      text = `名册里有它，但是现在不招生。还有人用它的名字招生，先打 12333 核实。依据：${source}。`;
    }
    const made = card(state, school.name, via + text, good);
    const heading = made.querySelector("[data-field=name]");
    const link = document.createElement("a");
    link.href = school.url;
    link.textContent = school.name;
    heading.replaceChildren(link, document.createTextNode(`（${school.place}）`));
    return made;
  }

  function missingCard(asked, { alike, units }) {
    const phones = units.map(({ place, authority, hotline }) => (hotline ? `${authority} ${hotline}` : `${place}的 12333`));
    const ask = `打 ${phones.length ? phones.join("、") : "12333"} 报上校名问：有没有办学许可，今年能不能招生？`;
    const text = `没有列入，不能说明它是假的：很多省的名册还没有收到。也不能说明它是真的，先别交钱。${ask}`;
    const made = card("未在本平台名单中", asked, alike.length ? `${text}名单里有名字很像的，差一个字就是另一所，要一个字一个字对：` : text);
    addNames(made, alike);
    return made;
  }

  async function leafletCard(known, { date, letters }) {
    const id = `${date.replaceAll("-", "")}-${letters}`;
    let school;
    try {
      school = await known.leaflet(date, letters);
    } catch {
      return card("这个浏览器不能核对编号", id, "用校名查，或者到那个省的名单里看学校后面写的编号。");
    }
    if (!school) {
      return card("编号没有对上", id, "可能抄错了一个字：里面没有字母 I、L、O、U。再对一遍；还是对不上，就用校名查，打 12333 核实。");
    }
    const day = date.replace(/(\d+)-0?(\d+)-0?(\d+)/u, "$1 年 $2 月 $3 日");
    const made = card("编号对得上", school.name, `这张纸是${school.name}的，纸上的资料是 ${day}的。看看纸上印的校名是不是一样；日期旧的，以学校的网页为准：`, true);
    addNames(made, [{ school, name: school.name }]);
    return made;
  }

  function listCard(state, text, alike) {
    const made = card(state, "", text);
    addNames(made, alike);
    return made;
  }

  function addNames(made, alike) {
    made.querySelector("[data-field=names]").replaceChildren(...alike.map(({ school }) => {
      const link = document.createElement("a");
      link.href = school.url;
      link.textContent = school.name;
      const row = document.createElement("li");
      row.append(link, document.createTextNode(`（${school.place}，${school.verified ? "已核验" : "待主管部门核验"}）`));
      return row;
    }));
  }

  function card(state, name, text, good = false) {
    const made = template.content.firstElementChild.cloneNode(true);
    made.classList.toggle("verdict--yes", good);
    for (const [field, value] of Object.entries({ state, name, text })) {
      const element = made.querySelector(`[data-field=${field}]`);
      if (value) element.textContent = value;
      else element.remove();
    }
    return made;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = input.value.trim();
    show();
    try {
      history.replaceState(null, "", asked ? `?q=${encodeURIComponent(asked)}` : location.pathname);
    } catch {
      // A page that was opened from a stick has no address to change.
    }
  });
  input.value = new URLSearchParams(location.search).get("q") ?? input.value;
  if (input.value) show();
}

const form = document.querySelector('[data-module="verify"]');
if (form) attachVerify(form, document.querySelector("[data-verify-answer]"), document.querySelector("[data-verdict]"));
