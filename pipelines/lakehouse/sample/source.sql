-- The source of a streaming service that lives on subscriptions: accounts that pay for plans and watch contents.
-- Plain SQL for an empty Postgres database, version 14 or newer. The same rows every time: what looks random is taken
-- from a digest of the row's number, and no clock is asked. All names are made up; nothing here is of a person.
--
-- Every instant lies before 2026-06-30 00:00 UTC, the as-of date of the sample; the newest are of the day before. Rows are
-- changed late: `updated_at` is often weeks or months after `created_at`, so that loading what is new by it finds old rows.

SET TIME ZONE 'UTC';
SET client_min_messages = warning;

-- Pseudo-random numbers -----------------------------------------------------------------------------------------------

-- A number from 0 to 2^32 - 1 for a row: another for each purpose, the same for ever.
CREATE FUNCTION pick(purpose text, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || substr(md5('acequia ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint
$$;

-- The same from 0 to choices - 1.
CREATE FUNCTION pick(purpose text, n bigint, choices integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (('x' || substr(md5('acequia ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % choices)::integer
$$;

-- One of some words.
CREATE FUNCTION pick_word(purpose text, n bigint, words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT words[1 + (('x' || substr(md5('acequia ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % array_length(words, 1))::integer]
$$;

-- An identifier that is a digest: a UUID of version 8, which says that its bits have a meaning of their own.
CREATE FUNCTION pick_uuid(purpose text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT overlay(overlay(md5('acequia uuid ' || purpose || ' ' || n) PLACING '8' FROM 13 FOR 1) PLACING 'a' FROM 17 FOR 1)::uuid
$$;

-- When a row was last changed: mostly within hours, at times months later, and never after the last minute of 2026-06-29.
CREATE FUNCTION pick_update(purpose text, n bigint, created timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(created, least(
    created + CASE
      WHEN ('x' || substr(md5('acequia late ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % 100 < 55
        THEN make_interval(secs => ('x' || substr(md5('acequia soon ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % 7200)
      ELSE make_interval(secs => ('x' || substr(md5('acequia months ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % 25920000)
    END,
    timestamptz '2026-06-29 23:59:00+00' - make_interval(secs => ('x' || substr(md5('acequia last ' || purpose || ' ' || n), 1, 8))::bit(32)::bigint % 80000)
  ))
$$;

-- Types ---------------------------------------------------------------------------------------------------------------

CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'past_due', 'paused', 'cancelled');
CREATE TYPE payment_status AS ENUM ('pending', 'succeeded', 'failed', 'refunded');

-- What can be subscribed to. One price a plan and currency; a plan that is no longer sold stays for those who have it.
CREATE TABLE plans (
  plan_code text PRIMARY KEY CHECK (plan_code ~ '^[A-Z]+(-[A-Z]+)*$'),
  name text NOT NULL,
  monthly_price numeric(12, 2) NOT NULL CHECK (monthly_price >= 0),
  currency char(3) NOT NULL,
  billing_months smallint NOT NULL CHECK (billing_months IN (1, 12)),
  max_streams smallint NOT NULL,
  offered_in text[] NOT NULL,
  -- How much the plan weighs when the cost of licences is shared out, as the accountants have it: with as many digits as it takes.
  cost_share numeric NOT NULL,
  retired_on date,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);
COMMENT ON TABLE plans IS 'What can be subscribed to, by its code.';

-- What a plan brings besides the films: downloads, a second screen. A feature may be switched off while it is mended.
CREATE TABLE premium_features (
  feature_id integer PRIMARY KEY,
  plan_code text NOT NULL REFERENCES plans,
  feature_key text NOT NULL,
  title text NOT NULL,
  description text,
  enabled boolean NOT NULL,
  -- How much of it: 4 screens, 1.5 times the bitrate. NULL where it is there or not.
  quota numeric,
  settings jsonb NOT NULL,
  available_from date NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at),
  UNIQUE (plan_code, feature_key)
);
COMMENT ON TABLE premium_features IS 'What a plan brings besides the contents, one row a plan and feature.';

-- Who has signed up. An account without a name has not finished its profile; an empty name was wiped on request.
CREATE TABLE accounts (
  account_id bigint PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,
  email text NOT NULL UNIQUE,
  display_name text,
  country char(2) NOT NULL,
  language text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'paused', 'cancelled')),
  marketing_consent boolean,
  born_on date,
  referred_by bigint REFERENCES accounts,
  -- Winter time of the country, as the sign-up form notes it: without a zone.
  signed_up_local timestamp NOT NULL,
  balance numeric(12, 2) NOT NULL,
  preferences jsonb NOT NULL CHECK (jsonb_typeof(preferences) = 'object'),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);
COMMENT ON TABLE accounts IS 'Who has signed up, one row an account. E-mail addresses are of example.com, names are made up.';

-- What an account pays for and since when. An account may have had several, one after the other.
CREATE TABLE subscriptions (
  subscription_id bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  plan_code text NOT NULL REFERENCES plans,
  status subscription_status NOT NULL,
  started_on date NOT NULL,
  ended_on date CHECK (ended_on >= started_on),
  trial_ends_at timestamptz,
  cancel_reason text,
  discount_percent numeric(5, 2),
  auto_renew boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at),
  CHECK ((status = 'cancelled') = (ended_on IS NOT NULL))
);
COMMENT ON TABLE subscriptions IS 'What an account pays for and since when, one row a subscription; an ended one stays.';

-- What can be watched: films, episodes, documentaries and concerts.
CREATE TABLE contents (
  content_id bigint PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  title text NOT NULL,
  original_title text,
  kind text NOT NULL CHECK (kind IN ('film', 'episode', 'documentary', 'concert')),
  synopsis text NOT NULL,
  released_on date,
  runtime_minutes integer NOT NULL CHECK (runtime_minutes > 0),
  -- A list of objects, the weightiest first: [{"tag": "drama", "weight": 0.75}]. Empty while nobody has tagged it.
  tags jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'array'),
  audio_languages text[] NOT NULL,
  mean_rating numeric,
  published boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);
COMMENT ON TABLE contents IS 'What can be watched, one row a title.';

-- Facts of a content by name, four for each: whoever licenses them adds new names without asking.
CREATE TABLE content_attributes (
  content_id bigint NOT NULL REFERENCES contents,
  attribute text NOT NULL,
  value text,
  source text NOT NULL,
  confidence numeric(4, 3),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at),
  PRIMARY KEY (content_id, attribute)
);
COMMENT ON TABLE content_attributes IS 'Facts of a content by name; an empty value was looked up and not found, NULL was not looked up.';

-- What was charged for a subscription, each attempt a row; a refund is a status and a sum, not a row.
CREATE TABLE payments (
  payment_id bigint PRIMARY KEY,
  gateway_reference uuid NOT NULL UNIQUE,
  subscription_id bigint NOT NULL REFERENCES subscriptions,
  account_id bigint NOT NULL REFERENCES accounts,
  status payment_status NOT NULL,
  amount numeric(12, 2) NOT NULL CHECK (amount > 0),
  refunded_amount numeric(12, 2),
  currency char(3) NOT NULL,
  exchange_rate numeric NOT NULL,
  method text NOT NULL CHECK (method IN ('card', 'direct_debit', 'wallet', 'voucher')),
  due_on date NOT NULL,
  paid_at timestamptz,
  failure_code text,
  -- The gateway's answer as it came, decimals with all their digits.
  gateway_response jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);
COMMENT ON TABLE payments IS 'What was charged for a subscription, one row an attempt.';

-- Who watched what, when, on which device, and how far. One that is not over has no end.
CREATE TABLE viewing_sessions (
  session_id uuid PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  content_id bigint NOT NULL REFERENCES contents,
  device text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  watched_seconds integer NOT NULL CHECK (watched_seconds >= 0),
  completed boolean NOT NULL,
  -- Megabits a second, as the player measured it.
  mean_bitrate double precision,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);
COMMENT ON TABLE viewing_sessions IS 'Who watched what, when and how far, one row a session.';

-- Rows ----------------------------------------------------------------------------------------------------------------

INSERT INTO plans VALUES
  ('BASIC', 'Basic', 6.99, 'EUR', 1, 1, '{ES,FR,DE,IT,PT}', 0.333333333333333333333333333333, NULL, '2024-01-08 09:00+00', '2026-02-02 08:15+00'),
  ('STANDARD', 'Standard', 11.99, 'EUR', 1, 2, '{ES,FR,DE,IT,PT,GB}', 1, NULL, '2024-01-08 09:00+00', '2026-02-02 08:15+00'),
  ('PREMIUM', 'Premium', 17.99, 'EUR', 1, 4, '{ES,FR,DE,IT,PT,GB}', 1.50, NULL, '2024-01-08 09:00+00', '2026-06-29 07:30+00'),
  ('FAMILY', 'Family', 21.49, 'EUR', 1, 6, '{ES,FR,DE}', 1.7500000000000000000001, NULL, '2024-09-02 10:00+00', '2025-11-17 12:00+00'),
  ('STUDENT', 'Student', 4.99, 'EUR', 1, 1, '{ES,PT}', 0.25, NULL, '2025-02-03 10:00+00', '2025-02-03 10:00+00'),
  ('STANDARD-YEARLY', 'Standard, by the year', 9.99, 'EUR', 12, 2, '{ES,FR,DE,IT,PT,GB}', 12, NULL, '2024-03-04 09:00+00', '2025-12-29 16:45+00'),
  ('PREMIUM-YEARLY', 'Premium, by the year', 14.99, 'EUR', 12, 4, '{ES,FR,DE,IT,PT,GB}', 18.0000000000000000000000000001, NULL, '2024-03-04 09:00+00', '2025-12-29 16:45+00'),
  ('LAUNCH', 'Launch offer – the first thousand', 5.00, 'EUR', 1, 2, '{}', 0, '2024-07-01', '2024-01-08 09:00+00', '2024-07-01 00:00+00');

-- Five features for each of the eight plans.
INSERT INTO premium_features
SELECT
  row_number() OVER (ORDER BY plan_code, f.place) AS feature_id,
  plan_code,
  f.feature_key,
  f.title,
  CASE WHEN pick('feature text', f.place * 31 + length(plan_code), 5) > 0 THEN f.description END,
  pick('feature on', f.place * 17 + length(name), 8) > 0,
  CASE f.feature_key WHEN 'screens' THEN max_streams WHEN 'bitrate' THEN 1 + max_streams * 0.125 END,
  jsonb_build_object(
    'rollout', jsonb_build_object('percent', 10 * (1 + pick('rollout', f.place * 13 + length(name), 10)), 'countries', to_jsonb(offered_in)),
    'beta', pick('beta', f.place + length(name), 4) = 0
  ),
  (created_at + make_interval(days => f.place::integer * 30))::date,
  created_at,
  pick_update('features', f.place * 100 + length(name), created_at)
FROM plans
CROSS JOIN (VALUES
  (1, 'downloads', 'Downloads', 'Keep a title on your device and watch it without a connection.'),
  (2, 'screens', 'Several screens', 'Watch on more than one screen at the same time.'),
  (3, 'bitrate', 'Better picture', 'A higher bitrate where your connection carries it.'),
  (4, 'early_access', 'Early access', 'New episodes a day before everybody else.'),
  (5, 'audio_description', 'Audio description', 'A narrator says what is to be seen – “free of charge”.')
) AS f (place, feature_key, title, description);

-- Switched over on the last day: rows of 2024 that only their `updated_at` shows to be new.
UPDATE premium_features SET enabled = NOT enabled, updated_at = '2026-06-29 06:40+00' WHERE feature_id IN (3, 17, 29);

INSERT INTO accounts
SELECT
  n,
  pick_uuid('account', n),
  'customer.' || lpad(n::text, 4, '0') || '@example.com',
  CASE pick('named', n, 25)
    WHEN 0 THEN NULL
    WHEN 1 THEN ''
    ELSE pick_word('given', n, '{Amber,Bruno,Cléo,Dagny,Elíseo,Fenna,Gökhan,Hanne,Ilse,Jürgen,Kaja,Łucja,Mirko,Nuño,Ønske,Paloma,Quentin,Renée,Søren,Tilda,Umut,Violeta,Wout,Xènia,Yara,Zoë,美咲,Ольга}')
      || ' ' || pick_word('family', n, '{Abendroth,Brookfield,Castañer,Dunlea,Eikeland,Fernsby,Grünfeld,Holloway,Ibarrola,Jansdotter,Kowalczek,Lindqvist,Montclair,Nørgaard,O''Dell,Peñalver,Quillfeather,Rosenthal,Şentürk,Thornbury,Ursell,Vandermeer,Whitlock,Ysebaert,Zielonka}')
  END,
  c.country,
  CASE c.country WHEN 'ES' THEN 'es' WHEN 'FR' THEN 'fr' WHEN 'DE' THEN 'de' WHEN 'IT' THEN 'it' WHEN 'PT' THEN 'pt' ELSE 'en' END,
  (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'active', 'paused', 'cancelled', 'cancelled'])[1 + pick('account status', n, 10)],
  CASE pick('consent', n, 3) WHEN 0 THEN true WHEN 1 THEN false END,
  CASE WHEN pick('born known', n, 3) > 0 THEN date '1950-01-01' + pick('born', n, 20000) END,
  CASE WHEN n > 50 AND pick('referred', n, 6) = 0 THEN 1 + pick('referrer', n, (n - 1)::integer) END,
  (c.created_at + CASE c.country WHEN 'GB' THEN interval '0' WHEN 'PT' THEN interval '0' ELSE interval '1 hour' END)::timestamp,
  (pick('balance', n, 12000) - 2000) / 100.0,
  jsonb_strip_nulls(jsonb_build_object(
    'theme', pick_word('theme', n, '{dark,light,system}'),
    'autoplay', pick('autoplay', n, 4) > 0,
    'subtitles', CASE WHEN pick('subtitles', n, 2) = 0 THEN jsonb_build_object('language', pick_word('subtitle', n, '{en,es,fr,de}'), 'size', 80 + 10 * pick('size', n, 8)) END,
    'volume', (pick('volume', n, 101) / 100.0)::numeric(4, 2),
    'favourite_tags', to_jsonb(ARRAY[pick_word('favourite', n, '{drama,comedy,nature,jazz}'), pick_word('second favourite', n, '{travel,crime,history,opera}')])
  )) || CASE WHEN pick('profile lock', n, 5) = 0 THEN '{"pin": null}'::jsonb ELSE '{}'::jsonb END,
  c.created_at,
  pick_update('accounts', n, c.created_at)
FROM generate_series(1, 2000) AS n
CROSS JOIN LATERAL (
  SELECT
    (ARRAY['ES', 'ES', 'ES', 'FR', 'FR', 'DE', 'DE', 'IT', 'PT', 'GB'])[1 + pick('country', n, 10)] AS country,
    -- In the order of their numbers, from January 2024 to June 2026.
    timestamptz '2024-01-08 10:00+00' + make_interval(secs => (n - 1) * 39030.0 + pick('signed up', n, 38000)) AS created_at
) AS c;

-- One subscription for each account, and a later one for some: then the one before is cancelled.
INSERT INTO subscriptions
SELECT
  row_number() OVER (ORDER BY n, turn),
  n,
  plan_code,
  s.status,
  s.created_at::date,
  CASE WHEN s.status = 'cancelled' THEN least(s.created_at::date + s.lasted, date '2026-06-29') END,
  CASE WHEN turn = 1 AND pick('trial', n, 3) > 0 THEN s.created_at + interval '14 days' END,
  CASE WHEN s.status = 'cancelled'
    THEN pick_word('reason', n * 2 + turn, ARRAY['too expensive', 'not enough time', 'moved abroad', 'changed plan', 'She said: "I''ll be back"', NULL, ''])
  END,
  CASE WHEN pick('discount', n * 2 + turn, 5) = 0 THEN (5 * (1 + pick('percent', n * 2 + turn, 10)))::numeric(5, 2) END,
  s.status <> 'cancelled' AND pick('renew', n * 2 + turn, 8) > 0,
  s.created_at,
  greatest(
    pick_update('subscriptions', n * 2 + turn, s.created_at),
    CASE WHEN s.status = 'cancelled' THEN least(s.created_at::date + s.lasted, date '2026-06-29') + interval '3 hours' END,
    s.created_at
  )
FROM (
  SELECT
    account_id AS n,
    turn,
    CASE
      WHEN turn < turns OR accounts.status = 'cancelled' THEN 'cancelled'
      WHEN accounts.status = 'paused' THEN 'paused'
      WHEN accounts.created_at > '2026-06-16' THEN 'trialing'
      WHEN pick('past due', account_id, 20) = 0 THEN 'past_due'
      ELSE 'active'
    END::subscription_status AS status,
    30 + pick('lasted', account_id, 150) AS lasted,
    accounts.created_at + make_interval(mins => 7, days => 200 * (turn - 1)) AS created_at
  FROM accounts
  CROSS JOIN LATERAL (SELECT CASE WHEN pick('turns', account_id, 10) < 4 AND accounts.created_at < '2025-11-15' THEN 2 ELSE 1 END) AS t (turns)
  CROSS JOIN LATERAL generate_series(1, turns) AS turn
) AS s
CROSS JOIN LATERAL (
  SELECT (ARRAY['BASIC', 'BASIC', 'STANDARD', 'STANDARD', 'STANDARD', 'PREMIUM', 'FAMILY', 'STUDENT', 'STANDARD-YEARLY', 'PREMIUM-YEARLY'])
    [1 + pick('plan', n * 2 + turn, 10)] AS chosen
) AS p
CROSS JOIN LATERAL (SELECT CASE WHEN s.created_at < '2024-04-01' THEN 'LAUNCH' ELSE chosen END AS plan_code) AS q;

INSERT INTO contents
SELECT
  n,
  'title-' || lpad(n::text, 4, '0'),
  'The ' || pick_word('how', n, '{Silent,Last,Hidden,Golden,Crooked,Distant,Second,Borrowed,Northern,Unfinished}')
    || ' ' || pick_word('what', n, '{Garden,Orchard,Lighthouse,Letter,Harbour,Winter,Melody,Bridge,Aqueduct,Café}')
    || CASE WHEN kind = 'episode' THEN ', part ' || (1 + n % 12) ELSE '' END,
  CASE pick('original', n, 6) WHEN 0 THEN 'El jardín «' || n || '»' WHEN 1 THEN 'Die Brücke über den Fluß ' || n WHEN 2 THEN '静かな庭 ' || n WHEN 3 THEN '' END,
  kind,
  'In ' || pick_word('place', n, '{Valencia,a mountain village,an old theatre,a town by the sea,the archive of a museum}')
    || ', ' || pick_word('who', n, '{a retired engineer,two sisters,a travelling band,a young cook,the night porter}')
    || ' ' || pick_word('does', n, '{found a map that nobody had drawn,had one summer to keep a promise,learned what the old canal was for,"lost a bet, and won a friend",answered a letter that came forty years late}')
    || '.' || CASE WHEN pick('lines', n, 9) = 0 THEN E'\nWith an introduction by the director.\tNot suitable for the very young.' ELSE '' END,
  CASE WHEN pick('released known', n, 12) > 0 THEN date '1962-03-01' + pick('released', n, 23400) END,
  CASE kind WHEN 'film' THEN 80 + pick('minutes', n, 70) WHEN 'concert' THEN 60 + pick('minutes', n, 60) ELSE 22 + pick('minutes', n, 38) END,
  CASE pick('tagged', n, 15)
    WHEN 0 THEN '[]'::jsonb
    ELSE jsonb_build_array(
      jsonb_build_object('tag', pick_word('first tag', n, '{drama,comedy,crime,nature,"slow cinema"}'), 'weight', ((50 + pick('first weight', n, 50)) / 100.0)::numeric(3, 2)),
      jsonb_build_object('tag', pick_word('second tag', n, '{history,music,family,travel,"café noir"}'), 'weight', ((10 + pick('second weight', n, 40)) / 100.0)::numeric(3, 2))
    ) || CASE WHEN pick('third', n, 3) = 0 THEN '[{"tag": "festival", "weight": 0.05, "by": {"team": "editors", "reviewed": null}}]'::jsonb ELSE '[]'::jsonb END
  END,
  CASE pick('audio', n, 8) WHEN 0 THEN '{}'::text[] WHEN 1 THEN '{es}' WHEN 2 THEN '{es,en}' WHEN 3 THEN ARRAY['en', 'fr', NULL] ELSE '{es,en,fr,de}' END,
  CASE WHEN pick('rated', n, 7) > 0 THEN round((100 + pick('rating', n, 900)) / (100 + pick('voters', n, 3) * 7)::numeric, 3 + pick('digits', n, 15)) END,
  pick('published', n, 20) > 0,
  created_at,
  pick_update('contents', n, created_at)
FROM generate_series(1, 1500) AS n
CROSS JOIN LATERAL (
  SELECT
    pick_word('kind', n, '{film,film,episode,episode,episode,documentary,documentary,concert}') AS kind,
    timestamptz '2023-11-06 08:00+00' + make_interval(secs => (n - 1) * 55650.0 + pick('added', n, 50000)) AS created_at
) AS c;

INSERT INTO content_attributes
SELECT
  content_id,
  attribute,
  CASE pick('attribute known ' || attribute, content_id, 20)
    WHEN 0 THEN NULL
    WHEN 1 THEN ''
    ELSE CASE attribute
      WHEN 'age_rating' THEN pick_word('age', content_id, '{0,6,12,16,18}')
      WHEN 'aspect_ratio' THEN pick_word('ratio', content_id, '{4:3,16:9,1.85:1,2.39:1}')
      WHEN 'licence_until' THEN to_char(date '2026-07-01' + pick('licence', content_id, 1500), 'YYYY-MM-DD')
      ELSE pick_word('studio', content_id, '{"Río Claro Films","Nordlicht Studio","Papermoon & Sons","Estúdio Maré","Atelier d''Été"}')
    END
  END,
  pick_word('source ' || attribute, content_id, '{catalogue,licensor,editors}'),
  CASE WHEN pick('sure ' || attribute, content_id, 4) > 0 THEN pick('confidence ' || attribute, content_id, 1001) / 1000.0 END,
  contents.created_at + make_interval(mins => place),
  pick_update('attribute ' || attribute, content_id, contents.created_at + make_interval(mins => place))
FROM contents
CROSS JOIN (VALUES (1, 'age_rating'), (2, 'aspect_ratio'), (3, 'licence_until'), (4, 'studio')) AS a (place, attribute);

-- Every month, or every year, that a subscription has lasted so far, up to seven of the last ones.
INSERT INTO payments
SELECT
  row_number() OVER (ORDER BY due_at, subscription_id),
  pick_uuid('payment', p.key),
  subscription_id,
  account_id,
  p.status,
  p.amount,
  CASE WHEN p.status = 'refunded' THEN CASE pick('in part', p.key, 3) WHEN 0 THEN round(p.amount / 2, 2) ELSE p.amount END END,
  p.currency,
  CASE p.currency WHEN 'EUR' THEN 1 ELSE 0.85 + pick('rate', p.key, 100000) / 3000000.0 END,
  p.method,
  due_at::date,
  CASE WHEN p.status IN ('succeeded', 'refunded') THEN due_at + make_interval(secs => 5 + pick('paid', p.key, 5000) / 7.0) END,
  CASE WHEN p.status = 'failed' THEN pick_word('failure', p.key, '{insufficient_funds,expired_card,do_not_honour,timeout}') END,
  jsonb_build_object(
    'id', 'gw_' || substr(md5('acequia gateway ' || p.key), 1, 20),
    'outcome', jsonb_build_object(
      'network_status', CASE p.status WHEN 'failed' THEN 'declined' WHEN 'pending' THEN NULL ELSE 'approved' END,
      'risk_score', (pick('risk', p.key, 1000) / 10.0)::numeric(4, 1),
      'checks', jsonb_build_array(jsonb_build_object('name', 'cvc', 'passed', pick('cvc', p.key, 9) > 0), jsonb_build_object('name', 'address', 'passed', NULL))
    ),
    'amount', p.amount,
    -- More digits than a floating point number holds: whoever reads it as one changes it.
    'settlement_reference', 12345678901234567.89 + p.key,
    'fee', (p.amount * 0.0137)::numeric(18, 6),
    'descriptor', CASE WHEN pick('described', p.key, 4) = 0 THEN 'ACEQUIA*PELÍCULAS ✓' ELSE '' END
  ),
  due_at,
  CASE WHEN p.status = 'refunded'
    THEN greatest(due_at, least(
      due_at + make_interval(days => 3 + pick('refunded', p.key, 60)),
      timestamptz '2026-06-29 21:00+00' + make_interval(secs => pick('refund second', p.key, 7000))
    ))
    ELSE least(pick_update('payments', p.key, due_at), due_at + interval '45 days')
  END
FROM (
  SELECT
    subscriptions.subscription_id,
    subscriptions.account_id,
    subscriptions.subscription_id * 100 + turn AS key,
    due_at,
    CASE
      WHEN due_at > '2026-06-28' AND pick('pending', subscriptions.subscription_id * 100 + turn, 2) = 0 THEN 'pending'
      WHEN pick('outcome', subscriptions.subscription_id * 100 + turn, 100) < 5 THEN 'failed'
      WHEN pick('outcome', subscriptions.subscription_id * 100 + turn, 100) < 9 THEN 'refunded'
      ELSE 'succeeded'
    END::payment_status AS status,
    greatest(round(plans.monthly_price * plans.billing_months * (100 - coalesce(discount_percent, 0)) / 100
      * CASE accounts.country WHEN 'GB' THEN 0.86 ELSE 1 END, 2), 0.01) AS amount,
    CASE accounts.country WHEN 'GB' THEN 'GBP' ELSE 'EUR' END AS currency,
    pick_word('method', subscriptions.account_id, '{card,card,card,direct_debit,wallet,voucher}') AS method
  FROM subscriptions
  JOIN plans USING (plan_code)
  JOIN accounts USING (account_id)
  CROSS JOIN LATERAL (
    SELECT
      (coalesce(ended_on + interval '0', '2026-06-30'::timestamp) AT TIME ZONE 'UTC') AS until,
      make_interval(months => billing_months) AS step
  ) AS span
  CROSS JOIN LATERAL (
    SELECT turn, subscriptions.created_at + step * (turn - 1) AS due_at
    FROM generate_series(1, 60) AS turn
    WHERE subscriptions.created_at + step * (turn - 1) < until
    ORDER BY turn DESC
    LIMIT 7
  ) AS due
) AS p;

-- Mostly in the last months, and the newest on 2026-06-29.
INSERT INTO viewing_sessions
SELECT
  pick_uuid('session', n),
  account_id,
  content_id,
  pick_word('device', n, '{television,phone,tablet,browser,"games console"}'),
  started_at,
  CASE WHEN ended THEN started_at + make_interval(secs => watched) END,
  watched,
  ended AND watched >= runtime_minutes * 54,
  CASE pick('measured', n, 12) WHEN 0 THEN NULL WHEN 1 THEN 0 ELSE (1 + pick('bitrate', n, 24000)) / 1000.0::double precision END,
  started_at,
  CASE WHEN ended THEN started_at + make_interval(secs => watched + 1) ELSE started_at END
    + CASE WHEN pick('corrected', n, 12) = 0 AND started_at < '2026-05-01' THEN make_interval(days => 40, secs => pick('correction', n, 80000)) ELSE interval '0' END
FROM (
  SELECT
    n,
    started_at,
    -- Accounts and contents came one after the other, see above: nobody watches before signing up, nor what is not there yet.
    1 + pick('viewer', n, floor((extract(epoch FROM started_at - timestamptz '2024-01-08 10:00+00') - 38000) / 39030)::integer) AS account_id,
    1 + pick('watched', n, floor((extract(epoch FROM started_at - timestamptz '2023-11-06 08:00+00') - 50000) / 55650)::integer) AS content_id
  FROM generate_series(1, 10000) AS n
  -- Squared: the nearer to the end, the more of them.
  CROSS JOIN LATERAL (
    SELECT timestamptz '2026-06-29 20:30+00' - make_interval(secs => floor((pick('back', n) / 4294967296.0) ^ 2 * 47000000)) AS started_at
  ) AS b
) AS s
JOIN contents USING (content_id)
CROSS JOIN LATERAL (
  SELECT
    least(runtime_minutes * 60, 20 + pick('seconds', n, runtime_minutes * 75)) AS watched,
    s.started_at < '2026-06-29 18:00+00' OR pick('ended', n, 2) = 0 AS ended
) AS w;

-- Indexes by which a load asks for what has changed, and by which references are followed.
CREATE INDEX ON accounts (updated_at);
CREATE INDEX ON subscriptions (updated_at);
CREATE INDEX ON subscriptions (account_id);
CREATE INDEX ON contents (updated_at);
CREATE INDEX ON content_attributes (updated_at);
CREATE INDEX ON payments (updated_at);
CREATE INDEX ON payments (subscription_id);
CREATE INDEX ON premium_features (updated_at);
CREATE INDEX ON viewing_sessions (updated_at);
CREATE INDEX ON viewing_sessions (account_id);

-- What made the rows is no part of the source.
DROP FUNCTION pick(text, bigint);
DROP FUNCTION pick(text, bigint, integer);
DROP FUNCTION pick_word(text, bigint, text[]);
DROP FUNCTION pick_uuid(text, bigint);
DROP FUNCTION pick_update(text, bigint, timestamptz);

ANALYZE;
