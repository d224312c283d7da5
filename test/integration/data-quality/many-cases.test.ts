import { manyCases } from './many-cases.js';

// `npm run test:scale` has a thousand.
manyCases(8);
