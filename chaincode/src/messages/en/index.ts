// SPDX-License-Identifier: Apache-2.0
import type { LanguageWords } from '../words.js';
import { engine } from './engine.js';
import { quota } from './quota.js';

export const words: LanguageWords = { kinds: {}, roles: {}, rules: {}, fields: {}, choices: {}, problems: {} };

export const messages = { ...engine, ...quota };
