import { manyCases } from '../integration/data-quality/many-cases.js';

manyCases(50);
