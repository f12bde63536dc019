// SPDX-License-Identifier: Apache-2.0
import { creditCodeCheck, type RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';

/** An organisation of the demonstration: made up, and its name says so. */
export interface Member {
  readonly name: string;
  readonly code: string;
  readonly msp: string;
  readonly role: RoleName;
  readonly remit?: readonly string[];
  /** Common name on its user's certificate: a post, not a person. */
  readonly user: string;
}

/** The city: its division code (上海市). */
export const CITY = '310000';

/** A made-up credit code with a valid check character: no registration authority issues `DEM`. */
export function demoCode(serial: number): string {
  const body = `11${CITY}DEM${String(serial).padStart(6, '0')}`;
  return body + creditCodeCheck(body);
}

function member(
  serial: number,
  name: string,
  msp: string,
  role: RoleName,
  user: string,
  remit?: readonly string[],
): Member {
  return { name: `${name}(演示)`, code: demoCode(serial), msp, role, user, ...(remit ? { remit } : {}) };
}

/** Who takes part beside the departments. */
export const cast = {
  authority: member(1, '市数据主管部门', 'AuthorityMSP', 'data-authority', '综合协调岗'),
  registrar: member(2, '公共数据资源登记机构', 'AuthorityMSP', 'registrar', '登记岗'),
  supervisor: member(3, '市网信部门', 'AuthorityMSP', 'supervisor', '监管岗'),
  agency: member(4, '授权运营实施机构', 'AgencyMSP', 'implementing-agency', '授权管理岗'),
  operator: member(5, '授权运营机构', 'OperatorMSP', 'operator', '运营岗'),
  developer: member(6, '普惠金融数据开发公司', 'DeveloperMSP', 'developer', '开发岗'),
  rival: member(7, '商业保险数据开发公司', 'DeveloperMSP', 'developer', '开发岗'),
} as const;

/** One department per domain of the catalogue. */
export function departmentOf(domain: string, index: number): Member {
  return member(100 + index, `${domain}主管部门`, 'DepartmentMSP', 'department', '数据资源岗');
}
