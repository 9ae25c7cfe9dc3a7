/**
 * What text from a server depends on, whatever the database or the user are set to. Given in the connection itself, as the
 * extension's pooled connections know nothing of `SET LOCAL`.
 */
export const TEXT_SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
} as const;
