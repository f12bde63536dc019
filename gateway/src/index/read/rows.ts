// SPDX-License-Identifier: Apache-2.0

/** What those who read the index know of its rows: their types, and what they say. */
export { deadlineOf, dueBy, type Deadline } from '../rows/due.js';
export { DEVIATING, deviations, OWING, type Deviation, type DeviationList } from '../rows/deviations.js';
export { ALL, turn } from '../rows/facets.js';
export { kindNamed } from '../rows/kinds.js';
export {
  isMissing,
  madeBy,
  stateAt,
  type HistoryRow,
  type Made,
  type MissingRow,
  type VersionRow,
} from '../rows/rows.js';
