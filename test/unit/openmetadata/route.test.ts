import { expect } from 'chai';
import { routeOf } from '../../../src/openmetadata/index.js';

/** Ids and names that paths have in them. */
const ID = '5ac4e8a2-0d5c-4f7e-9a51-6d0b3f0f6f10';
const FQN = 'shop.default.main.orders';

describe('The route of a call', () => {
  const routes: readonly [string, string][] = [
    ['/system/version', '/system/version'],
    ['/tables/bulk', '/tables/bulk'],
    [`/tables/name/${FQN}`, '/tables/name/{}'],
    ['/services/databaseServices/name/shop', '/services/databaseServices/name/{}'],
    [`/tables/${FQN}/tableProfile/latest`, '/tables/{}/tableProfile/latest'],
    [`/tables/${ID}/tableProfile`, '/tables/{}/tableProfile'],
    [`/lineage/getLineageEdge/${ID}/${ID}`, '/lineage/getLineageEdge/{}/{}'],
    [`/lineage/table/name/orders/table/name/${FQN}`, '/lineage/table/name/{}/table/name/{}'],
    [`/services/ingestionPipelines/shop.metadata/pipelineStatus`, '/services/ingestionPipelines/{}/pipelineStatus'],
    [`/services/ingestionPipelines/logs/%22shop%22/${ID}`, '/services/ingestionPipelines/logs/{}/{}'],
    ['/usage/compute.percentile/table/2026-11-22', '/usage/compute.percentile/table/{}'],
    ['/users/name/someone', '/users/name/{}'],
  ];
  for (const [path, route] of routes) it(`of ${path} is ${route}`, () => expect(routeOf(path)).to.equal(route));
});
