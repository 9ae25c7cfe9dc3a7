import {
  athena,
  check,
  chosenBy,
  definePipeline,
  duckdb,
  ducklake,
  postgresTable,
  type Loading,
} from '../../workflows/definition/index.ts';

const SOURCE = 'LAKEHOUSE_SOURCE_URL';

/** The raw layer: tables as they are at the source. Where it is kept, a setting says. */
const raw = (loading: Loading = {}) =>
  chosenBy(
    'LAKEHOUSE_DESTINATION',
    {
      ducklake: ducklake('raw', loading),
      duckdb: duckdb('raw.duckdb', loading),
      athena: athena({ database: 'raw', workgroup: 'lakehouse', staging: 'LAKEHOUSE_ATHENA_STAGING', ...loading }),
    },
    { local: 'ducklake', dev: 'ducklake', prod: 'athena' },
  );

/** Columns that every table has. */
const stamps = { created_at: 'timestamptz!', updated_at: 'timestamptz!' };

/** New columns come along; one that is dropped costs its table, until the contract says otherwise. */
const contract = { newColumns: 'evolve', missingColumns: 'freeze', types: 'discard-row' } as const;

/** Of tables in which something happens every day. */
const fresh = check.fresh('updated_at', { within: '48h', warnAfter: '24h' });

/** A row that was deleted at the source stays where only new and changed rows are read: a full refresh takes it out. */
const sameRows = check.rowCount();
const nearlySameRows = check.rowCount({ severity: 'warning' });

