// SPDX-License-Identifier: Apache-2.0
import type { Kind } from './kind/kind.js';
import { agreement } from './records/agreement/agreement.js';
import './records/agreement/exit.js';
import { catalogue } from './records/catalogue/catalogue.js';
import { confirmation } from './records/catalogue/confirmation.js';
import './records/catalogue/publish.js';
import { delivery } from './records/delivery/delivery.js';
import { externalInput } from './records/external-input/external-input.js';
import { finding } from './records/finding/finding.js';
import './records/finding/incident.js';
import { grant } from './records/grant/grant.js';
import { organization } from './records/organization/organization.js';
import './records/organization/control.js';
import './records/organization/suspension.js';
import { plan } from './records/plan/plan.js';
import { product } from './records/product/product.js';
import './records/product/grading.js';
import './records/product/release.js';
import './records/product/market.js';
import { registration } from './records/registration/registration.js';
import { resource } from './records/resource/resource.js';
import './records/resource/scope.js';
import { rulebook } from './records/rulebook/rulebook.js';
import { scenario } from './records/scenario/scenario.js';
import { usage } from './records/usage/usage.js';
import './records/usage/correction.js';
import './records/usage/metering.js';

/** The catalogue of kinds, in the order of the regulation. A new kind adds one line. */
export const kinds = [
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
  externalInput,
  product,
  delivery,
  usage,
  finding,
] as readonly Kind[];
