// What a visitor must know of a page that is read without a network: from when it is, and which of
// its plans are out of date by now. Fetched by offline.js for such pages only.
//
// The page carries plans' years and last days as data (components/stamp), the device has a clock.

const { dataset } = globalThis.document?.documentElement ?? { dataset: {} };
const OLD_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;

// A day in China, whatever the visitor's time zone: {year, text, iso}.
export function dayInChina(time) {
  const day = new Date(time + 8 * 3600 * 1000);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  return { year, text: `${year} 年 ${month} 月 ${date} 日`, iso: day.toISOString().slice(0, 10) };
}

// What has become of a plan: its new stamp, or "" where the page is still right.
export function restamped({ planYear, planLast }, today) {
  if (Number(planYear) < today.year) {
    return "往年";
  }
  return planLast && planLast < today.iso ? "已截止" : "";
}

// The sentences of the notice. `clock` and `saved` are times in milliseconds; a clock that stands
// before the day of saving is wrong, and is not believed.
export function sentences({ saved, clock, stale, isPack, site }) {
  const now = Math.max(saved, clock);
  const [from, today] = [dayInChina(saved), dayInChina(now)];
  const days = Math.floor((now - saved) / DAY_MS);
  const said = isPack
    ? [`这是离线包，里面的数据是 ${from.text}的。`]
    : [`没有网络，或网络太慢。这一页保存于 ${from.text}。`];
  if (from.year < today.year) {
    said.push(`今年是 ${today.year} 年：这里写的“今年”“招生中”说的是 ${from.year} 年，现在都是往年的，只供参考。`);
  } else if (stale) {
    said.push("保存以后，有的报名已经截止，或计划成了往年的，下面都改标了。");
  }
  if (days > OLD_DAYS) {
    said.push(`已经过了 ${days} 天，有网的时候${isPack ? "换一份新的" : "更新一次"}。`);
  }
  if (isPack && site) {
    said.push(`有网时到 ${site} 看有没有新的。`);
  }
  return said;
}

function restamp(today) {
  let stale = false;
  for (const element of document.querySelectorAll("[data-plan-year]")) {
    const stamp = restamped(element.dataset, today);
    if (stamp !== "") {
      stale = true;
      if (element.closest("#plan") !== null) {
        forbid(stamp);
      }
      if (element.classList.contains("stamp")) {
        element.textContent = stamp;
        element.classList.remove("stamp--open");
        element.classList.toggle("stamp--past", stamp === "往年");
      } else if (stamp === "往年") {
        element.append("（往年）");
      }
      delete element.dataset.planYear;
    }
  }
  return stale;
}

// Where a school's page says that one can apply, it must not any more.
function forbid(stamp) {
  for (const block of document.querySelectorAll(".apply-block--possible")) {
    block.classList.remove("apply-block--possible");
    block.querySelector(".apply-block__answer").textContent =
      stamp === "往年"
        ? "这是往年的报名办法，不能照着办。今年招不招、怎样报，先问学校。"
        : "保存以后，报名已经截止。别的办法先问学校。";
  }
}

function show(lines) {
  const notice = document.createElement("aside");
  notice.className = "notice flow";
  notice.dataset.savedNotice = "";
  notice.setAttribute("aria-label", "离线说明");
  notice.append(
    ...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }),
  );
  document.querySelector("main").parentElement.prepend(notice);
}

function attach() {
  if ("notSaved" in dataset) {
    show(["没有网络，这一页没有保存过，打不开。下面写着这台手机（电脑）里存下了哪些省。"]);
    return;
  }
  const saved = Date.parse(dataset.savedOn ?? dataset.pack);
  if (Number.isNaN(saved)) {
    return;
  }
  const clock = Date.now();
  const stale = restamp(dayInChina(Math.max(saved, clock)));
  show(sentences({ saved, clock, stale, isPack: "pack" in dataset, site: dataset.site }));
}

if (typeof document !== "undefined") {
  attach();
}
