// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { acts as english } from '../en/acts.js';

export const acts: Translation<typeof english> = {
  'not-a-member': [
    '{msp} 不是通道成员；现有成员：{members:text[]}',
    '请更正名称，或先将该 MSP 加入通道（`npm run network -- add-org`）',
  ],
  'two-keys': ['请求中的两个幂等键不一致', '请只用请求头 Idempotency-Key 或字段 idempotencyKey 之一'],
  'hidden-or-missing': ['{ref:ref} 不存在，或无权查看', '请核对编号；无权查看的记录，试办时也不作任何说明'],
  'other-gateway': ['{organization} 以 {msp} 准入，本网关不为其签名', '请在 {msp} 的网关办理'],
  'no-certificate-now': ['暂时无法取得证书，未作任何更改', '请稍后再试；如持续发生，请告知网关管理员'],
  'act-not-json': ['请求体不是 JSON', '请以 UTF-8 提交一个 JSON 对象'],
};
