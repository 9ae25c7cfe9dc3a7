export { cleanUp } from './clean-up.ts';
export { reviewMappings } from './review-mappings.ts';
export { runPipeline } from './run-pipeline.ts';
