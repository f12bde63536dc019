// SPDX-License-Identifier: Apache-2.0
import { issueText } from 'yuanliu-chaincode/vocabulary/issue';
import type { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Asked } from '../route.js';

/** The body of a request, as its shape says; an empty one is an empty object. @throws Problem naming what does not fit. */
export function bodyOf<Shape extends z.ZodType>({ text }: Asked, shape: Shape): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new Problem('NOT_JSON', { message: 'the body is not JSON', remedy: 'send a JSON object' });
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issueText(issue) }));
  const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join('; ');
  throw new Problem('INPUT_INVALID', { message, issues, remedy: 'mend the fields named in issues' });
}
