import { expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { Normaliser } from '../../../activities/normalise/normalise.ts';
import { ShapeBook } from '../../../activities/normalise/shape-book.ts';
import { compileTarget } from '../../../activities/plan/compile-target.ts';
import payments from '../../../pipelines/payments/pipeline.ts';
import type { Mapping } from '../../../workflows/definition/index.ts';
import { shippedMappings } from '../../support/payments.ts';

const shipped = shippedMappings();

interface Row {
  readonly source_id: string;
  readonly [column: string]: unknown;
}

interface Aside {
  readonly source_id: string;
  readonly mapping_id: string | null;
  readonly misfit: string | null;
  readonly reason: string | null;
  readonly record: string | null;
  readonly beside: string | null;
}

const BESIDE = ['merchant', 'transactional_id', 'created_at'];

/** Normalises records, which are called `0`, `1`, … */
async function normalised(
  records: readonly (string | null)[],
  { mappings = shipped, beside = {} }: { mappings?: readonly Mapping[]; beside?: Record<string, string> } = {},
): Promise<{ rows: Row[]; aside: Aside[]; unknown: readonly string[] }> {
  const { into, embedded = [] } = payments.drain!;
  const normaliser = new Normaliser(compileTarget(into, 'UTC'), embedded, new ShapeBook(mappings), BESIDE);
  return withSession(undefined, async (session) => {
    await session.run(
      `CREATE TABLE batch (source_id VARCHAR, record VARCHAR, ${BESIDE.map((name) => `row_${name} VARCHAR`).join(', ')})`,
    );
    const appender = await session.connection.createAppender('batch');
    for (const [index, record] of records.entries()) {
      appender.appendVarchar(String(index));
      for (const text of [record, ...BESIDE.map((name) => beside[name] ?? null)])
        if (text === null) appender.appendNull();
        else appender.appendVarchar(text);
      appender.endRow();
    }
    appender.closeSync();
    const { rows, aside, unknown } = await normaliser.normalise(session, 'batch');
    return {
      rows: rows ? await session.rows<Row>(`SELECT * FROM ${rows} ORDER BY CAST(source_id AS INTEGER)`) : [],
      aside: await session.rows<Aside>(`SELECT * FROM ${aside} ORDER BY CAST(source_id AS INTEGER)`),
      unknown: unknown.map(({ id }) => id),
    };
  });
}

test('the shipped examples come out right, to the cent', async () => {
  const { rows, aside } = await normalised([
    '{"amt":25.84,"p_id":"Stripe","exec_ms":402,"st_code":1,"server_txt":"00_SUCCESS","card_country":"ES"}',
    '{"meta":{"code":200,"latency":741},"status":"APPROVED","provider":"PayU","origin_iso":"AR","amount_details":{"value":422.45,"currency":"USD"}}',
    '{"type":"XML_BLOB","content":"<Tx><MerchID>M-77</MerchID><Val>129.97</Val><Stat>APPROVED</Stat></Tx>"}',
    JSON.stringify('id,provider,amount,currency,status\ntx_9,"Adyen, NL",12.30,EUR,declined\n'),
    JSON.stringify('tx_8;Kushki;1.50;COP;approved'),
    '{"id":"tx_123","amount":100.50,"status":"approved"}',
    '{"transaction_id":"pay_456","value":250,"state":"declined"}',
  ]);
  expect(aside).toEqual([]);
  expect(
    rows.map(({ provider, amount, currency, status, status_raw, transactional_id, merchant_id, latency_ms }) => [
      ...[provider, amount, currency, status, status_raw, transactional_id, merchant_id, latency_ms],
    ]),
  ).toEqual([
    ['Stripe', '25.840000000', null, 'approved', '00_SUCCESS', null, null, '402'],
    ['PayU', '422.450000000', 'USD', 'approved', 'APPROVED', null, null, '741'],
    [null, '129.970000000', null, 'approved', 'APPROVED', null, 'M-77', null],
    ['Adyen, NL', '12.300000000', 'EUR', 'declined', 'declined', 'tx_9', null, null],
    ['Kushki', '1.500000000', 'COP', 'approved', 'approved', 'tx_8', null, null],
    [null, '100.500000000', null, 'approved', 'approved', 'tx_123', null, null],
    [null, '250.000000000', null, 'declined', 'declined', 'pay_456', null, null],
  ]);
  expect(rows[0]).toMatchObject({ card_country: 'ES', mapping_id: 'stripe-flat', mapping_version: 1 });
  expect(rows[1]).toMatchObject({ origin_country: 'AR', mapping_id: 'payu-nested' });
});

test('what stands beside a record fills what its mapping does not say', async () => {
  const { rows } = await normalised(['{"id":"tx_123","amount":100.50,"status":"approved"}'], {
    beside: {
      merchant: '{"id":"m1","name":"La Tienda","country":"MX"}',
      transactional_id: 'beside',
      created_at: '2026-01-02 03:04:05.123+00',
    },
  });
  expect(rows[0]).toMatchObject({
    merchant_id: 'm1',
    merchant_name: 'La Tienda',
    merchant_country: 'MX',
    transactional_id: 'tx_123',
    occurred_at: '2026-01-02 03:04:05.123+00',
  });
});

const minimal = (amount: string, status = 'approved', currency?: string): string =>
  `{"id":"t","amount":${amount},"status":"${status}"${currency === undefined ? '' : `,"currency":"${currency}"`}}`;

test('amounts are exact: digits that a double would lose, small ones, exponents', async () => {
  const { rows, aside } = await normalised(
    [
      '12345678901234567.89',
      '0.000000012',
      '1.5e3',
      '99999999999999999999999999999.999999999',
      '1e-9',
      '7E0',
      '12.3400000000000000',
    ].map((amount) => minimal(amount)),
  );
  expect(aside).toEqual([]);
  expect(rows.map(({ amount }) => amount)).toEqual([
    '12345678901234567.890000000',
    '0.000000012',
    '1500.000000000',
    '99999999999999999999999999999.999999999',
    '0.000000001',
    '7.000000000',
    '12.340000000',
  ]);
});

test('a bad record costs that record, with its reason', async () => {
  const { rows, aside, unknown } = await normalised([
    null,
    'null',
    '17',
    'true',
    '[{"id":"t","amount":1,"status":"approved"}]',
    '"just words"',
    JSON.stringify('a,b\n1,2\n3,4'),
    JSON.stringify('id,provider,amount,currency,status\nt,"open,1,EUR,approved'),
    '{"type":"XML_BLOB","content":"<Tx><MerchID>M</MerchID><Val>1.00</Val><Sta"}',
    '{"type":"XML_BLOB","content":"<Tx><MerchID>M</MerchID><Val>12,5 EUR</Val><Stat>APPROVED</Stat></Tx>"}',
    minimal('1000000000000000000000000000000'),
    minimal('1e400'),
    minimal('0.0000000001'),
    minimal('-5'),
    minimal('-5', 'refunded'),
    minimal('5', 'approved', 'DOGE'),
    minimal('5', 'approved', 'EUR'),
  ]);
  expect(rows.map(({ source_id, amount }) => [source_id, amount])).toEqual([
    ['14', '-5.000000000'],
    ['16', '5.000000000'],
  ]);
  expect(aside.map(({ source_id, reason, misfit }) => [source_id, misfit, reason])).toEqual([
    ['0', null, 'there is no record: NULL'],
    ['1', null, 'the record is null, an object is expected'],
    ['2', null, 'the record is a number, an object is expected'],
    ['3', null, 'the record is true or false, an object is expected'],
    ['4', null, 'the record is a list, an object is expected'],
    ['5', null, 'the CSV text cannot be read: it has no delimiter'],
    ['6', null, 'the CSV text holds 2 records, one is expected'],
    ['7', null, 'the CSV text cannot be read: a quote is open at its end'],
    ['8', null, expect.stringMatching(/^the XML is not well-formed: /)],
    ['9', 'amount', 'amount: not a decimal(38,9)'],
    ['10', 'amount', 'amount: not a decimal(38,9)'],
    ['11', 'amount', 'amount: not a decimal(38,9)'],
    ['12', 'amount', 'amount: not a decimal(38,9)'],
    ['13', null, 'amount: less than zero is a refund or a chargeback, and the status says neither'],
    ['15', 'currency', 'currency: not one of its values'],
  ]);
  expect(unknown).toEqual([]);
});

test('a shape without a mapping is parked, never guessed', async () => {
  const { rows, aside, unknown } = await normalised([
    '{"id":"t","amount":"1.234,56","status":"approved"}',
    '{"id":"t","amount":1,"status":"approved","tip":2}',
    '{"id":"t","amount":null,"status":"approved"}',
    '{"status":"approved","amount":1,"id":"t"}',
  ]);
  expect(rows.map(({ source_id }) => source_id)).toEqual(['3']);
  expect(aside.map(({ reason, mapping_id }) => [reason, mapping_id])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
  expect(new Set(unknown).size).toBe(3);
});

test('a record that is nested too deeply for anybody is put aside', async () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const { aside, unknown } = await normalised([deep, `{"list":[${'{"a":1},'.repeat(2_000)}{"b":2}]}`]);
  expect(aside.map(({ reason }) => reason)).toEqual(['the record is nested too deeply', null]);
  expect(unknown).toHaveLength(1);
});
