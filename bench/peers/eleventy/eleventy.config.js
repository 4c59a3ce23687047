import path from "node:path";
import Image from "@11ty/eleventy-img";

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
