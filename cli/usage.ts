// SPDX-License-Identifier: Apache-2.0
import { Help, Option, type Argument, type Command } from 'commander';
import { languages } from 'yuanliu-chaincode/messages';
import { language, type Lang } from './lang.js';
import { said } from './words/index.js';

/** What commander throws: its message is English, and printed in the language of the command. */
export interface CommanderFailure extends Error {
  readonly exitCode: number;
  readonly code?: string;
}

const HEADINGS: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
  'Global Options:': '通用选项：',
};

/** Sets a command and those under it up: help and mistakes in one language, `--lang` at each, no end of the process. */
export function prepared(command: Command): Command {
  command
    .exitOverride()
    .helpOption('-h, --help', said('option-help'))
    .configureHelp({ sortSubcommands: false, ...(language === 'en' ? {} : chineseHelp) })
    .configureOutput({ outputError: () => undefined });
  if (!command.options.some(({ long }) => long === '--lang'))
    command.addOption(new Option('--lang <lang>', said('option-lang')).choices(languages));
  for (const one of command.commands) prepared(one);
  return command;
}

/** Commander's own words of a help, in Chinese. */
const chineseHelp: Partial<Help> = {
  styleTitle: (title) => HEADINGS[title] ?? title,
  optionDescription: (option: Option) => translated(new Help().optionDescription(option)),
  argumentDescription: (argument: Argument) => translated(new Help().argumentDescription(argument)),
};

function translated(description: string): string {
  return description
    .replace(/ \(([^()]*)choices: ([^()]*)\)$/, '（$1可选：$2）')
    .replace(/ \(default: (.*)\)$/s, '（默认：$1）')
    .replace(/ \(env: ([^()]*)\)$/, '（环境变量：$1）')
    .replace(', default: ', '，默认：')
    .replace(', env: ', '，环境变量：');
}

/** What is wrong with how a command was written. */
export function usageText({ code = '', message }: CommanderFailure, lang: Lang = language): string {
  const word = /'([^']*)'/.exec(message)?.[1] ?? '';
  if (lang === 'en') return message;
  switch (code) {
    case 'commander.unknownCommand':
      return said('command-unknown', { word });
    case 'commander.unknownOption':
      return said('option-unknown', { word });
    case 'commander.missingArgument':
      return said('argument-missing', { word });
    case 'commander.missingMandatoryOptionValue':
      return said('option-missing', { word });
    case 'commander.optionMissingArgument':
      return said('option-empty', { word });
    case 'commander.excessArguments':
      return said('too-many-arguments');
    default:
      return code === 'commander.invalidArgument' ? said('value-unfit', { word: invalidOf(message) }) : message;
  }
}

/** `error: option '--limit <n>' argument '0' is invalid. …` */
function invalidOf(message: string): string {
  return /argument '([^']*)' is invalid/.exec(message)?.[1] ?? /'([^']*)'/.exec(message)?.[1] ?? '';
}
