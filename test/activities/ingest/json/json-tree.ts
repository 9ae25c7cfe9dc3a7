import fc from 'fast-check';

/** A JSON value whose numbers are text, and that knows how it was written. */
export type Tree =
  | { kind: 'null'; text?: string }
  | { kind: 'scalar'; type: 'string' | 'number' | 'boolean'; value: string; text?: string }
  | { kind: 'object'; members: [string, Tree][]; text?: string }
  | { kind: 'list'; entries: Tree[]; text?: string };

const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.constantFrom('0', '7', '10', '12345678901234567', `9${'1'.repeat(399)}`),
    fc.constantFrom('', '.5', '.89', '.10', `.${'3'.repeat(30)}`),
    fc.constantFrom('', 'e5', 'E-7', 'e+400'),
  )
  .map((parts): Tree => ({ kind: 'scalar', type: 'number', value: parts.join('') }));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', ' ', '12', 'true', 'null', '2024-01-01', '"', '\\', '\n\t\u0001', '😀', '\ufeff', 'a\u2028b'),
);
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'value', 'items') },
  fc.constantFrom('', 'a.b', '[]', 'a[]', '"', '\\', 'ñ', 'value', '__proto__', 'constructor', '\n'),
);

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<Tree>({ kind: 'null' }),
    number,
    text
      .filter((value) => !value.includes('\0'))
      .map((value): Tree => ({ kind: 'scalar', type: 'string', value: Buffer.from(value).toString() })),
    fc.boolean().map((value): Tree => ({ kind: 'scalar', type: 'boolean', value: String(value) })),
    fc.array(tie('tree'), { maxLength: 4 }).map((entries): Tree => ({ kind: 'list', entries })),
    fc
      .uniqueArray(fc.tuple(key, tie('tree')), { maxLength: 5, selector: ([name]) => name })
      .map((members): Tree => ({ kind: 'object', members })),
  ),
}));

export const anyTree = tree;
export const recordTree = fc
  .uniqueArray(fc.tuple(key, tree), { maxLength: 6, selector: ([name]) => name })
  .map((members): Tree => ({ kind: 'object', members }));

/** Writes a tree with whatever white space and escapes `choose` (below its argument) says, and notes each value's text. */
export function write(value: Tree, spaces: readonly string[], choose: (below: number) => number): string {
  const space = (): string => (choose(3) === 0 ? spaces[choose(spaces.length)]! : '');
  const quoted = (text: string): string => `"${Array.from(text, (character) => escaped(character, choose)).join('')}"`;
  const go = (tree: Tree): string => (tree.text = spell(tree));
  const spell = (tree: Tree): string => {
    if (tree.kind === 'null') return 'null';
    if (tree.kind === 'scalar') return tree.type === 'string' ? quoted(tree.value) : tree.value;
    const parts =
      tree.kind === 'list'
        ? tree.entries.map((entry) => `${space()}${go(entry)}${space()}`)
        : tree.members.map(([name, member]) => `${space()}${quoted(name)}${space()}:${space()}${go(member)}${space()}`);
    const inside = parts.length === 0 ? space() : parts.join(',');
    return tree.kind === 'list' ? `[${inside}]` : `{${inside}}`;
  };
  return go(value);
}

function escaped(character: string, choose: (below: number) => number): string {
  const must = character === '"' || character === '\\' || character < ' ';
  if (!must && choose(5) > 0) return character;
  const short: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '/': '\\/',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  const letter = short[character];
  if (letter !== undefined && choose(2) === 0) return letter;
  return Array.from({ length: character.length }, (_, i) => {
    const hex = character.charCodeAt(i).toString(16).padStart(4, '0');
    return `\\u${choose(2) === 0 ? hex : hex.toUpperCase()}`;
  }).join('');
}
