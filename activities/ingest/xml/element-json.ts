import { isLayout, isNamespace, isTrue, isWhite, NIL } from './element-values.ts';

interface OpenElement {
  readonly name: string;
  /** Name, value, name, value … */
  readonly attributes: readonly string[];
  /** JSON texts of what stands inside, in its order. No name: text. */
  readonly content: { readonly name?: string; readonly json: string }[];
  text: string;
}

/**
 * Makes an element into JSON text: `"text"`, or `{"@id": "1", "child": …, "#text": "text"}`. Children of one name are a
 * list where there are several. With text between its elements it is `{"@id": "1", "#content": ["text ", {"b": "bold"}]}`,
 * so that the order is kept. All values are strings, as XML has no other; `xsi:nil="true"` is null.
 */
export class ElementJson {
  readonly #open: OpenElement[];

  constructor(attributes: readonly string[]) {
    this.#open = [{ name: '', attributes: [...attributes], content: [], text: '' }];
  }

  open(name: string, attributes: readonly string[]): void {
    flushText(this.#open.at(-1)!);
    this.#open.push({ name, attributes: [...attributes], content: [], text: '' });
  }

  text(text: string): void {
    this.#open.at(-1)!.text += text;
  }

  /** The text, when the element itself has ended. */
  close(): string | undefined {
    const element = this.#open.pop()!;
    const json = jsonOf(element);
    const parent = this.#open.at(-1);
    if (!parent) return json;
    parent.content.push({ name: element.name, json });
    return undefined;
  }
}

function flushText(element: OpenElement): void {
  if (element.text !== '') element.content.push({ json: JSON.stringify(element.text) });
  element.text = '';
}

function jsonOf(element: OpenElement): string {
  const { attributes, content, text } = element;
  const members: string[] = [];
  let isNil = false;
  for (let at = 0; at < attributes.length; at += 2) {
    const [name = '', value = ''] = attributes.slice(at, at + 2);
    if (name === NIL) isNil = isTrue(value);
    else if (!isNamespace(name)) members.push(member(`@${name}`, JSON.stringify(value)));
  }
  if (content.every(({ name }) => name === undefined)) {
    if (members.length === 0) return text === '' && isNil ? 'null' : JSON.stringify(text);
    if (text !== '' && !isLayout(text)) members.push(member('#text', JSON.stringify(text)));
    return `{${members.join(',')}}`;
  }
  flushText(element);
  const mixed = content.some(({ name, json }) => name === undefined && !isWhite(String(JSON.parse(json))));
  if (mixed) {
    const parts = content.map(({ name, json }) => (name === undefined ? json : `{${member(name, json)}}`));
    members.push(member('#content', `[${parts.join(',')}]`));
    return `{${members.join(',')}}`;
  }
  const children = new Map<string, string[]>();
  for (const { name, json } of content) {
    if (name === undefined) continue;
    const same = children.get(name);
    if (same) same.push(json);
    else children.set(name, [json]);
  }
  for (const [name, texts] of children)
    members.push(member(name, texts.length === 1 ? texts[0]! : `[${texts.join(',')}]`));
  return `{${members.join(',')}}`;
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}
