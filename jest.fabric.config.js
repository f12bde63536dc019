const config = require('./jest.config.js');

/** The suites against real Fabric networks, one after the other: each brings up its own. */
module.exports = {
  ...config,
  roots: ['<rootDir>/test/fabric'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
