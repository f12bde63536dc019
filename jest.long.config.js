const config = require('./jest.config.js');

/** Long searches: thousands of acts at random, and kills. */
module.exports = {
  ...config,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/fabric/'],
};
