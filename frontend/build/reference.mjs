// Writes the tables of sdk/docs/browser.md from sdk/types.ts and sdk/index.ts: node build/reference.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const kBegin = '<!-- made by frontend/build/reference.mjs: change sdk/types.ts or what sdk/index.ts exports, then run it -->\n';
const kOutlets = 'OutletContexts';
/** What is more than an interface, or is in a table of its own. */
const kLeftOut = [kOutlets, 'OutletName', 'Dispose', 'PluginInfo', 'SessionUser', 'RealtimeState', 'PageContribution', 'Contribution'];

const frontend = fileURLToPath(new URL('..', import.meta.url));
const page = resolve(frontend, '../sdk/docs/browser.md');

const inCell = (text) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const cell = (code) => (code.includes('`') ? `\`\` ${inCell(code)} \`\`` : `\`${inCell(code)}\``);

function open() {
  const { config } = ts.readConfigFile(resolve(frontend, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, frontend);
  return ts.createProgram([resolve(frontend, 'sdk/index.ts')], options);
}

/** The comment above a declaration, in one line. */
function said(checker, symbol, where) {
  const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker) ?? []).trim();
  if (!text) throw new Error(`${where} has no comment`);
  return inCell(text);
}

const source = (node) => node.getText().replace(/\/\*\*.*?\*\/\s*/gs, '').replace(/^readonly /, '').replace(/;\s*}$/, ' }').replace(/;$/, '');

function rowsOf(checker, declaration) {
  return declaration.members.map((member) => `| ${cell(source(member))} | ${said(checker, member.symbol, `${declaration.name.text}.${member.name.getText()}`)} |`);
}

function titleOf({ name, typeParameters, heritageClauses }, declared) {
  const base = heritageClauses?.[0]?.types[0]?.expression.getText();
  const more = base && declared.get(base)?.name.text;
  return `### ${name.text}${typeParameters ? ` of one ${typeParameters.map((one) => one.name.text).join(', ')}` : ''}${more ? `, with what ${more} has` : ''}`;
}

/** One table for each interface of the contract, the one that `activate` gets first. */
function contract(checker, file) {
  const interfaces = file.statements.filter((node) => ts.isInterfaceDeclaration(node) && !kLeftOut.includes(node.name.text));
  const declared = new Map(interfaces.map((node) => [node.name.text, node]));
  const first = declared.get('Sdk');
  const parts = [first, ...interfaces.filter((node) => node !== first && node.name.text !== 'Placed')].map((node) => {
    const placed = node.heritageClauses ? rowsOf(checker, declared.get('Placed')) : [];
    return [titleOf(node, new Map()), '', said(checker, node.symbol, node.name.text), '', '| Member | What it is |', '|---|---|', ...rowsOf(checker, node), ...placed, ''].join('\n');
  });
  const aliases = file.statements.filter((node) => ts.isTypeAliasDeclaration(node) && kLeftOut.includes(node.name.text) && node.name.text !== 'OutletName');
  parts.push(['### Names of types', '', '| Type | What it is |', '|---|---|', ...aliases.map((node) => `| ${cell(source(node).replace(/^export type /, ''))} | ${said(checker, node.symbol, node.name.text)} |`), ''].join('\n'));
  return parts.join('\n');
}

function outlets(checker, file) {
  const declaration = file.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === kOutlets);
  const rows = declaration.members.map((member) => {
    const context = member.type.getText();
    return `| \`${member.name.text}\` | ${said(checker, member.symbol, member.name.text)} | ${context.startsWith('Record<string, never>') ? 'nothing' : cell(context)} |`;
  });
  return ['| Outlet | Where, and what for | Its context |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The properties of a component that are declared here; whatever else its element takes is not listed. */
function properties(checker, parameter) {
  const type = checker.getTypeOfSymbol(parameter);
  const own = type.getProperties().filter(({ declarations }) => declarations?.some((one) => !one.getSourceFile().fileName.includes('node_modules')));
  return own.map((property) => {
    const declaration = property.declarations[0];
    return declaration.getText().replace(/^readonly /, '').replace(/[;,]$/, '');
  });
}

/** The interfaces that functions of the module give. */
function given(checker, symbols) {
  return symbols
    .map((alias) => [alias.name, checker.getAliasedSymbol(alias).declarations[0]])
    .filter(([, declaration]) => ts.isInterfaceDeclaration(declaration))
    .map(([name, declaration]) => [`### ${name}`, '', said(checker, declaration.symbol, name), '', '| Member | What it is |', '|---|---|', ...rowsOf(checker, declaration), ''].join('\n'));
}

/** What `@stoa/sdk` exports besides the contract. */
function exported(checker, file, contract) {
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
  const own = symbols.filter((alias) => alias.flags & ts.SymbolFlags.Alias && checker.getAliasedSymbol(alias).declarations[0].getSourceFile() !== contract);
  const icons = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(own.find(({ name }) => name === 'IconName'))).types.map(({ value }) => `\`${value}\``);
  const rows = { component: [], value: [] };
  for (const alias of symbols) {
    const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
    if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
    const declaration = symbol.valueDeclaration;
    const [signature] = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures();
    const text = said(checker, symbol, alias.name);
    if (signature && /^[A-Z]/.test(alias.name)) {
      const [props] = signature.getParameters();
      rows.component.push(`| \`${alias.name}\` | ${props ? properties(checker, props).map(cell).join('<br>') : ''} | ${text} |`);
    } else if (signature) {
      rows.value.push(`| ${cell(`${alias.name}(${declaration.parameters.map((one) => one.getText()).join(', ')})${declaration.type ? `: ${declaration.type.getText()}` : ''}`)} | ${text} |`);
    } else {
      const members = declaration.members.filter((member) => member.name && !member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));
      const constructor = declaration.members.find(ts.isConstructorDeclaration);
      rows.value.push(`| ${cell(`new ${alias.name}(${constructor?.parameters.map((one) => one.getText().replace(/(private|readonly|public) /g, '')).join(', ') ?? ''})`)} | ${text} Has ${[...constructor.parameters.filter((one) => one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) && !one.modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)), ...members].map((member) => `\`${member.name.getText()}\``).join(', ')}. |`);
    }
  }
  return ['| Component | Properties | What it is |', '|---|---|---|', ...rows.component, '', '| Function or class | What it is |', '|---|---|', ...rows.value, '', `Icons (\`IconName\`): ${icons.join(', ')}.`, '', ...given(checker, own)].join('\n');
}

/** The page as it should be: what is written by hand, then the tables. */
export function render(text) {
  const program = open();
  const checker = program.getTypeChecker();
  const [types, index] = ['sdk/types.ts', 'sdk/index.ts'].map((name) => program.getSourceFile(resolve(frontend, name)));
  const [byHand] = text.split(kBegin);
  return [byHand + kBegin, '## Outlets', '', outlets(checker, types), '## The contract', '', contract(checker, types), '## The module `@stoa/sdk`', '', exported(checker, index, types)].join('\n');
}

const now = readFileSync(page, 'utf8');
const wanted = render(now);
if (process.argv.includes('--check')) {
  if (now !== wanted) {
    console.error(`${relative(process.cwd(), page)} is not what the types say: run node build/reference.mjs`);
    process.exit(1);
  }
} else if (now !== wanted) writeFileSync(page, wanted);
