// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline/promises';

/** Rows in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** Whether whoever sits at the terminal says yes. @throws Error where nobody does; commands take `--yes` instead. */
export async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('nobody to ask: say --yes to go ahead');
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(`${question} [y/N] `);
  ask.close();
  return /^y(es)?$/i.test(answer.trim());
}