export default definePipeline({
  summary: 'Eight tables of a subscription business, from Postgres into a lakehouse: one snapshot, every row',
  sample: { asOf: '2026-06-30', databases: { [SOURCE]: 'source.sql' } },
  failedSources: 'go-on',
  sources: {
    plans: postgresTable(SOURCE, 'plans', {
      columns: {
        plan_code: 'text!',
        name: 'text!',
        monthly_price: 'decimal(12,2)!',
        currency: 'text!',
        billing_months: 'integer!',
        max_streams: 'integer!',
        'offered_in[]': 'text',
        cost_share: 'text!',
        retired_on: 'date',
        ...stamps,
      },
      contract,
      key: ['plan_code'],
      nested: { offered_in: 'tables' },
    }),
    premium_features: postgresTable(SOURCE, 'premium_features', {
      columns: {
        feature_id: 'integer!',
        plan_code: 'text!',
        feature_key: 'text!',
        title: 'text!',
        description: 'text',
        enabled: 'boolean!',
        quota: 'text',
        settings: 'text!',
        available_from: 'date!',
        ...stamps,
      },
      contract,
      key: ['feature_id'],
    }),
    accounts: postgresTable(SOURCE, 'accounts', {
      columns: {
        account_id: 'integer!',
        public_id: 'text!',
        email: 'text!',
        display_name: 'text',
        country: 'text!',
        language: 'text!',
        status: 'text!',
        marketing_consent: 'boolean',
        born_on: 'date',
        referred_by: 'integer',
        signed_up_local: 'timestamp!',
        balance: 'decimal(12,2)!',
        preferences: 'text!',
        ...stamps,
      },
      contract,
      key: ['account_id'],
    }),
    subscriptions: postgresTable(SOURCE, 'subscriptions', {
      columns: {
        subscription_id: 'integer!',
        account_id: 'integer!',
        plan_code: 'text!',
        status: 'text!',
        started_on: 'date!',
        ended_on: 'date',
        trial_ends_at: 'timestamptz',
        cancel_reason: 'text',
        discount_percent: 'decimal(5,2)',
        auto_renew: 'boolean!',
        ...stamps,
      },
      contract,
      key: ['subscription_id'],
    }),
    contents: postgresTable(SOURCE, 'contents', {
      columns: {
        content_id: 'integer!',
        slug: 'text!',
        title: 'text!',
        original_title: 'text',
        kind: 'text!',
        synopsis: 'text!',
        released_on: 'date',
        runtime_minutes: 'integer!',
        tags: 'text!',
        audio_languages: 'text!',
        mean_rating: 'text',
        published: 'boolean!',
        ...stamps,
      },
      contract,
      key: ['content_id'],
      cursor: { column: 'updated_at', lag: '1m' },
    }),
    content_attributes: postgresTable(SOURCE, 'content_attributes', {
      columns: {
        content_id: 'integer!',
        attribute: 'text!',
        value: 'text',
        source: 'text!',
        confidence: 'decimal(4,3)',
        ...stamps,
      },
      contract,
      key: ['content_id', 'attribute'],
      cursor: { column: 'updated_at', lag: '1m' },
    }),
    payments: postgresTable(SOURCE, 'payments', {
      columns: {
        payment_id: 'integer!',
        gateway_reference: 'text!',
        subscription_id: 'integer!',
        account_id: 'integer!',
        status: 'text!',
        amount: 'decimal(12,2)!',
        refunded_amount: 'decimal(12,2)',
        currency: 'text!',
        exchange_rate: 'text!',
        method: 'text!',
        due_on: 'date!',
        paid_at: 'timestamptz',
        failure_code: 'text',
        gateway_response: 'text!',
        ...stamps,
      },
      contract,
      key: ['payment_id'],
    }),
    viewing_sessions: postgresTable(SOURCE, 'viewing_sessions', {
      columns: {
        session_id: 'text!',
        account_id: 'integer!',
        content_id: 'integer!',
        device: 'text!',
        started_at: 'timestamptz!',
        ended_at: 'timestamptz',
        watched_seconds: 'integer!',
        completed: 'boolean!',
        mean_bitrate: 'double',
        ...stamps,
      },
      contract,
      key: ['session_id'],
    }),
  },
  models: {
    plans: {
      from: 'source.plans',
      key: ['plan_code'],
      checks: [sameRows, check.range('monthly_price', { atLeast: 0 }), check.accepted('billing_months', [1, 12])],
      publish: [raw()],
    },
    plan_countries: {
      from: 'source.plans_offered_in',
      key: ['_parent', '_position'],
      publish: [raw()],
    },
    premium_features: {
      from: 'source.premium_features',
      key: ['feature_id'],
      references: { plan_code: 'plans.plan_code' },
      checks: [sameRows, check.references('plan_code'), check.unique(['plan_code', 'feature_key'])],
      publish: [raw()],
    },
    accounts: {
      from: 'source.accounts',
      key: ['account_id'],
      checks: [
        sameRows,
        fresh,
        check.unique('email'),
        check.accepted('status', ['active', 'paused', 'cancelled']),
        check.that("email LIKE '%_@_%'", { name: 'accounts: email is an address', severity: 'warning' }),
      ],
      publish: [raw()],
    },
    subscriptions: {
      from: 'source.subscriptions',
      key: ['subscription_id'],
      references: { account_id: 'accounts.account_id', plan_code: 'plans.plan_code' },
      checks: [
        sameRows,
        fresh,
        check.references('account_id'),
        check.references('plan_code'),
        check.accepted('status', ['trialing', 'active', 'past_due', 'paused', 'cancelled']),
        check.that('ended_on >= started_on', { name: 'subscriptions: none ends before it starts' }),
        check.sql('open_subscriptions', {
          name: 'subscriptions: an account has one open at a time',
          severity: 'warning',
        }),
      ],
      publish: [raw()],
    },
    contents: {
      from: 'source.contents',
      key: ['content_id'],
      checks: [
        nearlySameRows,
        fresh,
        check.unique('slug'),
        check.accepted('kind', ['film', 'episode', 'documentary', 'concert']),
        check.range('runtime_minutes', { atLeast: 1 }),
      ],
      publish: [raw({ mode: 'merge' })],
    },
    content_attributes: {
      from: 'source.content_attributes',
      key: ['content_id', 'attribute'],
      references: { content_id: 'contents.content_id' },
      checks: [nearlySameRows, check.references('content_id'), check.range('confidence', { atLeast: 0, atMost: 1 })],
      publish: [raw({ mode: 'merge' })],
    },
    payments: {
      from: 'source.payments',
      key: ['payment_id'],
      references: { subscription_id: 'subscriptions.subscription_id', account_id: 'accounts.account_id' },
      checks: [
        sameRows,
        fresh,
        check.references('subscription_id'),
        check.references('account_id'),
        check.accepted('status', ['pending', 'succeeded', 'failed', 'refunded']),
        check.that('amount > 0', { name: 'payments: amount is positive' }),
        check.that("status NOT IN ('succeeded', 'refunded') OR paid_at IS NOT NULL", {
          name: 'payments: what is paid says when',
        }),
      ],
      publish: [raw()],
    },
    viewing_sessions: {
      from: 'source.viewing_sessions',
      key: ['session_id'],
      references: { account_id: 'accounts.account_id', content_id: 'contents.content_id' },
      checks: [
        sameRows,
        fresh,
        check.references('account_id'),
        check.references('content_id'),
        check.notNull('device'),
        check.range('watched_seconds', { atLeast: 0 }),
      ],
      publish: [raw()],
    },
  },
});
