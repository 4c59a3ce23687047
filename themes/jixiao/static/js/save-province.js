// Behaviour of 存下本省, [data-module="save-province"]: the size first, then progress, a pause, and
// what went wrong in plain words. The work is done by saved-provinces.js.

import { sizeWords } from "./offline-sizes.js";
import { fetchList, roomLeft, saveProvince } from "./saved-provinces.js";
import { isPossible, removeProvince, savedProvinces } from "./saved-sets.js";

const AGAIN_MS = 15000;
const DAY = (iso) => {
  const day = new Date(Date.parse(iso) + 8 * 3600 * 1000);
  return `${day.getUTCFullYear()} 年 ${day.getUTCMonth() + 1} 月 ${day.getUTCDate()} 日`;
};

const WORDS = {
  full: "这台手机（电脑）给浏览器的空间不够，没有存下，已经存的一半也清掉了，没有占地方。先删掉一些照片、视频或别的省，再存。",
  altered: "收到的页面和网站写的不一样，没有存。网站可能正在更新，过几分钟再试；还是这样，就换一个网络，页面可能在路上被改过。",
  gone: "网站上现在没有这个省的离线资料。过一会儿再试。",
  busy: "另一个窗口正在存这个省，看那个窗口就行。",
};

// `changed` is called when the province was saved or removed.
export function attachSaveProvince(root, changed = () => {}) {
  const { province: slug, name } = root.dataset;
  const part = (key) => root.querySelector(`[data-part="${key}"]`);
  const [state, bar, save, pause, remove, said] =
    ["state", "bar", "save", "pause", "remove", "said"].map(part);
  // What stops the saving that is under way; null where none is.
  let under = null;
  // Set while the line is away: saving goes on by itself when it is back.
  let again = 0;
  // The list whose size the visitor has seen, and then agreed to.
  let seen = null;

  function tell(words, aloud = true) {
    state.textContent = words;
    if (aloud) {
      said.textContent = words;
    }
  }

  function show({ saveWords = "", canPause = false, canRemove = false, showBar = false }) {
    save.hidden = saveWords === "";
    save.textContent = saveWords;
    pause.hidden = !canPause;
    remove.hidden = !canRemove;
    bar.hidden = !showBar;
  }

  async function refresh(aloud = false) {
    const own = (await savedProvinces()).filter((one) => one.slug === slug);
    const done = own.find((one) => one.done);
    const half = own.find((one) => !one.done);
    root.toggleAttribute("data-saved", done !== undefined);
    const has = done && `${name}已经存在这台手机（电脑）里：${sizeWords(done.bytes)}，保存于 ${DAY(done.savedOn)}。`;
    if (half !== undefined) {
      const percent = Math.floor((100 * half.stored) / half.bytes);
      bar.value = percent;
      const words = `存到一半：已存 ${sizeWords(half.stored)}，一共 ${sizeWords(half.bytes)}（${percent}%）。`;
      tell(`${has ?? ""}${has ? "更新" : ""}${words}`, aloud);
      show({ saveWords: "接着存", canRemove: true, showBar: true });
    } else if (done !== undefined) {
      tell(has, aloud);
      show({ saveWords: "更新", canRemove: true });
    } else {
      tell(`把${name}的学校页、专业、查找和照片存在这台手机（电脑）里，没有网络也能看。`, aloud);
      show({ saveWords: "存下本省" });
    }
  }

  // The first press says how large it is; the second one saves.
  async function ask() {
    const half = (await savedProvinces()).some((one) => one.slug === slug && !one.done);
    if (half || seen !== null) {
      await run();
      return;
    }
    tell("正在问要多少空间……");
    show({});
    try {
      const list = await fetchList(slug);
      const room = await roomLeft();
      if (room !== null && room < list.bytes) {
        const own = await savedProvinces();
        tell(`要 ${sizeWords(list.bytes)}，浏览器只剩 ${sizeWords(room)}，放不下。先删掉一些照片、视频或别的省，再存。`);
        show({ saveWords: "再看一次", canRemove: own.some((one) => one.slug === slug) });
        return;
      }
      seen = list;
      tell(`要占 ${sizeWords(list.bytes)}，${list.files.length} 个文件；下载时一般会压缩得更小。用流量的话想一想，最好在有无线网的地方存。`);
      show({ saveWords: `开始存（${sizeWords(list.bytes)}）` });
    } catch (failure) {
      tell(WORDS[failure.kind] ?? "没有网络，问不到要多少空间。有信号的时候再按。");
      show({ saveWords: "再试一次" });
    }
  }

  async function run() {
    clearTimeout(again);
    under = new AbortController();
    show({ canPause: true, showBar: true });
    tell("开始存了。");
    let spoken = 0;
    try {
      await saveProvince(slug, {
        signal: under.signal,
        told: (stored, bytes) => {
          const percent = Math.floor((100 * stored) / bytes);
          bar.value = percent;
          // Ears are told at every quarter only.
          const isQuarter = Math.floor(percent / 25) > spoken;
          spoken = Math.max(spoken, Math.floor(percent / 25));
          tell(`已存 ${sizeWords(stored)}，一共 ${sizeWords(bytes)}（${percent}%）。`, isQuarter);
        },
      });
      under = null;
      seen = null;
      await refresh(true);
      changed();
    } catch (failure) {
      under = null;
      await afterFailure(failure);
    }
  }

  async function afterFailure({ kind }) {
    seen = null;
    await refresh();
    if (kind === "line") {
      tell(`${state.textContent}信号断了，先停着；有了信号会接着存，不用重来。`);
      show({ saveWords: "现在就试", canPause: true, canRemove: true, showBar: true });
      again = setTimeout(run, AGAIN_MS);
      addEventListener("online", goOn, { once: true });
    } else if (kind === "paused") {
      tell(`停下了。${state.textContent}`);
    } else {
      tell(WORDS[kind] ?? "没有存下，出了没有想到的错。再试一次。");
    }
  }

  function goOn() {
    if (under === null && again !== 0) {
      run();
    }
  }

  function halt() {
    clearTimeout(again);
    again = 0;
    removeEventListener("online", goOn);
    under?.abort();
  }

  save.addEventListener("click", ask);
  pause.addEventListener("click", () => {
    const waits = under === null;
    halt();
    if (waits) {
      refresh(true);
    }
  });
  remove.addEventListener("click", async () => {
    halt();
    await removeProvince(slug);
    seen = null;
    await refresh();
    tell(`${name}已经移除，空间还给了手机（电脑）。`);
    changed();
  });

  if (isPossible()) {
    root.hidden = false;
    return refresh();
  }
  return Promise.resolve();
}

document
  .querySelectorAll('[data-module="save-province"][data-province]:not([data-province=""])')
  .forEach((root) => attachSaveProvince(root));
