// SPDX-License-Identifier: Apache-2.0
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { conformance } from '../gateway/ledger/conformance';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import { openSubject } from './subject';

let raised: RaisedNetwork;
beforeAll(async () => {
  raised = await raiseNetwork();
}, RAISING);
afterAll(() => raised.destroy(), MINUTES);

conformance('the fabric ledger', () => openSubject(raised.connection, openFabricLedger));
