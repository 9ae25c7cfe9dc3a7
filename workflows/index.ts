export { cleanUp } from './clean-up.ts';
export { runPipeline } from './run-pipeline.ts';
