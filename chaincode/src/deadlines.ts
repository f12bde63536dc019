// SPDX-License-Identifier: Apache-2.0

/**
 * How long a peer's Gateway service gives one endorser, in milliseconds: `peer.gateway.endorsementTimeout`. All other deadlines of
 * network and gateway follow from it, and so does how much one act may read and write.
 */
export const ENDORSEMENT_MS = 5000;

/** How long a peer tries to reach its chaincode, or another node: then it says that it cannot. */
export const DIAL_MS = 3000;
