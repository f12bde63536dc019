// SPDX-License-Identifier: Apache-2.0
import { languageOf } from 'yuanliu-gateway/http/language';

const asking = (header: string | undefined) => languageOf({ get: () => header });

test.each([
  [undefined, 'zh-CN'],
  ['*', 'zh-CN'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['zh-Hans-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
  ['en;q=0.2, zh-CN;q=0.9', 'zh-CN'],
  ['fr, en;q=0.5', 'en'],
  ['fr', 'zh-CN'],
  ['zh;q=0, en;q=0.1', 'en'],
  [';;;,q=,en;q=x', 'zh-CN'],
  ['a'.repeat(100_000), 'zh-CN'],
])('a request that accepts %s is answered in %s', (header, language) => {
  expect(asking(header)).toBe(language);
});
