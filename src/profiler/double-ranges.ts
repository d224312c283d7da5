/** Powers of two, so that no digit is lost. */
export const DOWN = 2 ** -600;
export const UP = 2 ** 600;
/** Squares of numbers between, and their sums over any table, are doubles with all digits. */
export const [LITTLE, LARGE] = [1e-100, 1e140];
