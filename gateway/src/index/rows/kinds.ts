// SPDX-License-Identifier: Apache-2.0
import 'yuanliu-chaincode/kinds';

/** A kind by its name: through here, because every kind must have been loaded first. */
export { kindNamed } from 'yuanliu-chaincode/kind/kind';
