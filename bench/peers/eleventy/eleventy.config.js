import path from "node:path";
import Image from "@11ty/eleventy-img";

const FAMILIES = [
  ["农村或县镇户籍，家里不困难", 2400, 0],
  ["城市户籍，家里不困难", 0, 0],
  ["家庭经济困难", 2400, 1000],
  ["脱贫家庭或监测对象，农村户籍", 2400, 0],
];

export default function (config) {
  for (const kind of ["provinces", "cities", "majors"]) {
    config.addCollection(`listed_${kind}`, (api) => {
      const found = new Map();
      for (const page of api.getFilteredByTag("schools")) {
        for (const slug of page.data[kind]) {
          if (!found.has(slug)) found.set(slug, []);
          found.get(slug).push(page);
        }
      }
      return [...found]
        .map(([slug, pages]) => ({
          slug,
          pages: pages.sort((a, b) => (a.data.title < b.data.title ? -1 : 1)),
        }))
        .sort((a, b) => (a.slug < b.slug ? -1 : 1));
    });
  }
  config.addFilter("paid", (fee) =>
    FAMILIES.map(([label, waived, granted]) => {
      const years = fee.tuition.map((tuition) => Math.max(0, tuition - waived) + fee.boarding - granted);
      return { label, years, total: years.reduce((sum, one) => sum + one, 0) };
    }),
  );
  config.addFilter("nearby", (collections, url, city, province) => {
    const of = (kind, slug) => collections[`listed_${kind}`].find((one) => one.slug === slug).pages.slice(0, 7);
    const near = new Set([...of("cities", city), ...of("provinces", province)]);
    return [...near].filter((school) => school.url !== url).slice(0, 6);
  });
  config.addFilter("shared", (majors, others) => majors.filter((slug) => others.includes(slug)).length);
  config.addAsyncShortcode("photo", async (file, page) => {
    const metadata = await Image(path.join(path.dirname(page), file), {
      widths: [480, 960, 1600],
      formats: ["webp"],
      outputDir: "./_site/img/",
      urlPath: "/img/",
    });
    return Image.generateHTML(metadata, {
      alt: "演示数据：程序生成的色块",
      sizes: "100vw",
      loading: "lazy",
    });
  });
  return { dir: { input: "content", output: "_site", includes: "../_includes" }, markdownTemplateEngine: false };
}
