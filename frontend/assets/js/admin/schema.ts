// From a JSON Schema to what a form asks, and back to the settings.

/** The part of JSON Schema that settings use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  /** Never shown: only replaced. */
  readonly writeOnly?: boolean;
}

export type Settings = Readonly<Record<string, unknown>>;

/** How a value is asked for. `json` is for whatever has no field of its own. */
export type Kind = 'group' | 'choice' | 'choices' | 'lines' | 'number' | 'switch' | 'secret' | 'text' | 'json';

/** What stands in a field. */
export type Input = string | boolean | readonly string[] | Inputs;
export interface Inputs {
  readonly [name: string]: Input;
}

function typeOf({ type }: Schema): string | undefined {
  return typeof type === 'string' ? type : type?.find((one) => one !== 'null');
}

export function kindOf(schema: Schema): Kind {
  if (schema.enum) return 'choice';
  switch (typeOf(schema)) {
    case 'object':
      return schema.properties ? 'group' : 'json';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'string':
      return schema.writeOnly || schema.format === 'password' ? 'secret' : 'text';
    case 'array':
      if (schema.items?.enum) return 'choices';
      return schema.items && typeOf(schema.items) === 'string' ? 'lines' : 'json';
    default:
      return 'json';
  }
}

export function isWhole(schema: Schema): boolean {
  return typeOf(schema) === 'integer';
}

const kUnits: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', kb: 'kilobytes', mb: 'megabytes' };

/** "Post interval (seconds)" for `post_interval_s`, unless the schema has a title. */
export function labelOf(name: string, { title }: Schema): string {
  if (title) return title;
  const words = name.split(/[_-]+/).filter(Boolean);
  const unit = words.length > 1 ? kUnits[words.at(-1) ?? ''] : undefined;
  const text = (unit ? words.slice(0, -1) : words).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1) + (unit ? ` (${unit})` : '');
}

/** What a value that is written in code looks like to people. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length ? value.map(show).join(', ') : 'none';
  if (value === true) return 'on';
  if (value === false) return 'off';
  if (value === '') return 'empty';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const kLongestDefault = 60;

/** The description, and the default where it is short enough to help. */
export function helpOf(schema: Schema): string | undefined {
  const value = schema.default;
  const known = value !== undefined && value !== null && kindOf(schema) !== 'secret' && kindOf(schema) !== 'group' && show(value).length <= kLongestDefault;
  const parts = [schema.description, known && `Default: ${show(value)}.`].filter(Boolean);
  return parts.length ? parts.join(' ') : undefined;
}

export function inputOf(schema: Schema, value: unknown): Input {
  const known = value === undefined ? schema.default : value;
  switch (kindOf(schema)) {
    case 'group': {
      const values = (typeof known === 'object' && known !== null ? known : {}) as Settings;
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, inputOf(one, values[name])]));
    }
    case 'switch':
      return known === true;
    case 'secret':
      return '';
    case 'choices':
      return Array.isArray(known) ? known.map(String) : [];
    case 'lines':
      return Array.isArray(known) ? known.join('\n') : '';
    case 'json':
      return known === undefined ? '' : JSON.stringify(known, null, 2);
    case 'choice':
    case 'number':
    case 'text':
      return known === undefined || known === null ? '' : String(known);
  }
}

/** What is wrong with fields, by JSON pointer. */
export type Problems = Map<string, string>;

export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The value a field stands for; undefined leaves it to the default, and a secret as it is. */
export function valueOf(schema: Schema, input: Input, before: unknown, problems: Problems, pointer = ''): unknown {
  switch (kindOf(schema)) {
    case 'group':
      return groupValue(schema, input as Inputs, before, problems, pointer);
    case 'switch':
      return input;
    case 'secret':
      return input === '' ? undefined : input;
    case 'choice':
      return schema.enum?.find((one) => String(one) === input);
    case 'choices':
      return schema.items?.enum?.filter((one) => (input as readonly string[]).includes(String(one)));
    case 'lines':
      return (input as string).split('\n').map((line) => line.trim()).filter(Boolean);
    case 'text':
      return input === '' && before === undefined && schema.default === undefined ? undefined : input;
    case 'number':
      return numberValue(schema, (input as string).trim(), problems, pointer);
    case 'json':
      return jsonValue((input as string).trim(), problems, pointer);
  }
}

function groupValue(schema: Schema, inputs: Inputs, before: unknown, problems: Problems, pointer: string): Settings {
  const known = (typeof before === 'object' && before !== null ? before : {}) as Settings;
  const properties = schema.properties ?? {};
  // What the form does not ask for stays as it was.
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(known).filter(([name]) => !(name in properties)));
  for (const [name, one] of Object.entries(properties)) {
    const value = one.readOnly ? known[name] : valueOf(one, inputs[name] ?? inputOf(one, undefined), known[name], problems, pointerTo(pointer, name));
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function numberValue(schema: Schema, text: string, problems: Problems, pointer: string): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (!Number.isFinite(value)) problems.set(pointer, 'A number is needed here.');
  else if (isWhole(schema) && !Number.isInteger(value)) problems.set(pointer, 'A whole number is needed here.');
  else if (value < minimum || value > maximum) problems.set(pointer, rangeOf(schema) ?? '');
  return value;
}

/** "From 1 to 20", "At least 1", or nothing. */
export function rangeOf({ minimum, maximum }: Schema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `From ${minimum.toLocaleString()} to ${maximum.toLocaleString()}.`;
  if (minimum !== undefined) return `At least ${minimum.toLocaleString()}.`;
  return maximum === undefined ? undefined : `At most ${maximum.toLocaleString()}.`;
}

function jsonValue(text: string, problems: Problems, pointer: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    problems.set(pointer, 'This is not JSON.');
    return undefined;
  }
}

/** The pointers of all fields of a form: what is said about anything else belongs to the whole. */
export function fieldPointers(schema: Schema, pointer = ''): string[] {
  if (kindOf(schema) !== 'group') return [pointer];
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => fieldPointers(one, pointerTo(pointer, name)));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

/** Sorts the errors of an answer to the fields they are about, an array's entries (`/words/3`, or `/words[3]`) to its field; the rest is for the whole. */
export function sortErrors(schema: Schema, errors: readonly { pointer: string; detail: string }[]): { fields: Problems; rest: string[] } {
  const pointers = fieldPointers(schema);
  const fields: Problems = new Map();
  const rest: string[] = [];
  for (const { pointer, detail } of errors) {
    const field = pointers.find((one) => pointer === one || pointer.startsWith(`${one}/`) || pointer.startsWith(`${one}[`));
    if (field === undefined) rest.push(detail);
    else fields.set(field, [fields.get(field), sentence(detail)].filter(Boolean).join(' '));
  }
  return { fields, rest };
}
