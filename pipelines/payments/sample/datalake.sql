-- 2,000 raw payment events of seven shapes, and 60 that are broken or of a shape that nobody has mapped yet. Every value comes
-- from the row's number, so that each filling is the same.
CREATE TABLE raw_transactions (
  id uuid PRIMARY KEY,
  data jsonb,
  merchant jsonb,
  transactional_id uuid,
  created_at timestamptz NOT NULL,
  processed boolean NOT NULL DEFAULT false,
  processed_at timestamptz
);

INSERT INTO raw_transactions (id, data, merchant, transactional_id, created_at)
SELECT
  md5('event ' || n)::uuid,
  CASE n % 7
    WHEN 0 THEN jsonb_build_object(
      'amt', amount, 'p_id', 'Stripe', 'exec_ms', 80 + n % 900, 'st_code', (ARRAY[1, 1, 1, 0, 2])[1 + n % 5],
      'server_txt', (ARRAY['00_SUCCESS', '00_SUCCESS', '00_SUCCESS', '05_DECLINED', '09_PENDING'])[1 + n % 5],
      'card_country', (ARRAY['ES', 'MX', 'AR', 'CO'])[1 + n % 4])
    WHEN 1 THEN jsonb_build_object(
      'meta', jsonb_build_object('code', 200, 'latency', 100 + n % 800),
      'status', (ARRAY['APPROVED', 'APPROVED', 'DECLINED', 'PENDING', 'REFUNDED'])[1 + n % 5], 'provider', 'PayU',
      'origin_iso', (ARRAY['AR', 'CL', 'PE'])[1 + n % 3],
      'amount_details', jsonb_build_object('value', amount, 'currency', (ARRAY['USD', 'ARS', 'EUR'])[1 + n % 3]))
    WHEN 2 THEN jsonb_build_object(
      'type', 'XML_BLOB',
      'content', format('<Tx><MerchID>M-%s</MerchID><Val>%s</Val><Stat>%s</Stat></Tx>', n % 40, amount,
        (ARRAY['APPROVED', 'DECLINED'])[1 + n % 2]))
    WHEN 3 THEN to_jsonb(format(E'id,provider,amount,currency,status\ntx_%s,Adyen,%s,EUR,%s', n, amount,
      (ARRAY['approved', 'declined'])[1 + n % 2]))
    WHEN 4 THEN to_jsonb(format('tx_%s,Kushki,%s,COP,%s', n, amount, (ARRAY['approved', 'error'])[1 + n % 2]))
    WHEN 5 THEN jsonb_build_object('id', 'tx_' || n, 'amount', amount, 'status', (ARRAY['approved', 'declined'])[1 + n % 2])
    ELSE jsonb_build_object('transaction_id', 'pay_' || n, 'value', amount, 'state', (ARRAY['approved', 'declined'])[1 + n % 2])
  END,
  CASE WHEN n % 10 < 9 THEN
    jsonb_build_object('id', 'm_' || n % 40, 'name', 'Merchant ' || n % 40, 'country', (ARRAY['ES', 'MX', 'AR'])[1 + n % 3])
  END,
  md5('transaction ' || n)::uuid,
  timestamptz '2026-06-01 00:00:00+00' + n * interval '20 minutes'
FROM (SELECT n, round((n * 7919 % 100000)::numeric / 100 + 0.01, 2) AS amount FROM generate_series(1, 2000) AS n) AS numbers;

-- Broken ones: each costs itself.
INSERT INTO raw_transactions (id, data, created_at)
SELECT md5('broken ' || n)::uuid, data, timestamptz '2026-06-02 00:00:00+00' + n * interval '1 hour'
FROM unnest(ARRAY[
  NULL,
  'null',
  '17',
  '[]',
  '"a few words"',
  '{"type": "XML_BLOB", "content": "<Tx><MerchID>M-1</MerchID><Val>12.00</Val><Sta"}',
  '{"type": "XML_BLOB", "content": "<Tx><MerchID>M-1</MerchID><Val>12,5 EUR</Val><Stat>APPROVED</Stat></Tx>"}',
  '"id,provider,amount,currency,status\ntx_1,\"Adyen,10.00,EUR,approved"',
  '{"id": "tx_a", "amount": 1234567890123456789012345678901234567890, "status": "approved"}',
  '{"id": "tx_b", "amount": -5, "status": "approved"}',
  '{"id": "tx_c", "amount": 5, "status": "approved", "currency": "DOGE"}',
  '{"amt": 10.5, "p_id": "Stripe", "st_code": 1, "card_country": "Spain"}'
]::jsonb[]) WITH ORDINALITY AS broken (data, n);

-- Shapes without a mapping: they wait until somebody approves one (acequia mappings list).
INSERT INTO raw_transactions (id, data, created_at)
SELECT
  md5('unknown ' || n)::uuid,
  CASE WHEN n % 2 = 0
    THEN jsonb_build_object('monto', format('%s.234,56', 1 + n % 9), 'moneda', 'EUR', 'estado', 'APROBADA', 'referencia', 'ref-' || n,
      'pais', 'ES', 'fecha', '2026-06-0' || 1 + n % 9 || 'T10:00:00Z')
    ELSE jsonb_build_object('txn', jsonb_build_object('uid', 'u-' || n, 'total', 10.25 + n, 'ccy', 'USD'), 'result', 'DECLINED')
  END,
  timestamptz '2026-06-03 00:00:00+00' + n * interval '1 hour'
FROM generate_series(1, 48) AS n;

CREATE INDEX raw_transactions_waiting ON raw_transactions (created_at, id) WHERE NOT processed;
ANALYZE raw_transactions;
