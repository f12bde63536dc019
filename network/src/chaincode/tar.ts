// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';

/** A file to be packed. */
export interface Packed {
  readonly name: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;

/**
 * A gzipped tar archive that depends on nothing but names and contents: no times, no owners, no compression level.
 * Names are short and ASCII.
 */
export function tarGz(files: readonly Packed[]): Buffer {
  const parts = files.flatMap(({ name, content }) => [
    header(name, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 0 });
}

/** POSIX.1-1988 ustar. */
function header(name: string, size: number): Buffer {
  if (name.length > 99) throw new Error(`${name} is too long a name for this archive`);
  const out = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    out.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'ascii');
  };
  out.write(name, 0, 'ascii');
  octal(0o644, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(0, 136, 12); // time
  out.write('        ', 148, 'ascii'); // the checksum counts itself as blanks
  out.write('0', 156, 'ascii'); // a plain file
  out.write('ustar\x0000', 257, 'ascii');
  const checksum = out.reduce((sum, byte) => sum + byte, 0);
  out.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return out;
}
