import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);
const kText = /\.(js|css|svg|json|map|webmanifest)$/;
const kSmallestWorthIt = 1024;

/** Writes a file, making its folder. */
export async function put(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}

/** Writes a file and, for text worth compressing, its `.gz` and `.br` siblings. */
export async function putCompressed(path, contents) {
  await put(path, contents);
  const bytes = Buffer.from(contents);
  if (!kText.test(path) || bytes.length < kSmallestWorthIt) return;
  await Promise.all([
    gzip(bytes, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
    brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }).then((packed) => writeFile(`${path}.br`, packed)),
  ]);
}
