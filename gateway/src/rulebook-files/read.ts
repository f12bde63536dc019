// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import 'yuanliu-chaincode';
import { calendarExpiry, rulebookBody, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { decodeText, EncodingError } from '../text/encoding.js';
import { bodyOf } from './body.js';
import { rulebookForm, type RulebookForm } from './form.js';
import { problemsOf, type FileProblemCode, type Found } from './problems.js';

/** Something of a file that people are to look at, and where. */
export interface FileProblem<Code extends string = FileProblemCode> {
  readonly line: number;
  /** `periods.publicity`; empty for the whole file. */
  readonly path: string;
  readonly code: Code;
  readonly params: Readonly<Record<string, string>>;
}

/** What does not stop its adoption, and yet must be known. */
export type FileRemarkCode = 'calendar-ends' | 'illustrative' | 'local' | 'source-ended';

/** A rulebook file that was read: what it says, or what is wrong with it. */
export interface RulebookFile {
  readonly file: string;
  readonly problems: readonly FileProblem[];
  readonly remarks: readonly FileProblem<FileRemarkCode>[];
  /** Absent where there are problems. */
  readonly form?: RulebookForm;
  /** As the ledger stores it, with the file's digest as its `source`. */
  readonly body?: RulebookBody;
}

/** Reads and checks a rulebook file. @param now when the end of its calendar is judged */
export function readRulebookFile(file: string, now = new Date().toISOString()): RulebookFile {
  const nothing = (code: FileProblemCode, why: string, line = 1): RulebookFile => ({
    file,
    problems: [{ line, path: '', code, params: { why } }],
    remarks: [],
  });
  let bytes: Buffer;
  let text: string;
  try {
    bytes = readFileSync(file);
    ({ text } = decodeText(bytes));
  } catch (error) {
    if (error instanceof EncodingError) return nothing('not-text', error.message);
    return nothing('unreadable', (error as NodeJS.ErrnoException).code ?? String(error));
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) return nothing('not-yaml', broken.message, lines.linePos(broken.pos[0]).line);
  const at = <Code extends string>({ path, code, params }: Placed<Code>): FileProblem<Code> => ({
    line: lineOf(document, lines, path),
    path: path.join('.'),
    code,
    params,
  });

  const parsed = rulebookForm.safeParse(document.toJS());
  if (!parsed.success) return { file, remarks: [], problems: malformed(parsed.error.issues).map(at) };
  const form = parsed.data;
  const found = problemsOf(form);
  const source = { number: basename(file), digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
  const body = rulebookBody.safeParse({ ...bodyOf(form), source });
  const seen = new Set(found.map(({ path }) => path.join('.')));
  const others = body.success ? [] : malformed(body.error.issues).filter(({ path }) => !seen.has(path.join('.')));
  const problems = [...found, ...others].map(at).sort((a, b) => a.line - b.line);
  if (problems.length > 0 || !body.success) return { file, problems, remarks: [] };
  return {
    file,
    problems,
    remarks: remarksOf(form, body.data, now)
      .map(at)
      .sort((a, b) => a.line - b.line),
    form,
    body: body.data,
  };
}

type Placed<Code extends string> = Pick<Found, 'path' | 'params'> & { readonly code: Code };

function malformed(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Found[] {
  return issues.map(({ path, message }) => ({ path: path.map(String), code: 'malformed', params: { why: message } }));
}

/** The line of a path, or of what is nearest above it. */
function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function remarksOf(form: RulebookForm, body: RulebookBody, now: string): Placed<FileRemarkCode>[] {
  const numbers = [
    ...Object.entries(form.periods).map(([key, one]) => ({ path: ['periods', key], one })),
    ...Object.entries(form.limits ?? {}).map(([key, one]) => ({ path: ['limits', key], one })),
    ...Object.entries(form.parts).map(([key, one]) => ({ path: ['parts', key], one })),
    ...Object.entries(form.rules).flatMap(([key, { dueWithin: one }]) =>
      one ? [{ path: ['rules', key, 'dueWithin'], one }] : [],
    ),
  ];
  const expiry = calendarExpiry(body, now);
  const ended = Object.entries(form.sources).filter(([, { until }]) => until !== undefined && until < now.slice(0, 10));
  return [
    ...numbers.flatMap(({ path, one: { origin, why = '' } }) =>
      origin === 'illustrative' || origin === 'local' ? [{ path, code: origin, params: { why } }] : [],
    ),
    ...ended.map(([id, { title, until = '' }]) => ({
      path: ['sources', id],
      code: 'source-ended' as const,
      params: { title, until },
    })),
    ...(expiry
      ? [{ path: ['calendar'], code: 'calendar-ends' as const, params: { by: expiry.by, next: yearAfter(expiry.by) } }]
      : []),
  ];
}

/** A calendar ends at a midnight in China, which is the year before in UTC. */
function yearAfter(by: string): string {
  return String(Number(by.slice(0, 4)) + 1);
}
