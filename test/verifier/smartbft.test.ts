// SPDX-License-Identifier: Apache-2.0
import { common } from '@hyperledger/fabric-protos';
import { type Trust, verifyChain } from 'yuanliu-verifier';
import { readGolden } from './golden';

/** The first blocks of a channel that four SmartBFT orderers of Fabric 3.1 cut: its block policy names consenters. */
let blocks: Buffer[];
let trust: Trust;
beforeAll(async () => {
  ({ blocks, trust } = await readGolden('smartbft'));
});

test('accepts the blocks of SmartBFT orderers, and names the consenters that must sign them', async () => {
  const verdict = await verifyChain(blocks, trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, blocks: blocks.length });
  expect(verdict.policies.blocks).toMatch(
    /^3 of \(AuthorityMSP\b.*, AgencyMSP\b.*, OperatorMSP\b.*, DepartmentMSP\b.*\)$/,
  );
});

test.each([
  ['fewer consenters than a quorum', ([first, second]: common.MetadataSignature[]) => [first, second]],
  ['one consenter as often as a quorum', ([first]: common.MetadataSignature[]) => [first, first, first]],
  ['nobody', () => []],
])('refuses a block that %s signed', async (_, sign) => {
  const last = blocks.length - 1;
  const verdict = await verifyChain([...blocks.slice(0, last), resigned(blocks[last], sign)], trust);
  expect(verdict.findings.map(({ code }) => code)).toEqual(['BLOCK_SIGNATURE']);
  expect(verdict.proven?.number).toBe(last - 1);
});

/** The block, signed by some of those who did. */
function resigned(
  bytes: Buffer | undefined,
  sign: (signatures: common.MetadataSignature[]) => (common.MetadataSignature | undefined)[],
): Buffer {
  const block = common.Block.deserializeBinary(bytes ?? Buffer.alloc(0));
  const [signed, ...rest] = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const metadata = common.Metadata.deserializeBinary(signed ?? new Uint8Array());
  metadata.setSignaturesList(sign(metadata.getSignaturesList()).filter((signature) => signature !== undefined));
  block.getMetadata()?.setMetadataList([metadata.serializeBinary(), ...rest]);
  return Buffer.from(block.serializeBinary());
}
