import type { UploadedInput, UploadRequest } from '../../workflows/upload.ts';
import type { Lake } from '../lake/lake.ts';
import { landedFiles, type ReportedFile } from '../lake/landed-files.ts';

/** A file that is to lie in the bucket. */
export interface Uploadable {
  /** Below the place. */
  readonly name: string;
  /** A local file. */
  readonly path: string;
  /** Others may change it: its bytes are taken at one moment, and must have been the same throughout. */
  readonly isShared: boolean;
}

/** What a request means, as files. */
export async function uploadables({ files, tables, inputs }: UploadRequest, lake: Lake): Promise<Uploadable[]> {
  return [
    ...files.map(({ name, path }) => ({ name, path, isShared: true })),
    ...(await Promise.all(tables.map((table) => filesOfTable(table, lake)))).flat(),
    ...(await Promise.all(inputs.map((input) => filesOf(input, lake)))).flat(),
  ];
}

async function filesOfTable({ name, uris }: UploadRequest['tables'][number], lake: Lake): Promise<Uploadable[]> {
  return Promise.all(
    uris.map(async (uri, index) => ({
      name: `tables/${name}${index === 0 ? '' : `-${index + 1}`}.parquet`,
      path: await lake.local(uri),
      isShared: false,
    })),
  );
}

/** The files of a source, each once. Two of the same bytes under one name are the same. */
async function filesOf({ source, report, corrections }: UploadedInput, lake: Lake): Promise<Uploadable[]> {
  const { files } = JSON.parse(await lake.readText(report)) as { readonly files: readonly ReportedFile[] };
  return Promise.all(
    landedFiles(lake, files, corrections).map(async ({ name, landing, origin }) => ({
      name: ['inputs', source, ...(origin === 'correction' ? ['corrections'] : []), name].join('/'),
      path: await lake.local(landing),
      isShared: false,
    })),
  );
}
