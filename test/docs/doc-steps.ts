/** What a page asks its reader to do: a command to type, or a file to write. */
export type DocStep =
  | { readonly kind: 'run'; readonly command: string }
  /** A block of TypeScript or SQL whose first line names the file it belongs in. */
  | { readonly kind: 'write'; readonly path: string; readonly text: string };

interface Block {
  readonly language: string;
  readonly lines: readonly string[];
}

/** The steps of a page of Markdown, in its order: fenced `sh` blocks, blocks indented by four spaces, and named files. */
export function docSteps(markdown: string): DocStep[] {
  return blocks(markdown).flatMap(({ language, lines }): DocStep[] => {
    if (language === 'sh') return commands(lines).map((command) => ({ kind: 'run', command }));
    const path = /^(?:\/\/|--) (\S+\.\w+)$/.exec(lines[0] ?? '')?.[1];
    return path === undefined ? [] : [{ kind: 'write', path, text: `${lines.join('\n')}\n` }];
  });
}

function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let fence: { language: string; lines: string[] } | undefined;
  let indented: string[] | undefined;
  let blankBefore = true;
  for (const line of markdown.split('\n')) {
    const opening = /^```(\w*)/.exec(line);
    if (opening) {
      if (fence) found.push(fence);
      fence = fence ? undefined : { language: opening[1] ?? '', lines: [] };
    } else if (fence) {
      fence.lines.push(line);
    } else if (line.startsWith('    ') && (indented || blankBefore)) {
      if (!indented) found.push({ language: 'sh', lines: (indented = []) });
      indented.push(line.slice(4));
    } else if (line.trim() !== '') {
      indented = undefined;
    }
    blankBefore = line.trim() === '';
  }
  return found;
}

/** One command a line; a line that ends inside quotes or with a backslash goes on. */
function commands(lines: readonly string[]): string[] {
  const found: string[] = [];
  let open = '';
  for (const line of lines) {
    if (open === '' && (line.trim() === '' || line.startsWith('#'))) continue;
    open += open === '' ? line : `\n${line}`;
    if (goesOn(open)) continue;
    found.push(open);
    open = '';
  }
  if (open !== '') throw new Error(`a command does not end: ${open}`);
  return found;
}

function goesOn(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\' && quote !== "'") index += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '' || /(^|[^\\])\\$/.test(text);
}
