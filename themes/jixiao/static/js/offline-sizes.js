// How much room the provinces take: the page has a place for each, [data-size-saved] and
// [data-size-pack]; the sizes are known only after the page was made.

export const sizeWords = (bytes) => {
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, "KB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${unit === "KB" ? Math.max(1, Math.round(size)) : size.toFixed(1)} ${unit}`;
};

async function show(places) {
  const answer = await fetch("/offline/sizes.json", { cache: "no-cache" });
  const sizes = answer.ok ? await answer.json() : {};
  for (const place of places) {
    const { sizeSaved, sizePack } = place.dataset;
    const bytes = sizeSaved ? sizes[sizeSaved]?.saved : sizes[sizePack]?.pack;
    if (bytes !== undefined) {
      place.textContent = sizeWords(bytes);
    }
  }
}

const places = [...document.querySelectorAll("[data-size-saved], [data-size-pack]")];
if (places.length > 0) {
  show(places).catch(() => {});
}
