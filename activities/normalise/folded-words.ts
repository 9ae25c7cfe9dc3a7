import { parsePath } from '../../workflows/definition/index.ts';

/** A text without accents, case and separators, as words: `situaçãoDoPedido` is `situacao`, `do`, `pedido`. */
export function foldedWords(text: string): string[] {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/(\p{Ll}|\p{N})(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The words of each name of a path, outermost first; what an index of a list is called says nothing. */
export function wordsOfPath(path: string): string[][] {
  return (parsePath(path) ?? []).flatMap((segment) => (typeof segment === 'number' ? [] : [foldedWords(segment)]));
}
