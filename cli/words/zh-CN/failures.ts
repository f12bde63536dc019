// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { failures as english } from '../en/failures.js';

export const failures: Translation<typeof english> = {
  unreachable: [
    '{address} 没有网关应答',
    '请用 `yuanliu serve` 或 `yuanliu demo` 启动网关，或用 --gateway 指定其他网关',
  ],
  'host-unknown': ['找不到 {address} 的主机', '请核对 --gateway 中的名称和本机 DNS'],
  'not-reached': ['无法连接 {address}', '请检查网络、防火墙或 VPN，并核对 --gateway 中的地址'],
  'connection-lost': ['与 {address} 的连接在应答完成前中断', '请重新执行命令；用同一 --key 重复办理是安全的'],
  'no-answer-in-time': ['{address} 未能及时应答', '请重新执行命令；用同一 --key 重复办理是安全的'],
  'no-tls': ['{address} 不支持 TLS', '请在 --gateway 中写 http://'],
  'certificate-expired': ['{address} 的证书已过期', '请网关运营方更新证书'],
  'certificate-other-host': ['{address} 的证书属于其他主机', '请使用证书中的主机名'],
  'certificate-untrusted': ['{address} 的证书不受信任（{code}）', '请将 NODE_EXTRA_CA_CERTS 设为其证书机构的证书文件'],
  'not-http': ['{address} 的应答不是 HTTP（{code}）', '请核对端口；TLS 须写 https://'],
  'not-reached-why': ['无法连接 {address}：{why}', '请核对 --gateway 中的地址'],
  redirects: [
    '{address} 应答 {status}（{type}{server}），不是网关',
    '该地址转向 {location}：请用 --gateway 指定网关本身',
  ],
  'proxy-limit': ['{address} 应答 {status}（{type}{server}），不是网关', '代理限制了请求大小：请调高上限，或拆分文件'],
  'proxy-down': [
    '{address} 应答 {status}（{type}{server}），不是网关',
    '代理连不上网关：请确认网关正在运行，再重新执行命令',
  ],
  foreign: ['{address} 应答 {status}（{type}{server}），不是网关', '请核对 --gateway 中的地址：主机、端口和路径'],
  'no-media-type': ['无媒体类型'],
  'from-server': ['，来自 {server}'],
  'another-address': ['其他地址'],
  'token-unfit': ['令牌格式不正确：含有空格或其他不应有的字符'],
  'key-unfit': ['--key 格式不正确：应为 1 至 128 个可见 ASCII 字符，例如 UUID'],
  'address-unfit': ['{gateway} 不是网关地址：请写 http://HOST:PORT 或 https://HOST'],
  'address-too-much': ['{gateway} 不是网关地址：请去掉路径之后的部分和用户名'],
  'no-kind': ['没有 {name} 这类记录；现有 {kinds}'],
};
