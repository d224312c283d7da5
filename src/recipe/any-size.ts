/** Marks an integer that YAML's digits may exceed: what a double can't hold reaches the model as a text. */
export const ANY_SIZE = 'ofAnySize';
