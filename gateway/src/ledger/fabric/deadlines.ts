// SPDX-License-Identifier: Apache-2.0
import { DIAL_MS, ENDORSEMENT_MS } from 'yuanliu-chaincode/deadlines';

/**
 * How long things may take on a network, in milliseconds. A request waits for its commit for `YUANLIU_WAIT_MS`, 10 s by
 * default: what fails before anything was ordered has to fail sooner, so that its caller gets the failure itself.
 */

/**
 * One answer of a peer. Its Gateway service gives each endorser so long, as `network up` sets it; a frozen one is replaced
 * after that.
 */
export const ANSWER_MS = ENDORSEMENT_MS + DIAL_MS;

/** One endorser, where there is no Gateway service; then another takes its place. */
export const ENDORSER_MS = ENDORSEMENT_MS;

/** Whether a peer that did not answer in time is alive. */
export const ALIVE_MS = 2000;

/**
 * From here on no other peer is asked where some said that they cannot serve: each takes so long to find out that its
 * chaincode does not answer (`dial_timeout` of the package).
 */
export const PATIENCE_MS = 2 * DIAL_MS;

/** How long peers that came to different results are asked again: they commit a block one after the other. */
export const AGREEMENT_MS = 6000;

/** One block, when it is asked for by its number. */
export const BLOCK_MS = 10_000;

/** A transaction that was sent, until its block is here; then its outcome is unknown. */
export const COMMIT_MS = 30_000;

/** Reading, at a start, the blocks since the oldest transaction that may be sent again. */
export const CATCH_UP_MS = 120_000;
