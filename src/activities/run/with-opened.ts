/** Hands out what `open` opens, once and when first asked for, and closes it after `work`, however that ends. */
export async function withOpened<Source extends { close(): Promise<void> }, T>(
  open: () => Promise<Source>,
  work: (open: () => Promise<Source>) => Promise<T>
): Promise<T> {
  let opened: Promise<Source> | undefined;
  try {
    return await work(() => (opened ??= open()));
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}
