/**
 * Tests are TypeScript under test/; what they test is the built packages in dist/, exactly as they run. Searches named
 * `*.long.test.ts` take minutes: `npm run test:long`. Those in test/fabric bring up real Fabric networks: `npm run
 * test:fabric`.
 */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/fabric/', '\\.long\\.test\\.ts$'],
  globalSetup: '<rootDir>/test/run-begins.ts',
  globalTeardown: '<rootDir>/test/run-ends.ts',
  maxWorkers: 2,
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  testTimeout: 60_000,
};
