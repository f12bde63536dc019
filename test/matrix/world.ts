// SPDX-License-Identifier: Apache-2.0
import type { Step } from 'yuanliu-demo/story';
import { agreements, besides, catalogues, grants, organizations, plans, scenarios } from './authorizations';
import { admissions } from './cast';
import { findings, products, uses } from './products';
import { registrations, resources } from './resources';

/** What brings a record of every kind into each of its states, performing every act on the way, on the story told. */
export function journeys(): Step[] {
  return [
    ...admissions(),
    ...organizations(),
    ...resources(),
    ...registrations(),
    ...catalogues(),
    ...plans(),
    ...agreements(),
    ...scenarios(),
    ...grants(),
    ...products(),
    ...uses(),
    ...findings(),
    ...besides(),
  ];
}
