// SPDX-License-Identifier: Apache-2.0
import type { Translation } from 'yuanliu-chaincode/messages';
import type { doctor as english } from '../en/doctor.js';

export const doctor: Translation<typeof english> = {
  'basis-genesis': ['自已固定的创世区块 {genesis} 起得到证明'],
  'basis-roots': ['未得到证明：区块链完整，但只依据根证书；创世区块 {genesis} 未固定'],
  'basis-nothing': ['未得到证明：区块链完整，但无外部依据；创世区块 {genesis} 未固定'],
  pin: [
    '请与账本发起方所记的创世区块核对，并将 YUANLIU_GENESIS 设为该值；在网络上，`npm run network -- up` 会写入 network.json',
  ],
  'index-same': ['索引：摘要 {digest}，与重建一致'],
  'ledger-checked': ['账本：{blocks} 个区块，{transactions} 笔交易，{basis}'],
  'embedded-notice': ['内嵌账本，仅供体验，不具证据效力', '须作为证据的，请使用 Fabric 网络：docs/operations.md'],
  'rules-missing': ['规则库缺少 {rules}：这些规则未适用', '请数据主管部门修订：yuanliu act rulebook:amend'],
  'rules-unknown': [
    '合约没有规则库中的 {rules}：这些规则不起作用',
    '请升级合约，或修订规则库去掉这些规则：yuanliu act rulebook:amend',
  ],
  'rules-all': ['施行的规则库包含合约的全部规则，没有多余'],
  'calendar-fine': ['规则库的日历有至 {until} 的节假日'],
  'calendar-ending': [
    '规则库的日历止于 {until}：跨入 {next} 年的工作日无法推算',
    '{next} 年节假日公布后，请数据主管部门修订：yuanliu act rulebook:amend',
  ],
  heights: ['账本 {ledger} 个区块，索引 {index} 个'],
  'index-behind-remedy': ['请查看日志中索引未跟上的原因'],
  'set-aside': [
    '{heights}；{count} 笔有效交易因内容无法读取而搁置',
    '请在日志中查找 "set aside"，其中有每笔及原因；如为本程序之误，请更新后运行 `yuanliu reindex`',
  ],
  'odd-remark': ['异常但节点认定有效：{remark}', '请向创建该交易的组织核实：各项含义见 verifier/README.md'],
  'state-fine': ['状态：{values} 个值，均与区块中最后一次有效写入一致，没有多余'],
  'state-peers': ['状态：未检查；由节点保管，不在本网关'],
  'state-unchecked': ['状态：未与区块比对', 'yuanliu doctor --deep 可逐值比对'],
  unchecked: [
    '运行中未检查：区块、状态，以及索引与重建是否一致',
    '请先停止，再运行：yuanliu doctor --deep --data {directory}',
  ],
  'genesis-pinned': ['账本始于已固定的创世区块 {genesis}'],
  'genesis-not-pinned': ['未得到证明：创世区块 {genesis} 未固定'],
  'clock-fine': ['时钟晚于最后一笔交易'],
  'clock-behind': ['最后一笔交易比时钟 {now:time} 超前 {seconds} 秒', '请先校准时钟并保持同步（NTP），再启动网关'],
  'no-certificates': ['尚无人员证书'],
  'certificates-end': ['{count} 个证书中最先到期的属于 {organization} 的 {user}，还有 {days} 天'],
  'install-node': ['请安装 Node {wanted} 或更高版本'],
  'disk-free': ['{directory} 所在磁盘剩余 {free} MiB'],
  'make-room': ['请清理磁盘：账本随每笔交易增长，磁盘写满即停止'],
};
