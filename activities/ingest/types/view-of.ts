let seen: Uint8Array = new Uint8Array(0);
let view: DataView = new DataView(seen.buffer);
let seenBefore = seen;
let viewBefore = view;

/**
 * A view of the same bytes, by which four are read at once. The last two are kept: cells come by the million from the
 * same bytes, and in between from those that hold what was decoded.
 */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes === seen) return view;
  return bytes === seenBefore ? viewBefore : look(bytes);
}

function look(bytes: Uint8Array): DataView {
  seenBefore = seen;
  viewBefore = view;
  seen = bytes;
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view;
}
