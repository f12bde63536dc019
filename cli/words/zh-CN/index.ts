// SPDX-License-Identifier: Apache-2.0
import { demo } from './demo.js';
import { doctor } from './doctor.js';
import { failures } from './failures.js';
import { frame } from './frame.js';
import { options } from './options.js';
import { records } from './records.js';
import { running } from './running.js';

export const messages = { ...demo, ...doctor, ...failures, ...frame, ...options, ...records, ...running };
