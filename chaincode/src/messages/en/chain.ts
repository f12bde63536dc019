// SPDX-License-Identifier: Apache-2.0

/** What rules say that several kinds share: on the authority chain, on quotas, on lists with shares. */
export const chain = {
  'chain-broken': ['{why:message}', 'act once the whole chain is in force'],
  'link-missing': ['{ref:ref} did not exist at {at:time}'],
  'link-not-in-force': ['{ref:ref} is {state:state}'],
  'link-out-of-term': ['{ref:ref} is in force from {from:time} to {to:time} only'],
  'some-link-broken': ['a link of the chain is not in force'],
  'product-cut': ['what {ref:ref} rests on was cut', 'take a product whose own authority stands'],
  'not-their-authority': ['{authority:ref} is no authority of {actors:text[]}', 'act under an authority of your own'],
  'outside-resources': [
    '{link:ref}: resource {resource} is not among the resources',
    'stay inside the authorization, or have it amended',
  ],
  'outside-domains': [
    '{link:ref}: resource {resource} is of domain {domain}, not allowed',
    'stay inside the authorization, or have it amended',
  ],
  'outside-purposes': [
    '{link:ref}: purpose {purpose} is not among {allowed:text[]}',
    'stay inside the authorization, or have it amended',
  ],
  'outside-actions': [
    '{link:ref}: action {action:choice} is not among {allowed:choice[]}',
    'stay inside the authorization, or have it amended',
  ],
  'outside-term': [
    '{link:ref}: {at:time} is outside the term {from:time} to {to:time}',
    'stay inside the authorization, or have it amended',
  ],
  'not-in-catalogue': [
    'resource {resource} is not in catalogue {catalogue} in force',
    'use what the published catalogue lists',
  ],
  'wider-catalogue': ['wider than {parent:ref}: catalogue {catalogue} is not {allowed}', 'narrow it to {parent:ref}'],
  'wider-domains': [
    'wider than {parent:ref}: domains {extra:text[]} beyond {allowed:text[]}',
    'narrow it to {parent:ref}',
  ],
  'wider-resources': [
    'wider than {parent:ref}: resources {extra:text[]} beyond {allowed:text[]}',
    'narrow it to {parent:ref}',
  ],
  'wider-purposes': [
    'wider than {parent:ref}: purposes {extra:text[]} beyond {allowed:text[]}',
    'narrow it to {parent:ref}',
  ],
  'wider-actions': [
    'wider than {parent:ref}: actions {extra:choice[]} beyond {allowed:choice[]}',
    'narrow it to {parent:ref}',
  ],
  'wider-resource-domain': [
    'wider than {parent:ref}: resource {resource} is outside the domains',
    'narrow it to {parent:ref}',
  ],
  'wider-from': ['wider than {parent:ref}: begins {at:time}, before {allowed:time}', 'narrow it to {parent:ref}'],
  'wider-to': ['wider than {parent:ref}: ends {at:time}, after {allowed:time}', 'narrow it to {parent:ref}'],
  'wider-quota': ['wider than {parent:ref}: quota {asked} above {allowed}', 'narrow it to {parent:ref}'],
  'wider-fee-cap': ['wider than {parent:ref}: fee cap {asked} above {allowed}', 'narrow it to {parent:ref}'],
  'actions-left-out': [
    'its actions leave out {missing:choice[]}: under it that breaks a rule',
    'add {missing:choice[]} if it is meant',
  ],
  'parent-not-standing': ['{why:message}', 'wait until {parent:ref} stands'],
  'share-full': [
    '{organization} has {most} entries in {list:field} of {ref:ref}, which is its share',
    'act on what stands there, or begin another record',
  ],
  'share-full-elsewhere': [
    '{organization} has {most} entries in {list:field}, which is its share',
    'ask the data-authority to settle what stands there',
  ],
  'own-matter': ['{organization} would decide on its own matter', 'let another organisation decide it'],
  'affiliate-decides': ['{organization} is affiliated with {other}: {path}', 'the implementing agency judges it'],
  'resource-missing': ['resource {resource} does not exist', 'anchor it first'],
  'resource-core': ['resource {resource} is core data', 'leave it out'],
  'resource-barred': ['resource {resource} is barred from sharing', 'leave it out'],
  'product-core': ['the product counts as core data', 'keep it where it is; withdraw it if it is released'],
  'parts-missing': ['parts missing: {parts:text[]}', 'add them, as text or by digest'],
  'wind-down-ends': ['the wind-down ends {until:time}, not between now and {to:time}', 'end it within the term'],
  'wind-down-names': ['{ref:ref} does not rest on {link:ref}', 'name what is under it'],
} as const;
