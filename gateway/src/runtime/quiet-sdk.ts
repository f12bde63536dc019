// SPDX-License-Identifier: Apache-2.0

/**
 * To be imported before any package of the archived SDK: what it would log goes nowhere. It formats every line, `debug`
 * too, and prints its errors on the console; all it has to say is in what it throws.
 */
const nothing = (): void => undefined;
Object.assign(globalThis, { hfc: { logger: { debug: nothing, info: nothing, warn: nothing, error: nothing } } });
