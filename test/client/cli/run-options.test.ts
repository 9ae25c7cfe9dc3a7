import { expect, test } from 'vitest';
import { runOptions } from '../../../client/cli/run-options.ts';

const project = { pipelines: ['sales'], tables: ['ventas', 'clientes'] };

test('only what was asked goes into the plan', () => {
  expect(runOptions(['sales'], {}, project, '/here')).toEqual({ pipelines: ['sales'], options: {} });
  expect(
    runOptions([], { asOf: '2024-02-29', inbox: 'in', tables: ['ventas', 'ventas'], anyAge: true }, project, '/here'),
  ).toEqual({ pipelines: [], options: { asOf: '2024-02-29', inbox: '/here/in', tables: ['ventas'], anyAge: true } });
});

test('a pipeline behind a list is no table of it', () => {
  expect(runOptions([], { tables: ['ventas', 'sales'] }, project, '/here')).toEqual({
    pipelines: ['sales'],
    options: { tables: ['ventas'] },
  });
});

test.each(['2025-02-29', '2025-13-01', 'yesterday', '01/02/2025'])('%s is no day', (asOf) => {
  expect(() => runOptions([], { asOf }, project, '/here')).toThrow(expect.objectContaining({ exitCode: 2 }));
});
