// SPDX-License-Identifier: Apache-2.0
// Serves until its input ends: `node serve.js ACCOUNT…` prints where, and a token for each. Its log goes to standard error.
const process = require('node:process');
const { readConfig, startGateway } = require('yuanliu-gateway');

void (async () => {
  const gateway = await startGateway(readConfig(process.env));
  const tokens = [];
  for (const account of process.argv.slice(2)) tokens.push((await gateway.account(JSON.parse(account))).token);
  process.stdout.write(`${JSON.stringify({ url: gateway.url, adminUrl: gateway.adminUrl, tokens })}\n`);
  process.stdin.resume().on('end', () => void gateway.close());
})();
