// SPDX-License-Identifier: Apache-2.0

export const delivery = {
  title: 'Delivery',
  states: { delivered: 'Delivered', confirmed: 'Confirmed', refused: 'Refused' },
  acts: { deliver: 'Deliver', confirm: 'Confirm', refuse: 'Refuse' },
  rules: {
    'product-released': 'Product is released',
    'personal-delivered': 'Personal information delivered anonymized',
    'delivers-own': 'Delivered by its holder',
    'exclusivity-clause': 'No clause of exclusivity',
    'received-as-sent': 'Received as sent',
    'used-not-refused': 'Used, so not refused',
  },
  fields: {
    to: 'Recipient',
    from: 'Sender',
    channel: 'How it is handed over',
    digest: 'Digest of what was handed over',
  },
  choices: {},
  messages: {
    'not-released': ['{product:ref} was no released product at {at:time}', 'name a product that is released'],
    'delivered-personal': [
      '{product:ref} holds personal information that is not anonymized',
      'recall it, anonymize it, deliver the anonymized version',
    ],
    'not-held': ['{product:ref} is not held by {from}', 'let its holder deliver it'],
    exclusive: ['it comes with a clause of exclusivity', 'let market supervision look at it'],
    'not-as-sent': ['sent was {digest}', 'refuse it: delivery:refuse'],
    'used-already': [
      '{organization} has used {product:ref}',
      'confirm it: delivery:confirm; what is wrong with it is for its sender to mend',
    ],
  },
} as const;
