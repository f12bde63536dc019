// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Text } from 'yuanliu-chaincode/messages';
import { AHEAD_MS, beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import * as labelled from 'yuanliu-chaincode/messages/labels';
import { language } from './lang.js';
import { said } from './words/index.js';

/** A date by which something is due. One at the end of a day in China is that day: midnight belongs to the day before. */
export function dueDay(by: string): string {
  const ms = Date.parse(by);
  if (Number.isNaN(ms)) return by;
  const isMidnight = (ms + AHEAD_MS) % 86_400_000 === 0;
  return isMidnight ? beijingTime(new Date(ms - 1).toISOString()).slice(0, 10) : beijingTime(by);
}

/** An act for people: its words in the regulation, with its name. An act that only has a name is named once. */
export function actText(kind: string, name: string): string {
  if (language === 'en') return name;
  const defined = kinds.find((one) => one.name === kind);
  return titled(defined?.acts.get(name)?.title ?? defined?.consequences.get(name)?.title, name);
}

/** A role for people: in Chinese its label with the code that commands take, in English the code. */
export function roleText(role: string): string {
  return language === 'en' ? role : labelled.roleText(role);
}

/** Roles of which one is enough. */
export function eitherRole(roles: readonly string[]): string {
  return roles.map(roleText).join(language === 'en' ? ' or ' : '或');
}

/** A state for people, as {@link roleText}. */
export function stateText(kind: string, state: string): string {
  return language === 'en' ? state : labelled.stateText(kind, state);
}

/** A title and a name beside each other; one of them where they are the same. */
export function titled(title: string | undefined, name: string): string {
  return language === 'en' || title === undefined || title === name ? name : `${title} ${name}`;
}

/** A broken rule as a trace or a receipt names it. */
interface Broken {
  readonly rule: string;
  readonly due?: string | undefined;
}

/** 待补正 while the time in which a rule may be met runs, 违反 after it and where there is none. */
export function brokenRule({ rule, due }: Broken, now: string): string {
  return due !== undefined && Date.parse(now) <= Date.parse(due)
    ? said('rule-due', { rule, due: dueDay(due) })
    : said('rule-broken', { rule });
}

/**
 * The rules that an act broke, see {@link brokenRule}. A rule that was broken several times is named once.
 */
export function brokenRules(violations: readonly Broken[], now: string): string[] {
  return [...new Set(violations.map((one) => brokenRule(one, now)))];
}

/** What a message says, and what to do. */
export function noteOf({ message, remedy }: Text): string {
  return remedy === undefined ? message : `${message}${language === 'en' ? ': ' : '：'}${remedy}`;
}
