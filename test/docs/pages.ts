import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/inventory.mjs';

/** A page of the documentation; `name` is its path from the project's root. */
export interface Page {
  readonly name: string;
  readonly text: string;
}

export function page(name: string): Page {
  return { name, text: readFileSync(join(projectRoot(), name), 'utf8') };
}

/** Every page that tells people what to type, in the order in which a newcomer meets them. */
export function pages(): Page[] {
  const docs = readdirSync(join(projectRoot(), 'docs')).filter((name) => name.endsWith('.md'));
  const pipelines = readdirSync(join(projectRoot(), 'pipelines'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return [
    'README.md',
    'README.es.md',
    ...docs.sort().map((name) => `docs/${name}`),
    'CONTRIBUTING.md',
    ...pipelines.map(({ name }) => `pipelines/${name}/README.md`),
  ].map(page);
}
