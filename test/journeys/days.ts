// SPDX-License-Identifier: Apache-2.0
import { type RunningCity, startDemo } from './city';
import { departmentsDay } from './department';
import { developersDay } from './developer';
import { operatorsDay } from './operator';
import { outsidersDay } from './outsider';
import { regulatorsDay } from './regulator';

/** Everybody's day in a demonstration that was started with these flags. */
export function days(flags: () => readonly string[] = () => []): void {
  let running: RunningCity;
  beforeAll(async () => {
    running = await startDemo(flags());
  }, 180_000);
  afterAll(() => running.stop());

  const city = (): RunningCity => running;
  describe('an outsider’s day', () => {
    outsidersDay(city);
  });
  describe('a department’s day', () => {
    departmentsDay(city);
  });
  describe('an operator’s day', () => {
    operatorsDay(city);
  });
  describe('a developer’s day', () => {
    developersDay(city);
  });
  describe('a regulator’s day', () => {
    regulatorsDay(city);
  });
}
