/** What a definition is written with. */
export type Literal = string | boolean | readonly string[] | { readonly [name: string]: Literal };

const WIDTH = 120;

/** A value as TypeScript, as this project formats it: on one line where it fits, else a line for each member. */
export function code(value: Literal, indent = 0, before = 0): string {
  const line = inline(value);
  // A comma follows.
  if (indent + before + line.length + 1 <= WIDTH) return line;
  if (typeof value !== 'object') return line;
  return isList(value) ? listed(value, indent) : expanded(value, indent);
}

function listed(items: readonly string[], indent: number): string {
  const pad = ' '.repeat(indent + 2);
  return `[\n${items.map((item) => `${pad}${text(item)},\n`).join('')}${' '.repeat(indent)}]`;
}

/** An object with a line for each member, however short. */
export function expanded(value: { readonly [name: string]: Literal }, indent: number): string {
  const pad = ' '.repeat(indent + 2);
  const members = Object.entries(value).map(([name, member]) => {
    const key = `${property(name)}: `;
    return `${pad}${key}${code(member, indent + 2, key.length)},\n`;
  });
  return `{\n${members.join('')}${' '.repeat(indent)}}`;
}

export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

/** With the quotes that need fewer escapes. */
export function text(value: string): string {
  const quote = value.split("'").length > value.split('"').length ? '"' : "'";
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

function inline(value: Literal): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(text).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${property(name)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function isList(value: Literal): value is readonly string[] {
  return Array.isArray(value);
}
