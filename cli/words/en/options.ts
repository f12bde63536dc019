// SPDX-License-Identifier: Apache-2.0

export const options = {
  'option-data': ['folder that holds the ledger, keys and index'],
  'default-data': ['YUANLIU_DATA, else {otherwise}'],
  'data-or-demo': ['"data", or "demo-data" where only that exists'],
  'option-encoding': ['of the text that it reads, where its bytes leave a doubt'],
  'option-data-long': [
    'folder that holds the ledger, keys and index; default: YUANLIU_DATA, else "data", or "demo-data" where only that exists',
  ],
  'option-config': ['YAML file of settings; the environment wins; default: {variable}'],
  'option-gateway': ['address of the gateway; default: the one in DIR/run.json'],
  'option-as': ['role, user, name or credit code of one account in DIR/run.json; default: the public'],
  'option-token': ['bearer token instead of an account; default: YUANLIU_TOKEN, unless --as is given'],
  'option-json': ['print JSON'],
  'option-limit': ['items of a page'],
  'option-cursor': ['of the page before'],
  'option-as-of': ['as of a block number or an RFC 3339 time'],
  'more-pages': ['… more: --cursor {cursor}'],
  'as-and-token': ['--as and --token both say who acts: give one'],
  'option-is-empty': ['--{option} is empty: say who acts, or leave it out'],
  'no-gateway-started': ['no gateway was started in {data}: name one with --gateway, or its folder with --data'],
  'several-accounts': ['{as} is {count} accounts; name one by its credit code:'],
  'no-account': ['no account {as} with a token in {data}/run.json; or give --token. There are:'],
  'no-organization': ['{named} is no credit code, and no account in {data}/run.json. There are:'],
  'several-organizations': ['{named} is several organisations; give one credit code:'],
  'not-a-reference': ['not a reference: {ref}; write kind/id or kind/id@version'],
  'text-unreadable': ['{source} cannot be read: {why}'],
  'not-a-port': ['a port is a number from 0 (any) to 65535'],
  'not-a-count': ['a whole number of at least 1'],
  'not-a-credit-code': [
    '{name} {code} is no credit code: 18 characters of 0-9A-HJ-NPQRTUWXY with a valid check character',
  ],
} as const;
