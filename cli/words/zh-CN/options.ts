// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { options as english } from '../en/options.js';

export const options: Translation<typeof english> = {
  'option-data': ['存放账本、密钥和索引的目录'],
  'default-data': ['YUANLIU_DATA，否则 {otherwise}'],
  'data-or-demo': ['"data"，仅有 "demo-data" 时用后者'],
  'option-encoding': ['所读文本的编码，字节有歧义时须写明'],
  'option-data-long': ['存放账本、密钥和索引的目录；默认 YUANLIU_DATA，否则 "data"，仅有 "demo-data" 时用后者'],
  'option-config': ['YAML 配置文件；环境变量优先；默认 {variable}'],
  'option-gateway': ['网关地址；默认取 DIR/run.json'],
  'option-as': ['DIR/run.json 中一个账户的角色、用户、名称或信用代码；默认为公众'],
  'option-token': ['以令牌代替账户；未写 --as 时默认 YUANLIU_TOKEN'],
  'option-json': ['输出 JSON'],
  'option-limit': ['每页条数'],
  'option-cursor': ['上一页给出的位置'],
  'option-as-of': ['截至某一区块号或 RFC 3339 时间'],
  'more-pages': ['……还有：--cursor {cursor}'],
  'as-and-token': ['--as 和 --token 都写明由谁办理：请只写一个'],
  'option-is-empty': ['--{option} 为空：请写明由谁办理，或去掉该选项'],
  'no-gateway-started': ['{data} 中没有启动过网关：请用 --gateway 指定网关，或用 --data 指定其目录'],
  'several-accounts': ['{as} 对应 {count} 个账户，请用信用代码指定一个：'],
  'no-account': ['{data}/run.json 中没有带令牌的账户 {as}；也可写 --token。现有：'],
  'no-organization': ['{named} 不是信用代码，也不是 {data}/run.json 中的账户。现有：'],
  'several-organizations': ['{named} 对应多个组织，请写一个信用代码：'],
  'not-a-reference': ['{ref} 不是记录编号：请写 kind/id 或 kind/id@version'],
  'text-unreadable': ['无法读取 {source}：{why}'],
  'not-a-port': ['端口为 0（任意）至 65535 的数'],
  'not-a-count': ['应为不小于 1 的整数'],
  'not-a-credit-code': ['{name} {code} 不是统一社会信用代码：应为 18 位，末位为校验码'],
};
