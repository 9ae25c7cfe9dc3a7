import { identifier } from '../../../activities/duckdb/identifiers.ts';
import { ABILITIES, destinationName, type DestinationDefinition } from '../../../workflows/definition/index.ts';
import { code, expanded, property, text, type Literal } from './code.ts';
import type { NewModel, NewPipeline, NewSource } from './new-pipeline.ts';

/** `parquet` reads; what writes it has a name of its own. */
const WRITERS = {
  duckdb: 'duckdb',
  sqlite: 'sqlite',
  parquet: 'parquetFiles',
  postgres: 'postgres',
  ducklake: 'ducklake',
  bigquery: 'bigquery',
} as const;

/** Columns that a model names one by one; more than these do not fit on a screen. */
const MOST_NAMED = 40;

/** Characters of a path that a summary bears. */
const MOST_OF_PATH = 50;

/** `pipeline.ts`, formatted as this project's code is. */
export function definitionText(pipeline: NewPipeline, found: string): string {
  const { setting, sources, models, destination } = pipeline;
  const writer = WRITERS[destination.kind];
  const imports = [...new Set(['definePipeline', writer, ...sources.map(({ kind }) => kind)])].sort();
  return `import { ${imports.join(', ')} } from '../../workflows/definition/index.ts';

${placeText('result', destination)}
${listsText(pipeline)}
export default definePipeline({
  summary: ${text(summaryOf(pipeline))},
  inbox: ${text(setting)},
  sources: {
    // ${found}
${sources.map(sourceText).join('')}  },
  models: {
${models.map((model) => modelEntry(model, destination)).join('')}  },
});
`;
}

/** A destination by name: its place, and how it is loaded where that is said. */
function placeText(name: string, destination: DestinationDefinition): string {
  const { kind, ...rest } = destination;
  const { path, place, setting, ...options } = { path: undefined, place: undefined, setting: undefined, ...rest };
  const start = `const ${name} = ${WRITERS[kind]}(${text(path ?? place ?? setting ?? '')}`;
  const more = { ...options, ...(path !== undefined && setting !== undefined ? { setting } : {}) } as Record<
    string,
    Literal
  >;
  return Object.keys(more).length === 0 ? `${start});` : `${start}, ${code(more, 0, start.length + ', )'.length)});`;
}

function summaryOf({ sources, destination }: NewPipeline): string {
  const [first = '', ...others] = sources.map(({ path }) => path);
  const what = first.length > MOST_OF_PATH ? 'Files' : first;
  return `${what}${others.length > 0 ? ` and ${others.length} more` : ''} to ${destinationName(destination)}`;
}

function sourceText({ name, kind, path, options, columns }: NewSource): string {
  const lines = Object.entries(options).map(
    ([option, value]) => `      ${option}: ${code(value, 6, option.length + 2)},\n`,
  );
  return `    ${property(name)}: ${kind}(${text(path)}, {
${lines.join('')}      columns: ${expanded(columns, 6)},
    }),
`;
}

/** The same place for rows of lists, where the others are partitioned. */
function listsText({ models, destination }: NewPipeline): string {
  if (!models.some((model) => isElsewhere(model, destination))) return '';
  const { partitionBy: _, ...whole } = { partitionBy: undefined, ...destination };
  return `${placeText('lists', whole)}\n`;
}

function isElsewhere({ isList }: NewModel, destination: DestinationDefinition): boolean {
  return isList && 'partitionBy' in destination;
}

function modelEntry(model: NewModel, destination: DestinationDefinition): string {
  const { name, key, byPlace } = model;
  const note = byPlace && key[0] !== '_parent';
  const entry: Record<string, Literal> = { key };
  const inline = code(entry).slice(0, -2);
  return `${note ? '    // A row is known by its place in the files. Name the columns that identify it, where there are some.\n' : ''}    ${property(name)}: ${inline}, publish: [${isElsewhere(model, destination) ? 'lists' : 'result'}] },
`;
}

/** `models/<name>.sql`. */
export function modelText({ from, columns, key }: NewModel): string {
  const own = key.filter((column) => column.startsWith('_') && !columns.some((pair) => pair.column === column));
  const renamed = columns.some(({ column, as }) => column !== as);
  const source = `FROM source.${sqlName(from)}\n`;
  if (columns.length > MOST_NAMED && !renamed) {
    const places = own.includes('_parent') ? ['_file', '_line', '_offset'] : ['_file', '_line', '_offset', '_length'];
    return `SELECT * EXCLUDE (${places.filter((place) => !own.includes(place)).join(', ')})\n${source}`;
  }
  const selected = [
    ...own,
    ...columns.map(({ column, as }) => (column === as ? sqlName(column) : `${sqlName(column)} AS ${sqlName(as)}`)),
  ];
  return `SELECT\n${selected.map((column) => `  ${column}`).join(',\n')}\n${source}`;
}

/** In quotes where it must be: nobody knows all words that SQL keeps for itself, so few letters go without. */
function sqlName(name: string): string {
  return /^_?[a-z][a-z0-9]*_[a-z0-9_]+$|^_(file|line|offset|parent|position|row)$/.test(name) ? name : identifier(name);
}

/** `README.md`: no command in it is a block of its own, as those are promises that tests keep. */
export function readmeText({ name, setting, sources, models, destination, leftOut }: NewPipeline): string {
  const files = sources.map(({ path }) => `\`${path}\``).join(', ');
  const tables = models.map((model) => `\`${model.name}\``).join(', ');
  return `# ${name}

Reads ${files} from the folder that \`${setting}\` names, and publishes ${tables} to \`${destinationName(destination)}\`${ABILITIES[destination.kind].remote ? '' : " in this pipeline's output folder"}.
It was made by \`acequia init\` of a copy; from here on it is yours.

- Look at the types in \`pipeline.ts\`: they are what one set of files has shown. \`!\` behind a type forbids blanks.
- Name the columns that identify a row as \`key\`, and add checks.
- \`npm run acequia -- validate ${name}\`, then \`npm run start-workflow ${name} -- --inbox <folder>\`.
${leftOut.length > 0 ? `\nNot in the contract, as their names come out like those of others: ${leftOut.map((field) => `\`${field}\``).join(', ')}.\n` : ''}`;
}
