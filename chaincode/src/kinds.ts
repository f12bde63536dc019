// SPDX-License-Identifier: Apache-2.0
import type { Kind } from './kind';
import { agreement } from './records/agreement';
import { catalogue } from './records/catalogue';
import { delivery } from './records/delivery';
import { finding } from './records/finding';
import { grant } from './records/grant';
import { organization } from './records/organization';
import { plan } from './records/plan';
import { product } from './records/product';
import { registration } from './records/registration';
import { resource } from './records/resource';
import { rulebook } from './records/rulebook';
import { scenario } from './records/scenario';
import { usage } from './records/usage';

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
  product,
  delivery,
  usage,
  finding,
] as readonly Kind[];
