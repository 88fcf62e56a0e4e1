import { inflateRawSync } from 'node:zlib';
import { Unzip, UnzipPassThrough, type AsyncFlateStreamHandler, type UnzipDecoder } from 'fflate';

/** Inflates with Node.js's zlib. For a function's code it takes 2 ms; fflate's own decoder takes 30 ms until V8 has optimised it. */
class NodeInflate implements UnzipDecoder {
  /** Number of the method deflate in the zip format. */
  static readonly compression = 8;
  ondata!: AsyncFlateStreamHandler;
  private readonly chunks: Uint8Array[] = [];

  push(chunk: Uint8Array, isFinal: boolean): void {
    this.chunks.push(chunk);
    if (isFinal) this.ondata(null, inflateRawSync(Buffer.concat(this.chunks)), true);
  }
}

/**
 * Returns the files of a zip by path, without folders. Does not compare checksums.
 *
 * @throws Error if the zip ends within a file, does not inflate, or holds no file.
 */
export function unzip(zip: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const archive = new Unzip((file) => {
    if (file.name.endsWith('/')) return;
    const chunks: Uint8Array[] = [];
    file.ondata = (error, chunk, isFinal) => {
      if (error) throw error;
      chunks.push(chunk);
      if (isFinal) files.set(file.name, Buffer.concat(chunks));
    };
    file.start();
  });
  archive.register(UnzipPassThrough);
  archive.register(NodeInflate);
  archive.push(zip, true);
  if (files.size === 0) throw new Error('The zip holds no files or is not a zip');
  return files;
}
