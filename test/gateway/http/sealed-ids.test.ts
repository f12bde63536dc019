// SPDX-License-Identifier: Apache-2.0
import { cast, ids } from '../../builders';
import { expectProblem, openDoor, type Client, type Door, type Reply } from './door';

let door: Door;
let agency: Client;
beforeAll(async () => {
  door = await openDoor('produced');
  agency = await door.as(cast.agency);
  const supervisor = await door.as(cast.supervisor);
  const about = `product/${ids.basic}`;
  expect(
    (await supervisor.act('finding:raise', 'F-sealed', { about, against: cast.rival.code, summary: '抽查' })).status,
  ).toBe(201);
  expectProblem(await agency.get('/api/v1/findings/F-sealed'), 404, 'NOT_FOUND');
}, 60_000);
afterAll(() => door.close());

const input = { about: `product/${ids.basic}`, summary: '复查' };

function tried(act: string, id: string, body: object): Promise<Reply> {
  return agency.post(`/api/v1/findings/${id}/${act}?dryRun=true`, body);
}

/** What was answered, without what differs between any two requests. */
function told({ status, bytes }: Reply, id: string): string {
  const text = bytes.toString('utf8').replaceAll(id, 'ID');
  return `${status} ${text.replace(/[0-9a-f]{64}|\d{4}-[-T:.\d]+Z|"requestId":"[^"]*"/g, '…')}`;
}

test('a dry run does not tell whether a sealed record has the id (fault C7)', async () => {
  const before = await door.mark();
  const sealed = told(await tried('raise', 'F-sealed', input), 'F-sealed');
  expect(sealed).toMatch(/^200 .*"id":"ID"/);
  expect(sealed).toBe(told(await tried('raise', 'F-none', input), 'F-none'));
  expect(await door.mark()).toEqual(before);
});

test('a refused dry run does not tell it either, and names the id that was asked for (fault C7)', async () => {
  for (const body of [
    { ...input, ifVersion: 3 },
    { ...input, about: 'product/P-none' },
    { ...input, summary: '' },
  ]) {
    const sealed = told(await tried('raise', 'F-sealed', body), 'F-sealed');
    expect(sealed).toBe(told(await tried('raise', 'F-none', body), 'F-none'));
    expect(sealed).not.toMatch(/[0-9a-f]{32}/);
  }
  const { reason } = expectProblem(await tried('raise', 'F-none', { ...input, ifVersion: 3 }), 412, 'VERSION_CONFLICT');
  expect(reason?.params).toMatchObject({ ref: 'finding/F-none' });
});
