// SPDX-License-Identifier: Apache-2.0
import { acts } from './acts.js';
import { http } from './http.js';
import { identity } from './identity.js';
import { index } from './index-messages.js';
import { problems } from './problems.js';
import { text } from './text.js';

export const messages = { ...problems, ...http, ...acts, ...identity, ...index, ...text };
export { titles } from './problems.js';
