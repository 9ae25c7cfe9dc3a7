import { secretMissing } from './problems.ts';
import type { Keeper } from './keeper.ts';

/** `secret://env/NAME`: another environment variable of the worker. */
export const fromEnvironment: Keeper = (reference, { variables }) => {
  const value = variables[reference.name];
  if (value) return Promise.resolve(value);
  const why = `The environment variable ${reference.name} is not set.`;
  return Promise.reject(secretMissing(reference, why, `set ${reference.name} where the worker runs`));
};
