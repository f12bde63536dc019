// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** What each package may import of the others. Everything else it imports is a declared dependency or Node's own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  chaincode: [],
  verifier: [],
  gateway: ['yuanliu-chaincode', 'yuanliu-verifier'],
  network: ['yuanliu-chaincode', 'yuanliu-verifier'],
  demo: ['yuanliu-chaincode', 'yuanliu-gateway'],
  cli: ['yuanliu-chaincode', 'yuanliu-verifier', 'yuanliu-gateway', 'yuanliu-network', 'yuanliu-demo'],
  testing: [
    'yuanliu-chaincode',
    'yuanliu-verifier',
    'yuanliu-gateway',
    'yuanliu-network',
    'yuanliu-demo',
    'yuanliu-cli',
  ],
  bench: [
    'yuanliu-chaincode',
    'yuanliu-verifier',
    'yuanliu-gateway',
    'yuanliu-network',
    'yuanliu-demo',
    'yuanliu-cli',
    'yuanliu-testing',
  ],
  soak: ['yuanliu-chaincode', 'yuanliu-verifier', 'yuanliu-gateway', 'yuanliu-demo', 'yuanliu-cli'],
  scripts: ['yuanliu-testing', 'yuanliu-cli', 'yuanliu-network'],
};

/**
 * The rooms of a package, the lowest first; rooms of one line may import each other. A file imports, types included,
 * from its own line and those below. Files outside of any room are above all.
 */
const ROOMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'chaincode/src': [['messages', 'vocabulary'], ['rulebook'], ['kind'], ['chain', 'records'], ['engine']],
  'gateway/src': [
    ['messages', 'runtime', 'storage'],
    ['text'],
    ['rulebook-files'],
    ['config'],
    ['ledger', 'identity'],
    ['index'],
    ['errors'],
    ['acts'],
    ['queries'],
    ['imports'],
    ['backup'],
    ['http'],
  ],
  'verifier/src': [['wire'], ['block'], ['identity'], ['channel'], ['check'], ['chain']],
};

interface Import {
  readonly from: string;
  readonly to: string;
  /** Erased by the compiler: it decides nothing at run time. */
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => join(ROOT, folder, name));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const found: Import[] = [];
  source.forEachChild((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return;
    const specifier = node.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const clause = ts.isImportDeclaration(node) ? node.importClause : node;
    const named = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    const elements = named && (ts.isNamedImports(named) || ts.isNamedExports(named)) ? [...named.elements] : [];
    const onlyTypes = elements.length > 0 && elements.every((element) => element.isTypeOnly) && !hasDefault(node);
    found.push({ from: file, to: specifier.text, typeOnly: isTypeOnly(clause) || onlyTypes });
  });
  return found;
}

function isTypeOnly(clause: ts.ImportClause | ts.ExportDeclaration | undefined): boolean {
  if (!clause) return false;
  return ts.isImportClause(clause) ? clause.phaseModifier === ts.SyntaxKind.TypeKeyword : clause.isTypeOnly;
}

function hasDefault(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isImportDeclaration(node) && node.importClause?.name !== undefined;
}

describe.each(Object.entries(MAY_IMPORT))('%s', (folder, allowed) => {
  const imports = sources(folder).flatMap(importsOf);

  test('imports only the packages below it', () => {
    const own = imports.filter(({ to }) => to.startsWith('yuanliu-')).map(({ to }) => to.split('/')[0] ?? '');
    expect([...new Set(own)].filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('reaches no other package by a path', () => {
    const outside = imports.filter(
      ({ from, to }) => to.startsWith('.') && relative(join(ROOT, folder), resolve(dirname(from), to)).startsWith('..'),
    );
    expect(outside).toEqual([]);
  });

  test('declares every package that it imports', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { dependencies?: object };
    const declared = Object.keys(manifest.dependencies ?? {});
    const used = imports
      .filter(({ to, typeOnly }) => !typeOnly && !to.startsWith('.') && !to.startsWith('node:'))
      .map(({ to }) => packageOf(to));
    const shared = folder === 'bench' ? ['pg'] : []; // the reference that benches measure against is a development need
    expect([...new Set(used)].filter((name) => !declared.includes(name) && !shared.includes(name))).toEqual([]);
  });

  test('has no import cycle', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (typeOnly || !to.startsWith('.')) continue;
      const target = resolve(dirname(from), to.replace(/\.js$/, '.ts'));
      if (existsSync(target)) graph.set(from, [...(graph.get(from) ?? []), target]);
    }
    expect(folder === 'scripts' || graph.size > 0).toBe(true); // the scripts do not import each other
    expect(cycleIn(graph)?.map((file) => relative(ROOT, file))).toBeUndefined();
  });
});

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The first cycle that a depth-first walk meets. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}

test('the search for cycles finds one', () => {
  expect(
    cycleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual(['b', 'c', 'b']);
});

test('no act takes an input field that every act has', async () => {
  const { kinds } = await import('yuanliu-chaincode/kinds');
  const { reportInput } = await import('yuanliu-chaincode/kind/input');
  for (const { name, acts } of kinds) {
    for (const act of acts.values()) {
      const shape = Object.keys((act.input as { shape?: object }).shape ?? {});
      const taken = shape.filter((field) => field in reportInput.shape);
      expect([name, act.name, taken]).toEqual([name, act.name, []]);
    }
  }
});

test('every file is short enough to read at a sitting', () => {
  const long = Object.keys(MAY_IMPORT)
    .flatMap(sources)
    .map((file) => [relative(ROOT, file), readFileSync(file, 'utf8').split('\n').length] as const)
    .filter(([, lines]) => lines > 300);
  expect(long).toEqual([]);
});

describe.each(Object.entries(ROOMS))('the rooms of %s', (folder, lines) => {
  const lineOf = (file: string): number => {
    const [room = '', ...rest] = relative(join(ROOT, folder), file).split('/');
    const line = lines.findIndex((rooms) => rooms.includes(room));
    return rest.length === 0 ? lines.length : line;
  };

  test('are all named', () => {
    expect(sources(folder).filter((file) => lineOf(file) === -1)).toEqual([]);
  });

  test('import only what is in their line or below, types included', () => {
    const upward = sources(folder)
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('.'))
      .map(({ from, to }) => ({ from, to: resolve(dirname(from), to) }))
      .filter(({ from, to }) => lineOf(to) > lineOf(from));
    expect(upward.map(({ from, to }) => `${relative(ROOT, from)} imports ${relative(ROOT, to)}`)).toEqual([]);
  });
});
