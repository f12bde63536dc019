// SPDX-License-Identifier: Apache-2.0
import { CITY } from './cast.js';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';

/** 国务院办公厅关于2025年、2026年部分节假日安排的通知. */
const calendar: RulebookBody['calendar'] = {
  '2025': {
    holidays: [
      ...days('2025-01-01', 1),
      ...days('2025-01-28', 8),
      ...days('2025-04-04', 3),
      ...days('2025-05-01', 5),
      ...days('2025-05-31', 3),
      ...days('2025-10-01', 8),
    ],
    workdays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  '2026': {
    holidays: [
      ...days('2026-01-01', 3),
      ...days('2026-02-15', 9),
      ...days('2026-04-04', 3),
      ...days('2026-05-01', 5),
      ...days('2026-06-19', 3),
      ...days('2026-09-25', 3),
      ...days('2026-10-01', 7),
    ],
    workdays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
};

/**
 * Demonstration rulebook: the articles are those of 《上海市公共数据资源授权运营管理办法(征求意见稿)》, waiting periods are zero so
 * that a demonstration needs no waiting.
 */
export const demoRulebook: RulebookBody = {
  title: '上海市公共数据资源授权运营管理办法(征求意见稿)规则库',
  region: CITY,
  demonstration: '仅供演示：等待期限均设为零，条文依据为征求意见稿。',
  rules: {
    'acts-for-itself': rule(
      '第二十五条',
      '参与主体以自身名义、在所任角色及其区划和职责范围内行事，行为留痕、责任可究。',
    ),
    'organization-stands': rule('第二十五条', '被暂停的主体不得开展新的开发利用。'),
    'chain-stands': rule('第二十二条', '使用公共数据资源时，其方案、协议和授权均应有效。'),
    'parents-stand': rule('第十条', '协议、场景和授权应当以有效的方案和协议为依据。'),
    'within-chain': rule('第二十二条', '不得超授权范围使用公共数据资源。'),
    'within-quota': rule('第二十二条', '使用次数不得超过授权的额度。'),
    'correction-takes-back': rule('第二十五条', '实施机构更正使用计量应当有依据，只减不增，不得更正自身的报告。'),
    'not-wider': rule('第十条', '方案、协议、授权逐级收窄，下级不得宽于上级。'),
    'actions-suffice': rule('第三条', '方案、协议、授权列明行为而未包括开发或者交付的，予以提示。'),
    'core-or-barred': rule('第十四条', '核心数据和法律法规禁止共享的数据不得纳入目录或者授权范围。'),
    registered: {
      ...rule('第七条', '授权运营涉及的公共数据资源应当进行登记。'),
      dueWithin: 'P30D',
    },
    'registers-own': rule('第七条', '登记由持有者申请。'),
    'registration-follows': rule('第七条', '首次登记之后，变更、更正、注销、续展应当以有效的登记为基础。'),
    'registrar-in-time': rule('第七条', '登记机构应当在规定期限内受理和审核。'),
    'objection-in-publicity': rule('第七条', '异议应当在公示期内提出。'),
    'registration-validity': rule('第七条', '登记在有效期内有效，期满应当续展。'),
    'code-unique': rule('第七条', '登记编码由国家平台统一赋予，一码一登。'),
    'publicity-over': rule('第七条', '公示期满方可赋码。'),
    'entries-graded': rule('第十四条', '资源应当先上链、编目、分类分级，再纳入目录。'),
    'catalogue-confirmed': rule('第十四条', '目录经各行业主管部门确认无禁止共享情形后发布。'),
    'revises-current': rule('第十四条', '目录的修订以本机构现行目录为基础。'),
    'grade-not-below-items': rule('第二十五条', '分类分级就高从严。'),
    'lowered-by-decision': rule('第二十五条', '降低定级、取消个人信息标识或者解除不予共享限制的，应当有依据和批准人。'),
    'suspended-by-its-agency': rule(
      '第二十八条',
      '实施机构只暂停与其签订协议或者凭其认定的资质开展活动的运营机构、开发主体。',
    ),
    'required-parts': rule('第九条', '实施方案等文件应当包括规定的内容。'),
    'approved-as-laid': rule('第九条', '实施方案按审议通过的文本批复、实施。'),
    'catalogue-own': rule('第十四条', '授权运营公共数据资源目录由实施机构编制。'),
    'district-consent': rule('第八条', '确有需要的区应当报请市数据发展管理工作领导小组同意。'),
    'superseded-by-approved': rule('第九条', '实施方案由同一实施机构经批准的新方案取代。'),
    'plan-current': rule('第十条', '协议依据本实施机构现行的实施方案签订。'),
    'agreement-filed': {
      ...rule('第十条', '协议应当报市数据主管部门备案。'),
      dueWithin: 'P30D',
    },
    'same-text-signed': rule('第十条', '协议由实施机构与运营机构就同一文本签订。'),
    'amendment-agreed': rule('第十条', '协议变更由实施机构与运营机构就同一文本签订。'),
    'wind-down-inside': rule('第九条', '退出机制：过渡安排限于协议项下事项，不得超过协议期限。'),
    'exit-held': rule('第九条', '退出机制：授权终止后，运营机构应当返还或者销毁数据，不得继续持有。'),
    'within-scenario': rule('第二十一条', '用数授权以经合规性评估的应用场景方案为限。'),
    'developer-qualified': rule('第二十条', '开发主体需具备实施机构规定的资质。'),
    'inputs-exact': rule('第二十五条', '数据来源合法可溯：输入为确切版本且先于输出。'),
    'external-licensed': rule('第十六条', '融合的非公共数据应当依法合规获取，在许可期限内使用。'),
    'free-for-welfare': rule('第十九条', '基础公共数据产品和服务用于公共治理、公益事业的，有条件无偿使用。'),
    'charged-under-agreement': rule('第十一条', '未经授权运营程序，不得向社会有偿提供公共数据产品和服务。'),
    'environment-named': rule('第二十二条', '在公共数据授权运营域中按规范流程开发。'),
    'operator-redevelops': rule('第十七条', '运营机构不得参与已交付产品和服务的再开发。'),
    'graded-down': rule('第二十五条', '产品定级低于其最高输入的，应当有定级决定。'),
    'personal-leaves': rule('第二十二条', '涉及个人信息的公共数据应当经过匿名化处理或者依法获得授权同意。'),
    'personal-delivered': rule('第二十二条', '涉及个人信息的公共数据应当经过匿名化处理或者依法获得授权同意后交付。'),
    'release-checked': rule('第二十三条', '发布前应当向运营机构提交申请并经其审核。'),
    'raw-to-market': rule('第二十六条', '严格管控未依法依规公开的原始公共数据资源直接进入市场。'),
    'product-released': rule('第二十三条', '交付和使用的产品应当已经发布。'),
    'product-obtained': rule('第二十五条', '使用或者再开发的产品应当为自有或者已向其交付，去向可查。'),
    'delivers-own': rule('第二十三条', '产品由其持有者交付。'),
    'exclusivity-clause': rule('第十七条', '不得达成垄断协议；排他条款提请市场监管部门关注。'),
    'used-not-refused': rule('第十七条', '已经使用或者再开发的产品，不得再以拒收否认交付。'),
    'received-as-sent': rule('第二十五条', '签收内容与交付内容一致，去向可查。'),
    'rectified-in-time': rule('第二十六条', '发现的问题应当在期限内整改。'),
    'emergency-measure': rule('第二十六条', '应急措施由有权主体对有效的授权采取，未经确认的到期失效。'),
    'finding-handled-by-another': rule('第二十六条', '监管发现问题由其所涉主体以外的监管部门处理。'),
    'appeal-ruled-by-another': rule('第二十六条', '申诉由提出问题、责令整改者以外的监管部门裁定。'),
    'decided-by-another': rule('第二十五条', '任何主体不得对自己申请、制作、持有或者报告的事项作出决定。'),
    'control-determined': rule(
      '第十七条',
      '控制关系有争议的，由数据主管部门或者市场监管部门认定，当事方不得自行认定。',
    ),
    'in-vocabulary': rule('第二十六条', '数据领域和用途使用规则库的规范用语，确保处于监管范围之内。'),
    'own-share': rule('第二十五条', '多方共同形成的清单，每一主体的条目以其份额为限，不得妨碍其他主体。'),
    'inside-permit': rule('第二十二条', '使用应当与所获许可一致。'),
    'batch-continues': rule('第二十五条', '批量存证首尾相接，行为留痕，不得遗漏。'),
    'batch-throughout': rule('第二十五条', '批量存证所涉使用自始至终均在有效授权之内。'),
    'late-report': rule('第二十五条', '补录应当说明原因并附材料。'),
  },
  periods: { publicity: 'P0D', filing: 'P30D', 'late-report': 'P1D' },
  limits: { 'registration-validity': 'P3Y', 'emergency-measure': 'P3D' },
  calendar,
  parts: {
    plan: ['scope', 'operator-conditions', 'term', 'exit', 'supervision', 'accounting', 'distribution', 'safety'],
    agreement: ['scope', 'duties', 'exit', 'safety'],
    scenario: ['benefit', 'compliance'],
  },
};

/** So many days from `first` on. */
function days(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    new Date(Date.parse(`${first}T00:00:00Z`) + i * 86_400_000).toISOString().slice(0, 10),
  );
}

function rule(article: string, requirement: string): { article: string; requirement: string } {
  return { article, requirement };
}
