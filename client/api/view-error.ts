/** Why a view cannot be answered; goes to the caller as `{"error": {"message", "code"}}` with status 500. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
  readonly code: 'DatabaseMissing' | 'DatabaseUnreadable' | 'DatabaseBusy' | 'QueryFailed';

  constructor(code: ViewError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
