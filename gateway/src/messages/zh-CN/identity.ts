// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { identity as english } from '../en/identity.js';

const SEND = '请在请求头 Authorization: Bearer TOKEN 中附上本组织的令牌';

export const identity: Translation<typeof english> = {
  'token-needed': ['本项需要令牌', SEND],
  'not-bearer': ['请求头 Authorization 不是 Bearer TOKEN 的形式', SEND],
  'token-expired': ['令牌已过期，请重新获取', SEND],
  'token-audience': ['令牌的受众不是 {audience}', SEND],
  'token-issuer': ['令牌的签发方不是 {issuer}', SEND],
  'token-claim': ['令牌缺少声明 {claim}，或其内容不成立', SEND],
  'token-claims': ['令牌的声明不符合要求：{claims:text[]}', SEND],
  'token-not-trusted': ['本网关不信任该令牌，请向其签发方获取', SEND],
  'issuer-keys-missing': ['无法取得 {issuer} 的公钥', '请稍后再试；如持续发生，请告知网关管理员：无法连接 OIDC 签发方'],
  'administrator-only': [
    '需要网关管理员的令牌',
    '请在请求头 Authorization: Bearer TOKEN 中附上网关数据目录中 admin.token 的内容',
  ],
  'certificates-revoked': [
    '{user}（{organization}）的证书已于 {at:time} 吊销（{reason}）',
    '吊销不可恢复；确有需要的，请以其他名称登记',
  ],
  'msp-not-ours': ['本网关只签发 {ours:text[]} 的证书，不签发 {msp} 的证书', '请向 {msp} 的网关申请'],
  'person-unknown': [
    '{organization} 未登记用户 {user}',
    '请查看 `yuanliu identity list`；由其他网关签发过证书的，须先在本网关登记',
  ],
  'no-registrar': ['本网关不能为 {msp} 登记用户：连接文件未写明登记员', '请在该文件的 ca.registrar 中写明'],
  'authority-refused-registrar': [
    '{msp} 位于 {url} 的证书机构未予办理：{why}',
    '证书机构不认可登记员的密码或证书：请使用网络生成的连接文件和 registrar.json（`npm run network -- up` 可重新生成），并确认数据目录不属于其他网络',
  ],
  'authority-failed': [
    '{msp} 位于 {url} 的证书机构未予办理：{why}',
    '请确认证书机构正在运行、登记员有此权限；本机网络可用 `npm run network -- status` 查看运行情况',
  ],
  'user-unfit': ['{user} {why:message}', '请改正 issues 所列各项'],
  'user-name-form': ['不是规范的用户名：应为 1 至 64 个文字或数字，中间可有空格和 . · _ @ -'],
  'user-name-organization': ['不是规范的用户名：末尾是组织代码，请去掉'],
  'not-an-organization': ['{organization} 不是统一社会信用代码', '请改正 issues 所列各项'],
  'msp-needed': ['账本上没有 {organization}：请写明其 MSP', '请改正 issues 所列各项'],
};
