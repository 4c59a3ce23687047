// Is this name in the registers? Pure: data of /data/verify.json in, answers out.
//
//   const check = createNameCheck(data);
//   check.ask("杭州技师学院")
//     { kind: "empty" }
//     { kind: "leaflet", date, letters }   // then: await check.leaflet(date, letters)
//     { kind: "found", matches, alike }    // the very name, a former one, an alias, or a code
//     { kind: "part", matches, alike }     // a part of names, or pinyin
//     { kind: "missing", alike, units }    // 未在本平台名单中
//
// A match is { school, by, name }, `by` one of name, former, alias, code, part, pinyin. `alike` are
// schools whose names are easily taken for what was asked: read the same, a letter or two apart,
// or the same but for the kind of school. `units` are the provinces that the question names.

const KINDS = /(?:高级技工学校|技工学校|技师学院|技工学院|技术学校|职业技术学院|职业技术学校|职业学院|职业学校|学校|学院)$/u;
const LEAFLET = /^([0-9]{8})[-－—_ ]?([0-9a-z]{6})$/u;
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MOST = 20;
const MOST_ALIKE = 6;

export function createNameCheck(data) {
  const simplified = new Map();
  const pairs = Array.from(data.simplified);
  for (let at = 0; at < pairs.length; at += 2) simplified.set(pairs[at], pairs[at + 1]);

  // Width, case, traditional characters, spaces and marks make no difference.
  function plain(text) {
    const read = Array.from(text.normalize("NFKC").toLowerCase());
    return read.map((one) => simplified.get(one) ?? one).join("").replace(/[^\p{L}\p{N}]/gu, "");
  }

  function syllables(name) {
    const exception = data.exceptions[name];
    if (exception) return exception.split(" ");
    return Array.from(plain(name), (one) => data.sounds[one] ?? one);
  }

  const schools = data.schools.map((row) => {
    const [id, name, unit, document, verified, status, former = [], aliases = [], code = ""] = row;
    const [title, number, day] = data.documents[document];
    const [place, authority, hotline] = data.units[unit];
    return {
      id, name, former, aliases, code, place, authority, hotline,
      url: `/schools/${id}/`,
      verified: verified === 1,
      status: status.split(":")[0],
      into: status.split(":")[1] ?? "",
      document: { title, number, day },
    };
  });
  const names = schools.flatMap((school) => [
    [school.name, "name"],
    ...school.former.map((name) => [name, "former"]),
    ...school.aliases.map((name) => [name, "alias"]),
  ].map(([name, by]) => ({ school, by, name, plain: plain(name), sound: syllables(name) })));
  const byId = new Map(schools.map((school) => [school.id, school]));

  function ask(question) {
    const leaflet = question.normalize("NFKC").trim().toLowerCase().match(LEAFLET);
    if (leaflet) {
      const letters = leaflet[2].toUpperCase().replace(/O/gu, "0").replace(/[IL]/gu, "1");
      return { kind: "leaflet", date: leaflet[1].replace(/(....)(..)(..)/u, "$1-$2-$3"), letters };
    }
    const asked = plain(question);
    if (asked === "") return { kind: "empty" };
    const exact = names.filter((one) => one.plain === asked);
    const coded = schools
      .filter((school) => (school.code !== "" && plain(school.code) === asked) || school.id === question.trim().toLowerCase())
      .map((school) => ({ school, by: "code", name: school.name }));
    const found = once([...exact, ...coded]);
    if (found.length > 0) return { kind: "found", matches: found, alike: alike(asked, found, true) };
    let part = [];
    if (/^[a-z]+$/u.test(asked)) {
      part = names
        .filter(({ sound }) => sound.join("").includes(asked) || (asked.length > 2 && sound.map((one) => one[0]).join("").includes(asked)))
        .map((one) => ({ ...one, by: "pinyin" }));
    } else if (Array.from(asked).length > 1) {
      part = names.filter((one) => one.plain.includes(asked)).map((one) => ({ ...one, by: "part" }));
    }
    part = once(part);
    if (part.length > 0) return { kind: "part", matches: part.slice(0, MOST), more: Math.max(0, part.length - MOST), alike: [] };
    return {
      kind: "missing",
      alike: alike(asked, [], false),
      units: data.units.filter(([place]) => asked.includes(place)).map(([place, authority, hotline]) => ({ place, authority, hotline })),
    };
  }

  // With `strict` only names that sound the same or differ in the kind of school alone.
  function alike(asked, found, strict) {
    const sound = Array.from(asked, (one) => data.sounds[one] ?? one).join(" ");
    const core = asked.replace(KINDS, "");
    const known = new Set(found.map(({ school }) => school.id));
    const ranked = [];
    for (const one of names) {
      if (known.has(one.school.id) || one.plain === asked) continue;
      let rank = 9;
      if (one.sound.join(" ") === sound) rank = 0;
      else if (core.length > 1 && one.plain.replace(KINDS, "") === core) rank = 1;
      else if (!strict) {
        // What is left without the kind tells schools apart: a whole name of two other signs is
        // no likeness.
        const other = one.plain.replace(KINDS, "");
        const most = core.length > 5 ? 2 : 1;
        if (distance(asked, one.plain, 1) <= 1) rank = 2;
        else if (Math.min(core.length, other.length) > 1 && distance(core, other, most) <= most) rank = 3;
        else if (one.plain.length > 5 && asked.includes(one.plain)) rank = 4;
      }
      if (rank < 9) ranked.push({ ...one, rank });
    }
    ranked.sort((one, other) => one.rank - other.rank);
    return once(ranked).slice(0, MOST_ALIKE);
  }

  // The school whose leaflet of `date` ends in `letters`; undefined where none does. The same
  // reckoning as plugins/site/leaflet_id.py.
  async function leaflet(date, letters) {
    if (!globalThis.crypto?.subtle) throw new Error("no SHA-256 here");
    const encoder = new TextEncoder();
    const ends = await Promise.all(schools.map(async ({ id }) => {
      const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${id} ${date}`));
      const bits = new DataView(digest).getUint32(0) >>> 2;
      return [25, 20, 15, 10, 5, 0].map((place) => LETTERS[(bits >>> place) & 31]).join("");
    }));
    return schools[ends.indexOf(letters)];
  }

  return { ask, leaflet, school: (id) => byId.get(id) };
}

function once(matches) {
  const seen = new Set();
  return matches.filter(({ school }) => !seen.has(school.id) && seen.add(school.id));
}

// Letters added, left out, exchanged or swapped with the next; more than `most` is not told apart.
function distance(one, other, most) {
  const first = Array.from(one);
  const second = Array.from(other);
  if (Math.abs(first.length - second.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: second.length + 1 }, (_, at) => at);
  for (let down = 1; down <= first.length; down += 1) {
    const row = [down];
    for (let across = 1; across <= second.length; across += 1) {
      const same = first[down - 1] === second[across - 1] ? 0 : 1;
      let least = Math.min(above[across] + 1, row[across - 1] + 1, above[across - 1] + same);
      if (down > 1 && across > 1 && first[down - 1] === second[across - 2] && first[down - 2] === second[across - 1]) {
        least = Math.min(least, before[across - 2] + 1);
      }
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[second.length];
}
