// SPDX-License-Identifier: Apache-2.0
import type { TranslatedKind } from '../words.js';
import type { catalogue as english } from '../en/catalogue.js';

export const catalogue: TranslatedKind<typeof english> = {
  title: '授权运营公共数据资源目录',
  states: { compiled: '已编制', published: '已发布', merged: '已并入' },
  acts: {
    compile: '编制',
    revise: '修订',
    confirm: '确认',
    publish: '发布',
    revised: '修订',
    'scope-changed': '范围变动',
    open: '设立',
    sectioned: '分册发布',
  },
  rules: {
    'entries-graded': '入目资源已定级',
    'revises-current': '以现行目录为基础',
    'catalogue-confirmed': '经各部门确认',
    'section-of-catalogue': '分册属于目录',
    'entered-once': '一项一册',
  },
  fields: {
    title: '目录名称',
    of: '所修订的目录',
    partOf: '所属目录',
    sections: '分册',
    section: '分册',
    resources: '资源',
  },
  choices: {},
  messages: {
    'entries-not-graded': ['未定级、已撤回或者不属本区划：{ids:text[]}', '请先编目、定级'],
    'no-such-catalogue': ['{catalogue:ref} 不是 {agency} 已发布的目录', '请先设立（catalogue:open）'],
    'section-outside-region': ['{region} 不在{catalogue:ref}的区划内', '请编入本区划的目录'],
    'entered-elsewhere': ['已编入{catalogue:ref}的其他分册：{ids:text[]}', '请剔除，或者先从原分册剔除'],
    'section-rules-missing': ['现行规则库缺少分册所适用的规则：{rules:rule[]}', '请数据主管部门补充（rulebook:amend）'],
    'has-sections': ['{of:ref} 设有分册，条目应编入分册', '请修订相应分册（catalogue:revise）'],
    'too-many-entries': ['将有 {count} 条，超过 {most} 条', '请将新增条目编入另一分册（partOf）'],
    'not-own-catalogue': ['{of:ref} 不是 {agency} 已发布的目录', '请修订本机构已发布的目录'],
    'catalogue-moved-on': ['{of:ref} 现为第 {version} 版', '请以现行版本为基础修订'],
    'not-listed': ['{of:ref} 中没有：{ids:text[]}', '请只剔除其中已有的资源'],
    'not-confirmed': ['尚未经确认：{missing:text[]}', '请各提供单位逐一确认'],
    'section-full': ['超过 {most} 条，其余请编入目录的其他分册（partOf）'],
    'catalogue-empty': ['目录不得为空'],
    'revision-empty': ['修订须有增加或者剔除'],
  },
};
