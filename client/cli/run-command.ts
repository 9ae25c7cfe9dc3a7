import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import type { ExitCode } from './exit-codes.ts';
import type { ProjectNames } from './project-names.ts';
import { runOptions, type TypedOptions } from './run-options.ts';

/**
 * Does what a command says. `words`: those that were typed besides its flags.
 *
 * @throws CommandError, AcequiaError
 */
export async function runCommand(
  name: string,
  words: readonly string[],
  typed: TypedOptions,
  project: ProjectNames,
): Promise<ExitCode> {
  const environment = typed.env ?? (process.env['ACEQUIA_ENV'] || 'dev');
  const json = typed.json ?? false;
  // Where the person stood when typing: relative paths count from there, not from where npm went.
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const starting = { detach: typed.detach ?? false, wait: typed.wait ?? false, json };
  const [first = '', second = ''] = words;
  switch (name) {
    case 'start-workflow': {
      const asked = runOptions(words, typed, project, folder);
      const { startWorkflow } = await import('./start-workflow.ts');
      return startWorkflow({ ...asked, ...starting, environment });
    }
    case 'copy': {
      const { copy } = await import('./copy/copy.ts');
      return copy({ words, typed, environment, folder, ...starting });
    }
    case 'init': {
      const { init } = await import('./init/init.ts');
      return init({ name: first, run: typed.fromRun, environment, json });
    }
    case 'explain': {
      const { explain } = await import('./explain/explain.ts');
      return explain({ run: words[0] ?? 'latest', environment, json });
    }
    case 'receipt show': {
      const { showReceipt } = await import('./receipt/show.ts');
      const markdown = typed.markdown ?? false;
      return showReceipt({ run: words[0] ?? 'latest', environment, json, markdown, folder });
    }
    case 'receipt verify': {
      const { verifyReceipt } = await import('./receipt/verify.ts');
      const { rowLimit } = await import('./runs/row-limit.ts');
      const limit = rowLimit(typed.limit);
      return verifyReceipt({ run: words[0] ?? 'latest', environment, json, limit, folder });
    }
    case 'replay': {
      const { asOf } = runOptions([], typed, project, folder).options;
      const { replay } = await import('./replay/replay.ts');
      return replay({ run: first, diff: typed.diff ?? false, asOf, limit: typed.limit, environment, json });
    }
    case 'quarantine list': {
      const { listQuarantine } = await import('./quarantine/list.ts');
      return listQuarantine({ pipeline: words[0], environment, json });
    }
    case 'quarantine show': {
      const { showQuarantine } = await import('./quarantine/show.ts');
      return showQuarantine({ run: first, source: typed.source, limit: typed.limit, environment, json, folder });
    }
    case 'quarantine export': {
      const { exportQuarantine } = await import('./quarantine/export.ts');
      return exportQuarantine({ run: first, source: typed.source, file: second, environment, folder });
    }
    case 'quarantine replay': {
      const { replayQuarantine } = await import('./quarantine/replay.ts');
      return replayQuarantine({
        ...{ run: first, source: typed.source, file: second, environment, folder },
        ...{ anyAge: typed.anyAge ?? false, typed, ...starting },
      });
    }
    case 'mappings list': {
      const { listMappings } = await import('./mappings/list.ts');
      return listMappings({ pipeline: typed.pipeline, environment, json });
    }
    case 'mappings show': {
      const { showMapping } = await import('./mappings/show.ts');
      return showMapping({ word: first, pipeline: typed.pipeline, environment, json });
    }
    case 'mappings test': {
      const { testMapping } = await import('./mappings/test.ts');
      const chosen = { shape: first, file: words[1], id: typed.id, pipeline: typed.pipeline };
      return testMapping({ ...chosen, environment, folder, json });
    }
    case 'mappings approve': {
      const { approveMapping } = await import('./mappings/approve.ts');
      const chosen = { shape: first, file: words[1], id: typed.id, pipeline: typed.pipeline };
      const { reason, dryRun = false } = typed;
      return approveMapping({ ...chosen, reason, dryRun, environment, folder, json });
    }
    case 'clean-up': {
      const { cleanUp } = await import('./clean-up/clean-up.ts');
      return cleanUp({ environment, dryRun: typed.dryRun ?? false, yes: typed.yes ?? false, json });
    }
    case 'dev':
    case 'worker': {
      const { dev } = await import('./dev.ts');
      return dev(environment, { withApi: name === 'dev' });
    }
    case 'api': {
      const { api } = await import('./api.ts');
      return api(environment);
    }
    case 'validate': {
      const { validate } = await import('./validate.ts');
      return validate(words, environment, json);
    }
    case 'test': {
      const { testModels } = await import('./model-tests/test-models.ts');
      return testModels({ pipelines: words, json, pipelinesFolder: join(projectRoot(), 'pipelines') });
    }
    default: {
      const { doctor } = await import('./doctor.ts');
      return doctor(json);
    }
  }
}
