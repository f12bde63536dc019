// SPDX-License-Identifier: Apache-2.0
import type { LanguageWords } from '../words.js';
import { agreement } from './agreement.js';
import { catalogue } from './catalogue.js';
import { confirmation } from './confirmation.js';
import { delivery } from './delivery.js';
import { externalInput } from './external-input.js';
import { finding } from './finding.js';
import { grant } from './grant.js';
import { organization } from './organization.js';
import { plan } from './plan.js';
import { product } from './product.js';
import { registration } from './registration.js';
import { resource } from './resource.js';
import { rulebook } from './rulebook.js';
import { scenario } from './scenario.js';
import { usage } from './usage.js';
import { chain } from './chain.js';
import { choices, problems, roles, rules } from './common.js';
import { engine } from './engine.js';
import { fields } from './fields.js';
import { quota } from './quota.js';

/** A new kind adds a line here, and one below. */
export const words: LanguageWords = {
  kinds: {
    rulebook,
    organization,
    resource,
    registration,
    catalogue,
    confirmation,
    plan,
    agreement,
    scenario,
    grant,
    'external-input': externalInput,
    product,
    delivery,
    usage,
    finding,
  },
  roles,
  rules,
  fields,
  choices,
  problems,
};

export const messages = {
  ...engine,
  ...chain,
  ...quota,
  ...rulebook.messages,
  ...organization.messages,
  ...resource.messages,
  ...registration.messages,
  ...catalogue.messages,
  ...plan.messages,
  ...agreement.messages,
  ...externalInput.messages,
  ...product.messages,
  ...delivery.messages,
  ...usage.messages,
  ...finding.messages,
};
