// Behaviour of /offline/: what is kept in this browser. The same page stands in for one that was never saved.

import { sizeWords } from "./offline-sizes.js";
import { attachSaveProvince } from "./save-province.js";
import { roomLeft } from "./saved-provinces.js";
import { isPossible, removeOpened, savedProvinces } from "./saved-sets.js";

const saved = document.querySelector("[data-offline-saved]");
const list = document.querySelector("[data-offline-list]");
const template = document.querySelector("template[data-offline-item]");
const room = document.querySelector("[data-offline-room]");

async function show() {
  const provinces = new Map((await savedProvinces()).map((one) => [one.slug, one]));
  const shown = Array.from(list.children, (item) => item.dataset.province);
  for (const { slug, name } of provinces.values()) {
    if (!shown.includes(slug)) {
      const item = template.content.firstElementChild.cloneNode(true);
      item.dataset.province = slug;
      item.dataset.name = name;
      item.querySelector("[data-part=remove] span").textContent = name;
      item.querySelector("progress").setAttribute("aria-label", `存下${name}的进度`);
      const open = document.createElement("a");
      open.href = `/offline/${slug}/`;
      open.textContent = `打开${name}`;
      item.append(open);
      list.append(item);
      attachSaveProvince(item, show);
    }
  }
  for (const item of [...list.children]) {
    item.querySelector("a").hidden = !provinces.get(item.dataset.province)?.done;
  }
  saved.hidden = list.children.length === 0;
  const left = await roomLeft();
  room.textContent = left === null ? "" : `浏览器说还能放 ${sizeWords(left)}。`;
}

if (isPossible()) {
  show();
  document.querySelector("[data-offline-opened]").hidden = false;
  document.querySelector("[data-offline-clear]").addEventListener("click", async () => {
    await removeOpened();
    document.querySelector("[data-offline-cleared]").textContent = "清掉了。存下的省还在。";
  });
} else {
  document.querySelector("[data-offline-cannot]").hidden = false;
  document.querySelector("[data-offline-why]").textContent =
    "这个浏览器不能把网页存下来（太旧，或者是无痕模式）。换一个新一点的浏览器，或者用下面 U 盘的办法。";
}
