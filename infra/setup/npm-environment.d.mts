/** The environment for a nested npm: the given one without the flags meant for the command line. */
export function npmEnvironment(environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
