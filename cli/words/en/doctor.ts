// SPDX-License-Identifier: Apache-2.0

export const doctor = {
  'basis-genesis': ['proven from the pinned genesis block {genesis}'],
  'basis-roots': [
    'not proven: the chain holds together and rests on root certificates only; its genesis block {genesis} is not pinned',
  ],
  'basis-nothing': [
    'not proven: the chain holds together and rests on nothing but itself; its genesis block {genesis} is not pinned',
  ],
  pin: [
    'compare the genesis block with the one that the founders of the ledger wrote down, and set YUANLIU_GENESIS to that; on a network, `npm run network -- up` writes it into network.json',
  ],
  'index-same': ['index: digest {digest}, the same as a rebuild'],
  'ledger-checked': ['ledger: {blocks} blocks, {transactions} transactions, {basis}'],
  'embedded-notice': [
    'the embedded ledger has no evidential value: it is for trying out',
    'what must count as evidence belongs on a Fabric network: docs/operations.md',
  ],
  'rules-missing': [
    'the rulebook lacks {rules}: these rules are not applied',
    'the data-authority amends it: yuanliu act rulebook:amend',
  ],
  'rules-unknown': [
    'the contract does not know {rules} of the rulebook: nothing is judged by these rules',
    'upgrade the contract, or amend the rulebook without them: yuanliu act rulebook:amend',
  ],
  'rules-all': ['the rulebook in force has every rule of the contract, and no other'],
  'calendar-fine': ["the rulebook's calendar has holidays until {until}"],
  'calendar-ending': [
    "the rulebook's calendar ends on {until}: working days that run into {next} cannot be counted",
    'the data-authority amends it with the holidays of {next}, once they are published: yuanliu act rulebook:amend',
  ],
  heights: ['ledger at {ledger} blocks, index at {index}'],
  'index-behind-remedy': ['look into the log: it says why the index does not follow'],
  'set-aside': [
    '{heights}; {count} valid transactions set aside, because what they wrote cannot be read',
    'look into the log for "set aside": it names each and why; if this program was at fault, update it and run `yuanliu reindex`',
  ],
  'odd-remark': [
    'odd, and valid by the peers: {remark}',
    'ask the organisation that created it: verifier/README.md says what each remark means',
  ],
  'state-fine': ['state: {values} values, each as its last valid write in the blocks; no others'],
  'state-peers': ["state: not checked; it is the peers', not this gateway's"],
  'state-unchecked': ['state: not compared with the blocks', 'yuanliu doctor --deep compares every value'],
  unchecked: [
    'not checked while it runs: blocks, state, and the index against a rebuild',
    'stop it, then: yuanliu doctor --deep --data {directory}',
  ],
  'genesis-pinned': ['the ledger begins with the pinned genesis block {genesis}'],
  'genesis-not-pinned': ['not proven: the genesis block {genesis} is not pinned'],
  'clock-fine': ['the clock is past the last transaction'],
  'clock-behind': [
    'the last transaction is {seconds} s ahead of the clock, {now:time}',
    'set the clock, and have it kept right (NTP), before the gateway is started',
  ],
  'no-certificates': ['nobody has a certificate yet'],
  'certificates-end': [
    'the first of {count} certificates to expire, of {user} of {organization}, does so in {days} days',
  ],
  'install-node': ['install Node {wanted} or later'],
  'disk-free': ['{free} MiB free where {directory} is'],
  'make-room': ['make room: the ledger grows with every transaction, and a full disk stops it'],
} as const;
