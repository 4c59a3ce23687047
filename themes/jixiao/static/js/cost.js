// The cost of one programme for one family, study year by study year: the same reckoning as
// plugins/aid/cost.py, for the form on a school's page. A test compares the two.
//
// `fees` is {ownership, entry, arts, first_year, tuition: [yuan or null], boarding, other};
// `family` is a Set of situations; `rules` are those of /data/aid-rules.json.

const JUNIOR_ENTRY = "初中";

export function cost(fees, family, rules) {
  return fees.tuition.map((tuition, index) => studyYear(fees, family, rules, index + 1, tuition));
}

function studyYear(fees, family, rules, number, tuition) {
  const found = rules.map((rule) => benefitOf(rule, fees, family, number, tuition));
  const benefits = chosen(found.filter((benefit) => benefit !== null), rules);
  let low = null;
  let high = null;
  if (tuition !== null && fees.boarding !== null) {
    const due = tuition + fees.boarding + (fees.other || 0);
    const sure = benefits.filter((benefit) => benefit.sure);
    low = sure.reduce((rest, benefit) => rest - (benefit.high || 0), due);
    high = sure.reduce((rest, benefit) => rest - (benefit.low || 0), due);
  }
  return { number, tuition, boarding: fees.boarding, other: fees.other, benefits, low, high };
}

// What the rule means here; null where it does not apply at all.
function benefitOf(rule, fees, family, number, tuition) {
  const begins = `${fees.first_year + number - 1}-09-01`;
  if (rule.study_years.length > 0 && !rule.study_years.includes(number)) {
    return null;
  }
  if (!rule.who.some((choice) => choice.every((situation) => family.has(situation)))) {
    return null;
  }
  if (rule.ownership && rule.ownership !== (fees.ownership || "公办")) {
    return null;
  }
  let sure = rule.sure;
  if (sure && !inForce(rule, begins)) {
    return null;
  }
  const reasons = [];
  if (sure && fees.entry !== JUNIOR_ENTRY) {
    reasons.push("entry");
  }
  if (sure && rule.except_arts && fees.arts) {
    reasons.push("arts");
  }
  sure = sure && reasons.length === 0;
  let low = rule.yuan;
  let high = rule.yuan;
  if (rule.kind === "免学费") {
    const openEnded = fees.ownership === null || rule.limit !== "全免";
    if (openEnded) {
      reasons.push(fees.ownership === null ? "ownership-unknown" : "private");
    }
    high = tuition;
    low = openEnded && tuition !== null ? 0 : tuition;
  }
  return { rule_id: rule.rule_id, kind: rule.kind, sure, low, high, reasons };
}

// Days as ISO text compare as days do.
function inForce(rule, day) {
  const begun = rule.effective_from === null || rule.effective_from <= day;
  return begun && (rule.effective_to === null || day <= rule.effective_to);
}

// At most one benefit of a policy, a sure one before one to ask: nobody gets it twice.
function chosen(benefits, rules) {
  const policyOf = new Map(rules.map((rule) => [rule.rule_id, rule.policy_id]));
  const best = new Map();
  for (const benefit of benefits) {
    const policy = policyOf.get(benefit.rule_id);
    const before = best.get(policy);
    if (before === undefined || (benefit.sure && !before.sure)) {
      best.set(policy, benefit);
    }
  }
  return [...best.values()];
}

// 1600, 1600 → "1,600 元"; 0, 3200 → "0 到 3,200 元"; -1500 → "0 元，还余 1,500 元".
export function money(low, high) {
  if (low === null || high === null) {
    return "算不出";
  }
  if (low === high) {
    return low < 0 ? `0 元，还余 ${grouped(-low)} 元` : `${grouped(low)} 元`;
  }
  const least = low < 0 ? `0 元（还余 ${grouped(-low)} 元）` : `${grouped(low)}`;
  return high < 0
    ? `0 元，还余 ${grouped(-high)} 到 ${grouped(-low)} 元`
    : `${least} 到 ${grouped(high)} 元`;
}

function grouped(yuan) {
  return String(yuan).replace(/\B(?=(\d{3})+$)/g, ",");
}
