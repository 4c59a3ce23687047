// sharp makes the copies that we make: for each photo three widths, each as WebP and JPEG.
// node photo_peers.mjs FOLDER OUTPUT EFFORT
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

const [folder, output, effort] = process.argv.slice(2)
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg')).sort()
const widths = [480, 960, 1600]

async function copies(name) {
  // sharp reads a JPEG at the scale that suffices by itself; each width is its own pipeline.
  await Promise.all(widths.flatMap((width) => {
    const small = sharp(join(folder, name)).rotate().resize({ width, withoutEnlargement: true })
    return [
      small.clone().webp({ quality: 64, effort: Number(effort) }).toFile(join(output, `${name}-${width}.webp`)),
      small.clone().jpeg({ quality: 72, progressive: true, optimiseCoding: true })
        .toFile(join(output, `${name}-${width}.jpg`)),
    ]
  }))
}

for (const name of names) await copies(name)
