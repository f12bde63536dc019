// SPDX-License-Identifier: Apache-2.0

export const frame = {
  'about-yuanliu': ['Yuanliu — where public data came from, where it went, under whose authority, who answers for it'],
  'exit-codes': [
    'Exit codes: 0 done · 1 failed · 2 wrong usage · 3 rejected by the gateway, or rows of an import that are not on the ledger · 4 no gateway answers',
  ],
  'help-more': ['(`yuanliu help COMMAND` tells more)'],
  'about-help': ['show what a command does, such as `help identity register` or `help act resource:anchor`'],
  'not-utf8': [
    'an argument is not UTF-8: use a terminal in UTF-8, or put the text into a file (@FILE) and name its --encoding',
  ],
  'no-command': ['there is no command {words}: `yuanliu help` lists them'],
  'no-path': ['there is no {path}: check its name'],
  'rule-line': ['  rule {rule}'],
  'who-asks': ['say who asks: --as ACCOUNT in a demonstration, or --token JWT with a token of your organisation'],
  'option-help': ['display help for command'],
  'option-lang': ['language of what it prints, zh-CN or en; default: LC_ALL or LANG, else zh-CN'],
  examples: ['Examples:'],
  example: ['Example:'],
  'command-unknown': ['error: there is no command {word}: `yuanliu help` lists them'],
  'option-unknown': ['error: there is no option {word}: --help lists them'],
  'argument-missing': ['error: the argument {word} is missing: --help shows it'],
  'option-missing': ['error: the option {word} is required'],
  'option-empty': ['error: the option {word} needs a value'],
  'too-many-arguments': ['error: too many arguments: --help shows those that it takes'],
  'value-unfit': ['error: {word} is not a value that it takes: --help shows them'],
} as const;
