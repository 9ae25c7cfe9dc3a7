import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** By these, runs are found in the Web UI and by `temporal workflow list --query`. */
export const PIPELINE = defineSearchAttributeKey('AcequiaPipeline', SearchAttributeType.KEYWORD);
export const ENVIRONMENT = defineSearchAttributeKey('AcequiaEnvironment', SearchAttributeType.KEYWORD);
/** `running`, then the run's outcome. */
export const OUTCOME = defineSearchAttributeKey('AcequiaOutcome', SearchAttributeType.KEYWORD);

export const SEARCH_ATTRIBUTES = [PIPELINE, ENVIRONMENT, OUTCOME] as const;
