import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import type {
  DifferingRows,
  PipelineTests,
  RowsDifference,
  TestResult,
} from '../../../activities/model-test/test-result.ts';
import { count, counted } from '../figures.ts';
import { terminalText } from '../runs/terminal-text.ts';

const VALUE_WIDTH = 60;

/** What there is to say of the tests of a pipeline that did not pass, and why none could be run. */
export function resultText({ pipeline, problem, tests }: PipelineTests, colors: Colors): string[] {
  return [
    ...(problem === null ? [] : [`${pipeline}: ${problem}`]),
    ...tests.filter(({ status }) => status !== 'passed').map((test) => testText(pipeline, test, colors)),
  ];
}

function testText(
  pipeline: string,
  { model, name, where, status, problem, difference }: TestResult,
  colors: Colors,
): string {
  const of = `${pipeline}/${model}`;
  if (name === null) return `${colors.red(`${of}: cannot be run`)}\n${indented(problem ?? '')}`;
  const how = status === 'failed' ? 'failed' : 'cannot be run';
  return [
    colors.red(`${of}: ${how}: ${terminalText(name)}`),
    `  where: ${where}`,
    ...(problem === null ? [] : [indented(problem)]),
    ...(difference === null ? [] : differenceLines(difference)),
  ].join('\n');
}

function differenceLines({ columns, missing, unexpected, changed }: RowsDifference): string[] {
  return [
    ...rowsLines('expected and not made', columns, missing),
    ...rowsLines('made and not expected', columns, unexpected),
    ...changedLines(changed),
  ];
}

/** How often a row is there is told where some row is there in both, or more than once. */
function rowsLines(what: string, columns: readonly string[], { rows, examples }: DifferingRows): string[] {
  if (rows === 0) return [];
  const often = examples.some(({ expected, made }) => expected + made > 1);
  const table = tableOf([...columns.map((name) => terminalText(name)), ...(often ? ['how often'] : [])]);
  for (const { values, expected, made } of examples) {
    const times = often ? [`expected ${count(expected)}, made ${count(made)}`] : [];
    table.push([...columns.map((name) => valueText(values[name])), ...times]);
  }
  const shown = examples.reduce((sum, { expected, made }) => sum + Math.abs(expected - made), 0);
  return [`  ${counted(rows, 'row')} ${what}:`, indented(table.toString()), ...more(rows - shown)];
}

function changedLines({ rows, examples }: RowsDifference['changed']): string[] {
  const [first] = examples;
  if (!first) return [];
  const key = Object.keys(first.key);
  const table = tableOf([...key.map((name) => terminalText(name)), 'column', 'expected', 'made']);
  for (const row of examples) {
    for (const { column, expected, made } of row.cells) {
      table.push([
        ...key.map((name) => valueText(row.key[name])),
        ...[terminalText(column), valueText(expected), valueText(made)],
      ]);
    }
  }
  return [
    `  ${counted(rows, 'row')} made with other values:`,
    indented(table.toString()),
    ...more(rows - examples.length),
  ];
}

function tableOf(head: string[]) {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}

function more(left: number): string[] {
  return left > 0 ? [`  … and ${counted(left, 'more row')}`] : [];
}

/** A text that reads like NULL, or like nothing, is told apart. */
function valueText(value: string | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  return value === '' || value === 'NULL' || value.trim() !== value
    ? JSON.stringify(terminalText(value, VALUE_WIDTH))
    : terminalText(value, VALUE_WIDTH);
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
