import { TEXT_SETTINGS } from '../postgres/text-settings.ts';

/** Of both ends of a drain: how somebody else is waited for, and that rows which are hidden from us are an error. */
export const CONNECTION_SETTINGS = {
  ...TEXT_SETTINGS,
  row_security: 'off',
  lock_timeout: '20s',
  idle_in_transaction_session_timeout: '5min',
};
