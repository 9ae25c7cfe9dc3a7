import type { LakeUri } from '../../workflows/stages.ts';

/** How what a lake holds is named in its bucket. */
export interface ObjectKeys {
  /** Of the bucket: `s3://bucket`. */
  readonly root: string;
  /** Before each key of the lake; empty, or ends in a slash. */
  readonly prefix: string;
  /** The lake's key of an object's. */
  readonly keyOf: (objectKey: string) => string;
  readonly uriOf: (key: string) => LakeUri;
  /** The object's key that a URI stands for; `undefined` where that is in another bucket. */
  readonly objectOf: (uri: LakeUri) => string | undefined;
}

/**
 * Between keys and URIs. In a URI each part of a key is escaped as in any other URI, so that it means the same to all who take
 * it apart.
 *
 * @param lake `s3://bucket/prefix`, without a slash at its end
 */
export function objectKeys(lake: LakeUri): ObjectKeys {
  const [, root = '', path = ''] = /^(\w+:\/\/[^/]+)(?:\/(.*))?$/.exec(lake) ?? [];
  const prefix = path === '' ? '' : `${decodeURIComponent(path)}/`;
  return {
    root,
    prefix,
    keyOf: (objectKey) => objectKey.slice(prefix.length),
    uriOf: (key) => [lake, ...(key === '' ? [] : key.split('/').map(encodeURIComponent))].join('/'),
    objectOf: (uri) => (uri.startsWith(`${root}/`) ? decodeURIComponent(uri.slice(root.length + 1)) : undefined),
  };
}
