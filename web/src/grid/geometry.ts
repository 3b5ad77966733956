/** The fixed sizes from which every tile's place follows. Lengths are CSS pixels. */
export interface GridGeometry {
  columns: number;
  /** Width of a tile, and height of its picture. */
  tileWidth: number;
  /** From one row's top to the next. */
  rowHeight: number;
  gap: number;
  padding: number;
  total: number;
  rows: number;
  /** Height of everything, were it laid out in full. */
  height: number;
}

export interface GridSizes {
  /** Width to fill. */
  width: number;
  /** The tile width asked for; tiles grow from it to fill the width. */
  tile: number;
  gap: number;
  padding: number;
  /** Height of the label under each picture. */
  label: number;
  total: number;
}

export function layOut({ width, tile, gap, padding, label, total }: GridSizes): GridGeometry {
  const inner = Math.max(1, width - 2 * padding);
  const columns = Math.max(1, Math.floor((inner + gap) / (tile + gap)));
  const tileWidth = Math.max(1, Math.floor((inner - gap * (columns - 1)) / columns));
  const rowHeight = tileWidth + label + gap;
  const rows = Math.ceil(total / columns);
  return { columns, tileWidth, rowHeight, gap, padding, total, rows, height: rows === 0 ? 0 : rows * rowHeight - gap + 2 * padding };
}

export function rowOf(geometry: GridGeometry, index: number): number {
  return Math.floor(index / geometry.columns);
}

/** Top of a row, counted from the top of everything. */
export function rowTop(geometry: GridGeometry, row: number): number {
  return geometry.padding + row * geometry.rowHeight;
}

/** Rows `first` to `last` (exclusive) that touch the viewport at `top`, widened by `overscan` rows on both sides. */
export function visibleRows(geometry: GridGeometry, top: number, viewport: number, overscan: number): { first: number; last: number } {
  const first = Math.floor((top - geometry.padding) / geometry.rowHeight) - overscan;
  const last = Math.ceil((top + viewport - geometry.padding) / geometry.rowHeight) + overscan;
  return { first: clamp(first, 0, geometry.rows), last: clamp(last, 0, geometry.rows) };
}

/** How many rows are ever on screen at once, so that the number of elements is the same wherever one scrolls. */
export function rowSlots(geometry: GridGeometry, viewport: number, overscan: number): number {
  return Math.min(geometry.rows, Math.ceil(viewport / geometry.rowHeight) + 1 + 2 * overscan);
}

/** The top to scroll to so that the row is wholly in view, moving as little as possible. */
export function topToShow(geometry: GridGeometry, row: number, top: number, viewport: number): number {
  const rowStart = row === 0 ? 0 : rowTop(geometry, row) - geometry.gap;
  const rowEnd = row === geometry.rows - 1 ? geometry.height : rowTop(geometry, row) + geometry.rowHeight;
  if (rowStart < top) return Math.max(0, rowStart);
  if (rowEnd > top + viewport) return Math.max(0, rowEnd - viewport);
  return top;
}

/** Where a key moves the focus, or null when the key is not one of the grid's. */
export function indexAfterKey(geometry: GridGeometry, index: number, key: string, viewport: number): number | null {
  const last = geometry.total - 1;
  if (last < 0) return null;
  const page = Math.max(1, Math.floor(viewport / geometry.rowHeight)) * geometry.columns;
  switch (key) {
    case 'ArrowLeft':
      return clamp(index - 1, 0, last);
    case 'ArrowRight':
      return clamp(index + 1, 0, last);
    case 'ArrowUp':
      return index - geometry.columns >= 0 ? index - geometry.columns : index;
    case 'ArrowDown':
      return index + geometry.columns <= last ? index + geometry.columns : rowOf(geometry, index) < geometry.rows - 1 ? last : index;
    case 'PageUp':
      return index - page >= 0 ? index - page : index % geometry.columns;
    case 'PageDown':
      return Math.min(last, index + page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Index ranges (`first` to `last`, both included) of the tiles that a rectangle touches; its coordinates count from the top left of everything. */
export function rangesInside(geometry: GridGeometry, area: Rectangle): { first: number; last: number }[] {
  const stepX = geometry.tileWidth + geometry.gap;
  const firstColumn = Math.max(0, Math.floor((area.left - geometry.padding + geometry.gap) / stepX));
  const lastColumn = Math.min(geometry.columns - 1, Math.floor((area.right - geometry.padding) / stepX));
  const firstRow = Math.max(0, Math.floor((area.top - geometry.padding + geometry.gap) / geometry.rowHeight));
  const lastRow = Math.min(geometry.rows - 1, Math.floor((area.bottom - geometry.padding) / geometry.rowHeight));
  const ranges: { first: number; last: number }[] = [];
  if (firstColumn > lastColumn) return ranges;
  for (let row = firstRow; row <= lastRow; row++) {
    const first = row * geometry.columns + firstColumn;
    const last = Math.min(geometry.total - 1, row * geometry.columns + lastColumn);
    if (first <= last) ranges.push({ first, last });
  }
  return ranges;
}

export function clamp(value: number, smallest: number, largest: number): number {
  return Math.max(smallest, Math.min(largest, value));
}
