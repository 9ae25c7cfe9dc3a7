import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../activities/normalise/compile-mapping.ts';
import { proposeMapping, type Proposal } from '../../../activities/normalise/propose-mapping.ts';
import { sampleValues } from '../../../activities/normalise/sample-values.ts';
import { shapeOf, structureOf } from '../../../activities/normalise/shape.ts';
import { profileOf } from '../../../activities/normalise/value-profile.ts';
import { compileTarget } from '../../../activities/plan/compile-target.ts';
import payments from '../../../pipelines/payments/pipeline.ts';
import { mappingSchema } from '../../../workflows/definition/mapping-schema.ts';
import { fits } from '../../../workflows/definition/shape-fit.ts';

const target = compileTarget(payments.drain!.into, 'UTC');

function proposed(...records: readonly object[]): Proposal {
  const shape = shapeOf(structureOf(records[0]));
  const texts = records.map((record) => JSON.stringify(record));
  return proposeMapping(shape, sampleValues(texts, []), target);
}

describe('what a shape is proposed to become', () => {
  test('Spanish names, a decimal comma, days before months', () => {
    const { mapping, missing } = proposed(
      { monto: '1.234,56', moneda: 'EUR', Estado: 'APROBADA', referencia: 'r-1', país: 'ES', fecha: '31/12/2026' },
      { monto: '12,5', moneda: 'USD', Estado: 'rechazada', referencia: 'r-2', país: 'MX', fecha: '01/02/2026' },
    );
    expect(missing).toEqual([]);
    expect(mapping.columns).toEqual({
      transactional_id: { path: 'referencia' },
      amount: { path: 'monto', formats: ['1.234,56'] },
      currency: { path: 'moneda' },
      status: { path: 'Estado', lookup: { APROBADA: 'approved', rechazada: 'declined' }, otherwise: 'unknown' },
      status_raw: { path: 'Estado' },
      origin_country: { path: 'país' },
      occurred_at: { path: 'fecha', formats: ['DD/MM/YYYY'] },
    });
  });

  test('Portuguese names in objects, epoch milliseconds', () => {
    const { mapping, missing } = proposed({
      pagamento: { valor: 10.5, moeda: 'BRL', situação: 'Recusado', criadoEm: 1767225600000 },
      lojista: { id: 'l-1', nome: 'Loja', país: 'BR' },
    });
    expect(missing).toEqual([]);
    expect(mapping.columns).toMatchObject({
      merchant_id: { path: 'lojista.id' },
      merchant_name: { path: 'lojista.nome' },
      merchant_country: { path: 'lojista.país' },
      amount: { path: 'pagamento.valor' },
      currency: { path: 'pagamento.moeda' },
      status: { path: 'pagamento.situação', lookup: { Recusado: 'declined' } },
      occurred_at: { path: 'pagamento.criadoEm', epoch: 'milliseconds' },
    });
  });

  test('money that names its currency becomes both', () => {
    const { mapping } = proposed(
      { importe: '12,5 EUR', estado: 'devuelto' },
      { importe: '1.000,00 EUR', estado: 'ok' },
    );
    expect(mapping.columns['amount']).toMatchObject({ path: 'importe', formats: ['1.234,56'] });
    expect(mapping.columns['currency']).toMatchObject({ path: 'importe' });
  });

  test('what can be read in two ways is not proposed, and the doubt is named', () => {
    const { missing, mapping } = proposed({ amount: '1,234', status: 'ok', date: '01/02/2026' });
    expect(missing).toEqual([
      {
        column: 'amount',
        why: 'amount: its numbers mean one thing with a decimal point and another with a decimal comma',
      },
    ]);
    expect(mapping.columns).not.toHaveProperty('occurred_at');
  });

  test('what fits nothing is missing', () => {
    expect(proposed({ a: 'x', b: [1] }).missing.map(({ column }) => column)).toEqual(['amount', 'status']);
  });
});

const name = fc.oneof(
  fc.constantFrom('monto', 'amount', 'Estado', 'status', 'moneda', 'fecha', 'data', 'id', 'valor', 'país', 'a b'),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const value = fc.oneof(
  fc.constantFrom('1.234,56', '12.50', '1,234', 'EUR', 'ES', 'APROBADA', '2026-01-02', '31/12/2026', 'x', '', '12 EUR'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const nested = fc.oneof(value, fc.dictionary(name, value, { maxKeys: 3 }), fc.array(value, { maxLength: 2 }));
const record = fc.dictionary(name, nested, { minKeys: 1, maxKeys: 6 }).filter((one) => !('__proto__' in one));

test('a proposal is a mapping: it validates, fits its shape and compiles', () => {
  fc.assert(
    fc.property(record, (one) => {
      const shape = shapeOf(structureOf(one));
      const { mapping } = proposed(one);
      expect(mappingSchema.safeParse(mapping).error).toBeUndefined();
      expect(fits(shape.paths, mapping.shape)).toBe(true);
      compileMapping(mapping, target, []);
    }),
  );
});

test('the order of names makes no difference', () => {
  fc.assert(
    fc.property(
      record.chain((one) =>
        fc.tuple(fc.constant(one), fc.shuffledSubarray(Object.keys(one), { minLength: Object.keys(one).length })),
      ),
      ([one, names]) => {
        const shuffled = Object.fromEntries(names.map((key) => [key, one[key]]));
        expect(proposed(shuffled)).toEqual(proposed(one));
      },
    ),
  );
});

test('a profile holds no value', () => {
  const profile = profileOf('name', 'text', ['Maria Secret', '4111111111111111', 'maria@secret.example']);
  expect(JSON.stringify(profile)).not.toMatch(/Maria|4111|secret/i);
  expect(profile).toMatchObject({ values: 3, distinct: 3, formats: { integer: 1, 'e-mail address': 1, text: 1 } });
});
