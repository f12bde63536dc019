// SPDX-License-Identifier: Apache-2.0

/** Roles of organisations. */
export const roles = {
  'data-authority': 'Data authority',
  registrar: 'Registrar',
  'implementing-agency': 'Implementing agency',
  operator: 'Operator',
  developer: 'Developer',
  department: 'Department',
  supplier: 'Supplier',
  supervisor: 'Supervisor',
  platform: 'Connected platform',
};

/** Rules that several kinds share. */
export const rules = {
  'decided-by-another': 'Decided by another',
  'own-share': 'Own share of a list',
  'acts-for-itself': 'Acts for itself',
  'organization-stands': 'Organisation is not suspended',
  'in-vocabulary': 'Words of the rulebook',
  'late-report': 'Reported in time',
  'wind-down-inside': 'Wind-down inside the term',
  'chain-stands': 'Authority chain stands',
  'within-chain': 'Within the authorization',
  'not-wider': 'Not wider than above',
  'actions-suffice': 'Actions suffice',
  'parents-stand': 'Rests on what stands',
  'required-parts': 'Required parts',
  'core-or-barred': 'No core or barred data',
};

/** Values of enums that several kinds share, by field. */
export const choices = {
  role: roles,
  as: roles,
  office: {
    cyberspace: 'Cyberspace',
    'development-reform': 'Development and reform',
    'public-security': 'Public security',
    finance: 'Finance',
    audit: 'Audit',
    market: 'Market supervision',
    'state-assets': 'State assets',
    ip: 'Intellectual property',
  },
  class: { core: 'Core', important: 'Important', general: 'General' },
  actions: { develop: 'Develop', deliver: 'Deliver', use: 'Use' },
  form: { raw: 'Raw data', dataset: 'Dataset', api: 'API', model: 'Model', report: 'Report', service: 'Service' },
  use: { governance: 'Public governance', welfare: 'Public welfare', industry: 'Industry' },
  tier: { basic: 'Basic', derived: 'Derived' },
  relation: {
    controls: 'controls',
    'controlled-by': 'is controlled by',
    'same-controller': 'shares a controller with',
    'perhaps-affiliated': 'may be affiliated with',
  },
};

/** Why the contract says no. */
export const problems = {
  INPUT_INVALID: 'The input is not well-formed',
  NOT_FOUND: 'There is no such thing, or not for this caller',
  EXISTS: 'The id is taken',
  WRONG_STATE: 'The act is not open in this state',
  VERSION_CONFLICT: 'The record has another version by now',
  KEY_REUSED: 'The idempotency key belongs to another request',
  FORBIDDEN: 'The caller may not do this',
  REFUSED: 'A rule of the rulebook refuses it',
};
