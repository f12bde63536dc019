// SPDX-License-Identifier: Apache-2.0
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { readIfThere, writePrivate } from '../../storage/private-files.js';
import { damaged, otherFormat } from './damage.js';
import { OLD_FORMAT } from './upgrade.js';

/** The format that this program reads and writes. Raise it whenever what the database holds changes its meaning. */
export const FORMAT = 3;

/**
 * A line beside the database: its format, and how many blocks it holds at the least. It is written after each block that is
 * on disk, so a database that has fewer has lost some.
 */
export class Mark {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /**
   * Opens the mark of the database in `directory`, of this format or the one that is upgraded to it.
   *
   * @throws LedgerError `OTHER_FORMAT` when another version of this program made it, `DAMAGED` when it is no mark.
   */
  static async open(directory: string): Promise<Marked | undefined> {
    const file = fileOf(directory);
    const text = await readIfThere(file);
    if (text === undefined) return undefined;
    const [, format, height] = (LINE.exec(text) ?? []).map(Number);
    if (format === undefined || height === undefined || text !== markLine(height, format)) {
      throw damaged(directory, `${file} is not what was written there`);
    }
    if (format !== FORMAT && format !== OLD_FORMAT) throw otherFormat(directory, format, FORMAT);
    return { mark: new Mark(openSync(file, 'r+')), height, format };
  }

  /** Makes the mark of a new database. */
  static async make(directory: string): Promise<Mark> {
    await writePrivate(fileOf(directory), markLine(0));
    return new Mark(openSync(fileOf(directory), 'r+'));
  }

  /** Not synced: after a power failure it may say less than there is, never more. */
  write(height: number): void {
    writeSync(this.#file, markLine(height), 0);
  }

  /** What was written outlives a power failure. */
  sync(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A mark, and what it says. */
export interface Marked {
  readonly mark: Mark;
  readonly height: number;
  readonly format: number;
}

const LINE = /^yuanliu ledger ([0-9]{1,4}) ([0-9]{12}) [0-9a-f]{8}\n$/;

/** What a mark holds: as long for every height, so that it is overwritten in place. */
export function markLine(height: number, format = FORMAT): string {
  const text = `yuanliu ledger ${format} ${String(height).padStart(12, '0')}`;
  return `${text} ${crc32(text).toString(16).padStart(8, '0')}\n`;
}

/** Beside the folder, so that it outlives it. */
function fileOf(directory: string): string {
  return `${directory}.mark`;
}
