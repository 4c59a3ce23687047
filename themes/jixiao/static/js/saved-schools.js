// The visitor's own list of schools, 我的志愿清单: kept in this browser and nowhere else.
//
// Every change reads the stored list anew, so that two tabs do not undo each other's work. A
// browser that refuses to store (private mode, no space left) is answered, never broken.

const KEY = "jixiao-shortlist";
const DAMAGED_KEY = "jixiao-shortlist-damaged";
const CHANGED = "jixiao-shortlist-changed";
const SCHOOL_ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const MOST_SCHOOLS = 50;
export const LONGEST_NOTE = 200;

export function isSchoolId(text) {
  return typeof text === "string" && text.length <= 60 && SCHOOL_ID.test(text);
}

// {schools: [{id, name, place, note}], fault}: `fault` is null, "blocked" (nothing can be read)
// or "damaged" (what was stored makes no sense; a copy is put aside).
export function readSaved() {
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    return { schools: [], fault: "blocked" };
  }
  if (text === null) {
    return { schools: [], fault: null };
  }
  try {
    const stored = JSON.parse(text);
    const schools = stored.schools.filter((school) => isSchoolId(school.id));
    return { schools: distinct(schools).map(clean).slice(0, MOST_SCHOOLS), fault: null };
  } catch {
    setAside(text);
    return { schools: [], fault: "damaged" };
  }
}

// The schools as `change` makes them of the stored ones; null where they could not be stored.
export function changeSaved(change) {
  const schools = change(readSaved().schools);
  try {
    localStorage.setItem(KEY, JSON.stringify({ schools }));
  } catch {
    return null;
  }
  dispatchEvent(new Event(CHANGED));
  return schools;
}

// `told` is called when this page or another tab has changed the list.
export function whenChanged(told) {
  addEventListener(CHANGED, told);
  whenChangedElsewhere(told);
}

// `told` is called when another tab has changed the list.
export function whenChangedElsewhere(told) {
  addEventListener("storage", (event) => {
    // A key of null means that everything was cleared.
    if (event.key === KEY || event.key === null) {
      told();
    }
  });
  // A page that comes back from the browser's memory may be older than the list.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      told();
    }
  });
}

export function withSchool(schools, school) {
  const others = schools.filter((other) => other.id !== school.id);
  return others.length < MOST_SCHOOLS ? [...others, clean(school)] : schools;
}

export function withoutSchool(schools, id) {
  return schools.filter((school) => school.id !== id);
}

// The school one place up (`step` -1) or down (1).
export function withSchoolMoved(schools, id, step) {
  const from = schools.findIndex((school) => school.id === id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= schools.length) {
    return schools;
  }
  const moved = [...schools];
  [moved[from], moved[to]] = [moved[to], moved[from]];
  return moved;
}

export function withNote(schools, id, note) {
  return schools.map((school) => (school.id === id ? clean({ ...school, note }) : school));
}

export function compareAddress(ids) {
  return `/compare/?ids=${ids.join(",")}`;
}

function clean(school) {
  const words = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
  return {
    id: school.id,
    name: words(school.name, 60) || school.id,
    place: words(school.place, 60),
    note: words(school.note, LONGEST_NOTE),
  };
}

function distinct(schools) {
  return [...new Map(schools.map((school) => [school.id, school])).values()];
}

// A copy of what makes no sense. It stays in its place too until the next change, so that the
// page of the list can still say what happened after another page has read it.
function setAside(text) {
  try {
    localStorage.setItem(DAMAGED_KEY, text);
  } catch {
    // Nothing more can be done; the list starts empty on this page.
  }
}
