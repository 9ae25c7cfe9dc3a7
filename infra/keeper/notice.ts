/** Lets one part of a program wait until another part has changed something. */
export class Notice {
  private waiting: (() => void)[] = [];

  /** Says that something has changed; whoever waits looks again. */
  tell(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const look of waiting) look();
  }

  /** Resolves once the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Whether the condition came to hold within the time. */
  async within(milliseconds: number, condition: () => boolean): Promise<boolean> {
    let over = false;
    const limit = setTimeout(() => {
      over = true;
      this.tell();
    }, milliseconds);
    await this.until(() => over || condition());
    clearTimeout(limit);
    return condition();
  }
}
