// SPDX-License-Identifier: Apache-2.0
import type { Kind } from './kind.js';
import { agreement } from './records/agreement.js';
import './records/agreement-exit.js';
import { catalogue } from './records/catalogue.js';
import { delivery } from './records/delivery.js';
import { externalInput } from './records/external-input.js';
import { finding } from './records/finding.js';
import './records/finding-incident.js';
import { grant } from './records/grant.js';
import { organization } from './records/organization.js';
import './records/organization-control.js';
import './records/organization-suspension.js';
import { plan } from './records/plan.js';
import { product } from './records/product.js';
import './records/product-grading.js';
import './records/product-release.js';
import './records/product-market.js';
import { registration } from './records/registration.js';
import { resource } from './records/resource.js';
import './records/resource-scope.js';
import { rulebook } from './records/rulebook.js';
import { scenario } from './records/scenario.js';
import { usage } from './records/usage.js';
import './records/usage-correction.js';

/** The catalogue of kinds, in the order of the regulation. A new kind adds one line. */
export const kinds = [
  rulebook,
  organization,
  resource,
  registration,
  catalogue,
  plan,
  agreement,
  scenario,
  grant,
  externalInput,
  product,
  delivery,
  usage,
  finding,
] as readonly Kind[];
