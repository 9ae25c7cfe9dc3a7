/**
 * A document type is read only as far as it changes no value: `<!DOCTYPE name>`, or with a subset of declarations that
 * describe elements and plain attributes. What declares entities, attributes with defaults or points to other files is
 * refused, and nothing is ever expanded or fetched.
 */

export type DocumentTypeProblem =
  { readonly kind: 'malformed'; readonly why: string } | { readonly kind: 'refused'; readonly why: string };

const NAME_START =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
// Combining characters first: behind another they would look like one character with it.
const NAME_CHAR = `\\u0300-\\u036F${NAME_START}\\-.0-9\\u00B7\\u203F-\\u2040`;
const NAME = `[${NAME_START}][${NAME_CHAR}]*`;
const S = '[ \\t\\r\\n]';
const PUBLIC_ID = `(?:"[ \\r\\na-zA-Z0-9'()+,./:=?;!*#@$_%-]*"|'[ \\r\\na-zA-Z0-9()+,./:=?;!*#@$_%-]*')`;
const SYSTEM_ID = `(?:"[^"]*"|'[^']*')`;
const EXTERNAL_ID = `(?:SYSTEM${S}+${SYSTEM_ID}|PUBLIC${S}+${PUBLIC_ID}${S}+${SYSTEM_ID})`;

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`, 'su');
const HEAD = new RegExp(`^${S}+${NAME}(?:${S}+(${EXTERNAL_ID}))?${S}*(?:\\[(.*)\\]${S}*)?$`, 'su');
const COMMENT = /^<!--(?:(?!--)[^])*-->/u;
const INSTRUCTION = new RegExp(`^<\\?(?![xX][mM][lL]${S}|[xX][mM][lL]\\?)${NAME}(?:${S}(?:(?!\\?>)[^])*)?\\?>`, 'u');
const DECLARATION = /^<!([A-Z]+)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/u;
const WHITE = new RegExp(`^${S}+`, 'u');
const REFERENCE = new RegExp(`^%${NAME};`, 'u');

const MIXED = `\\(${S}*#PCDATA(?:(?:${S}*\\|${S}*${NAME})*${S}*\\)\\*|${S}*\\))`;
const ELEMENT = whole(`${S}+${NAME}${S}+(?:EMPTY|ANY|${MIXED}|(\\(.*\\)[?*+]?))${S}*`);
const NOTATION = whole(`${S}+${NAME}${S}+(?:${EXTERNAL_ID}|PUBLIC${S}+${PUBLIC_ID})${S}*`);
const ATTRIBUTES_HEAD = new RegExp(`^${S}+${NAME}`, 'u');
const ATTRIBUTE = new RegExp(
  `^${S}+${NAME}${S}+(CDATA|ID|IDREF|IDREFS|ENTITY|ENTITIES|NMTOKEN|NMTOKENS|(?:NOTATION${S}+)?\\([^()"'<>]*\\))` +
    `${S}+(#REQUIRED|#IMPLIED|(?:#FIXED${S}+)?${SYSTEM_ID})`,
  'u',
);

/** What is wrong with a document type; `text` is what stands between `<!DOCTYPE` and `>`. Nothing: it is harmless. */
export function documentTypeProblem(text: string): DocumentTypeProblem | undefined {
  const head = HEAD.exec(text);
  if (!head) return { kind: 'malformed', why: 'The document type declaration makes no sense.' };
  const problem = head[2] === undefined ? undefined : subsetProblem(head[2]);
  if (problem?.kind === 'malformed' || head[1] === undefined) return problem;
  return { kind: 'refused', why: 'Its document type points to another file.' };
}

function subsetProblem(subset: string): DocumentTypeProblem | undefined {
  let refused: DocumentTypeProblem | undefined;
  let rest = subset;
  while (rest !== '') {
    const skipped = WHITE.exec(rest) ?? COMMENT.exec(rest) ?? INSTRUCTION.exec(rest);
    const reference = skipped ? null : REFERENCE.exec(rest);
    const declaration = skipped || reference ? null : DECLARATION.exec(rest);
    const found = skipped ?? reference ?? declaration;
    if (!found) return { kind: 'malformed', why: 'The document type holds something that is no declaration.' };
    if (reference) return { kind: 'refused', why: 'Its document type refers to an entity.' };
    if (declaration) {
      const problem = declarationProblem(declaration[1] ?? '', declaration[2] ?? '');
      if (problem?.kind === 'malformed') return problem;
      refused ??= problem;
    }
    rest = rest.slice(found[0].length);
  }
  return refused;
}

function declarationProblem(keyword: string, body: string): DocumentTypeProblem | undefined {
  const malformed = { kind: 'malformed', why: `A declaration of the document type is malformed: ${keyword}.` } as const;
  switch (keyword) {
    case 'ELEMENT': {
      const match = ELEMENT.exec(body);
      return match && (match[1] === undefined || isContentModel(match[1])) ? undefined : malformed;
    }
    case 'NOTATION':
      return NOTATION.test(body) ? undefined : malformed;
    case 'ATTLIST':
      return attributesProblem(body) ?? undefined;
    case 'ENTITY':
      return { kind: 'refused', why: 'Its document type declares entities.' };
    default:
      return malformed;
  }
}

/** Attributes of plain text with no default are what they are written as; others are changed by their declaration. */
function attributesProblem(body: string): DocumentTypeProblem | undefined {
  const malformed = { kind: 'malformed', why: 'A declaration of the document type is malformed: ATTLIST.' } as const;
  let rest = body.slice(ATTRIBUTES_HEAD.exec(body)?.[0].length ?? 0);
  if (rest === body) return malformed;
  let refused: DocumentTypeProblem | undefined;
  while (!new RegExp(`^${S}*$`, 'u').test(rest)) {
    const found = ATTRIBUTE.exec(rest);
    if (!found || !isAttributeType(found[1] ?? '')) return malformed;
    if (found[1] !== 'CDATA') {
      refused ??= { kind: 'refused', why: 'Its document type declares attributes that are not plain text.' };
    }
    if (!/^#[RI]/.test(found[2] ?? '')) {
      refused ??= { kind: 'refused', why: 'Its document type gives attributes a default.' };
      if (/<|&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)/.test(found[2] ?? '')) return malformed;
    }
    rest = rest.slice(found[0].length);
  }
  return refused;
}

function isAttributeType(type: string): boolean {
  if (!type.includes('(')) return true;
  const token = type.startsWith('NOTATION') ? NAME : `[${NAME_CHAR}]+`;
  return whole(`[^(]*\\(${S}*${token}(?:${S}*\\|${S}*${token})*${S}*\\)`).test(type);
}

/** `(a, (b | c)*, d?)`: groups of names, of one kind of separator each. */
function isContentModel(text: string): boolean {
  const part = new RegExp(
    `\\(${S}*(?:@|${NAME})[?*+]?(?:(?:${S}*,${S}*(?:@|${NAME})[?*+]?)*|(?:${S}*\\|${S}*(?:@|${NAME})[?*+]?)*)${S}*\\)`,
    'gu',
  );
  let model = text.includes('@') ? '' : text;
  for (let before = ''; before !== model;) {
    before = model;
    model = model.replace(part, '@');
  }
  return /^@[?*+]?$/.test(model);
}
