// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Asked } from '../route.js';
import { say } from '../../messages/index.js';
import { firstOf, issuesOf } from '../../messages/issues.js';

/** The body of a request, as its shape says; an empty one is an empty object. @throws Problem naming what does not fit. */
export function bodyOf<Shape extends z.ZodType>({ text }: Asked, shape: Shape): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new Problem('NOT_JSON', say('json-needed'));
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error);
  throw new Problem('INPUT_INVALID', { ...say('field-unfit-here', firstOf(issues)), issues });
}
