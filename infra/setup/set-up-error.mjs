/** Set-up cannot go on, and the person has to do something; the message says what. */
export class SetUpError extends Error {
  /**
   * @param {string} message what is missing, where it was sought, why it is needed, how to mend it
   * @param {number} exitCode exit status of the command, as listed in the command line's reference
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'SetUpError';
    this.exitCode = exitCode;
  }
}
