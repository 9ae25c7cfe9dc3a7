import { defineConfig } from 'vitest/config';
import config from '../../vitest.config.ts';

/** The test runner, for recording histories instead of testing. */
export default defineConfig({ ...config, test: { ...config.test, include: ['test/replay/record.ts'] } });
