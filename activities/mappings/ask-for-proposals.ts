import type { DrainPlan } from '../../workflows/definition/index.ts';
import type { AskedModel } from '../../workflows/drain-contract.ts';
import { inForce, keepMapping, keepRefusal, shapesAsked, storedMappings } from '../drain/mapping-store.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { askModel, ModelUnavailable, type ModelSettings } from '../model/ask-model.ts';
import { parseAnswer, withAnswer } from '../model/model-answer.ts';
import { parseMapping } from '../normalise/load-mappings.ts';
import type { Work } from '../progress.ts';
import { routingProblem } from './routing-problem.ts';
import { studyShape } from './shape-proposals.ts';
import { unknownShapes, type UnknownShape } from './unknown-shapes.ts';

/** Shapes that one run asks for: of records whose names are values there are as many as records. */
const MOST_ASKED = 20;

/**
 * Has a model complete what the matcher could not propose, once for each shape: what came of it is kept, a refusal as well. A
 * model that cannot be asked is told of, and asked again in the next run.
 */
export async function askForProposals(
  session: Session,
  drain: DrainPlan,
  model: ModelSettings,
  work: Work,
): Promise<AskedModel> {
  const asked = await shapesAsked(session, drain.target);
  const waiting = (await unknownShapes(session, drain.target)).filter(({ records }) => records > 0);
  let [questions, proposed] = [0, 0];
  for (const shape of waiting) {
    if (questions === MOST_ASKED) break;
    try {
      const answer = await askFor(session, drain, shape, { model, asked, signal: work.signal });
      if (answer === 'known') continue;
      questions += 1;
      if (answer === 'proposed') proposed += 1;
      work.report({ step: 'asking', rows: questions });
    } catch (error) {
      if (!(error instanceof ModelUnavailable)) throw error;
      return { asked: questions, proposed, problem: error.message };
    }
  }
  return { asked: questions, proposed };
}

interface Asking {
  readonly model: ModelSettings;
  /** Ids of proposals that there are, or that came to nothing. */
  readonly asked: readonly string[];
  readonly signal: AbortSignal;
}

async function askFor(
  session: Session,
  drain: DrainPlan,
  shape: UnknownShape,
  { model, asked, signal }: Asking,
): Promise<'known' | 'proposed' | 'refused'> {
  const { target } = drain;
  const { profiles, proposal } = await studyShape(session, drain, shape, []);
  const { id } = proposal.mapping;
  if (proposal.missing.length === 0 || asked.includes(id)) return 'known';
  const answer = parseAnswer(await askModel(model, { profiles, columns: target.columns, proposal }, signal));
  const refuse = async (why: string): Promise<'refused'> => {
    await keepRefusal(session, target, id, why);
    return 'refused';
  };
  if (typeof answer === 'string') return refuse(answer);
  try {
    const mapping = parseMapping(JSON.stringify(withAnswer(proposal, answer, target.columns)), id, target);
    const problem = routingProblem(shape, mapping, inForce(await storedMappings(session, target)));
    if (problem !== undefined) return await refuse(problem);
    await keepMapping(session, target, { mapping, state: 'proposed', origin: 'model' });
    return 'proposed';
  } catch (error) {
    if (!(error instanceof AcequiaError) || error.type !== 'DefinitionInvalid') throw error;
    return refuse('the mapping that the model wrote does not compile');
  }
}
