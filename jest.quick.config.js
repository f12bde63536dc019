const config = require('./jest.config.js');

/** What needs no other process: the contract, the verifier, and the gateway's rooms one by one. For one's own change. */
module.exports = {
  ...config,
  testPathIgnorePatterns: [
    ...config.testPathIgnorePatterns,
    ...['architecture/readme', 'chaincode/determinism', 'cli', 'journeys', 'network'].map(
      (suites) => `<rootDir>/test/${suites}`,
    ),
    ...[
      'full-disk',
      'http',
      'identity',
      'imports',
      'index/follower',
      'ledger',
      'secrets',
      'backup',
      'damaged',
      'storage',
    ].map((suites) => `<rootDir>/test/gateway/${suites}`),
  ],
};
