// SPDX-License-Identifier: Apache-2.0
import { groupOf } from 'yuanliu-network/channel/config';
import { withOrganization, readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';

test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'an organisation may be called %s, and is no member before it is one (fault A5)',
  (mspId) => {
    const topology = withOrganization(readTopology(TOPOLOGY_FILE), { mspId, name: 'odd', nodes: false });
    expect(topology.organizations.map((one) => one.mspId)).toContain(mspId);
    const none = { groups: {} };
    expect(groupOf(none, mspId)).toBeUndefined();
    const group = { values: { MSP: { value: { config: { revocation_list: null } } } } };
    expect(groupOf({ groups: Object.fromEntries([[mspId, group]]) }, mspId)).toBe(group);
  },
);
