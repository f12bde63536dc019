// SPDX-License-Identifier: Apache-2.0

/** Encodings that tests write text in; Node itself writes UTF-8 and UTF-16LE alone. */
export type Written = 'utf-8' | 'utf-8 with BOM' | 'gb18030' | 'big5' | 'utf-16le with BOM' | 'utf-16be with BOM';

const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** Text as bytes. Throws for a character that the encoding has not. */
export function encoded(text: string, encoding: Written): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8 with BOM':
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16le with BOM':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be with BOM':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    default: {
      const table = tables.get(encoding) ?? tableOf(encoding);
      tables.set(encoding, table);
      return Buffer.from(
        Array.from(text).flatMap((character) => {
          if (character.charCodeAt(0) < 0x80) return [character.charCodeAt(0)];
          const bytes = table.get(character);
          if (!bytes) throw new Error(`${encoding} has no ${character}`);
          return [...bytes];
        }),
      );
    }
  }
}

/** Every two-byte character of an encoding. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      try {
        const character = decoder.decode(Uint8Array.of(lead, trail));
        if (Array.from(character).length === 1 && !table.has(character)) table.set(character, [lead, trail]);
      } catch {
        continue; // no character
      }
    }
  }
  return table;
}
