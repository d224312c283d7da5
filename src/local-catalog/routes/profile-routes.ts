import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginning } from '../../errors/index.js';
import { exactJson, parseExactJson } from '../../openmetadata/index.js';
import { badRequest, entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import { customMetricBody, sampleDataBody, settingsBody, tableProfileBody } from '../bodies/profile-bodies.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn, parentOf } from '../fqn.js';
import { objectsOf, parseJsonObject, textOf, withoutNulls, type JsonObject } from '../json-value.js';
import { table } from '../kinds/table.js';
import type { EntityRow } from '../store/entity-row.js';
import { ProfileStore } from '../store/profile-store.js';
import { viewEntity } from '../view-entity.js';
import { actorOf, param, queryNumber, requireType } from './request-parts.js';

const JSON_TYPE = 'application/json';
const MOST_SAMPLE_ROWS = 50;
const MOST_CELL_CHARACTERS = 5_000;
const PROFILER_SETTINGS = 'profilerConfiguration';

/** Profiles, samples, custom metrics, and the settings of all profilers. */
export function profileRoutes(server: FastifyInstance, catalog: Catalog): void {
  const { store } = catalog;
  const profiles = new ProfileStore(store.sqlite);

  server.put('/tables/:id/tableProfile', (request, reply) => {
    requireType(request, JSON_TYPE);
    const body = parseBody(tableProfileBody, request.body);
    const row = tableById(request);
    // what comes before an unknown column is kept, as on the server: each part is stored by itself
    profiles.add(row.id, 'table', '', body.tableProfile.timestamp, exactJson(body.tableProfile));
    const names = columnNames(objectsOf(row.document['columns']), '');
    for (const profile of body.columnProfile ?? []) {
      if (!names.has(profile.name)) throw badRequest(`Invalid column name ${profile.name}`);
      profiles.add(row.id, 'column', profile.name, profile.timestamp, exactJson(profile));
    }
    for (const profile of body.systemProfile ?? [])
      profiles.putSystem(row.id, profile.operation, profile.timestamp, plain(profile));
    void reply.code(200);
    return shown(request, row);
  });

  server.get('/tables/:fqn/tableProfile/latest', (request) => {
    const row = tableByFqn(request);
    const profile = profiles.latest(row.id, 'table');
    return { ...shown(request, row), ...(profile === undefined ? {} : { profile }) };
  });
  server.get('/tables/:fqn/tableProfile', (request) =>
    page(profiles.list(tableByFqn(request).id, 'table', range(request)))
  );
  server.get('/tables/:fqn/systemProfile', (request) =>
    page(profiles.list(tableByFqn(request).id, 'system', range(request)))
  );
  server.get('/tables/:fqn/columnProfile', (request, reply) => {
    const fqn = normaliseFqn(param(request, 'fqn'));
    const found = columnOf(fqn);
    const texts = profiles.texts(found.row.id, 'column', { ...range(request), column: found.column });
    return reply.type(JSON_TYPE).send(`{"data":[${texts.join(',')}],"paging":{"total":${texts.length}}}`);
  });

  server.put('/tables/:id/sampleData', (request, reply) => {
    requireType(request, JSON_TYPE);
    const { columns, rows } = parseBody(sampleDataBody, request.body);
    const row = tableById(request);
    const names = columnNames(objectsOf(row.document['columns']), '');
    const unknown = columns.find((column) => !names.has(column));
    if (unknown !== undefined) throw badRequest(`Invalid column name ${unknown}`);
    const kept = rows.slice(0, MOST_SAMPLE_ROWS).map((cells) => cells.map(cutCell));
    profiles.putSample(row.id, exactJson({ columns, rows: kept }));
    return withSample(request, reply, row);
  });
  server.get('/tables/:id/sampleData', (request, reply) => withSample(request, reply, tableById(request)));

  server.put('/tables/:id/customMetric', (request) => {
    requireType(request, JSON_TYPE);
    const metric = plain(parseBody(customMetricBody, request.body));
    const row = tableById(request);
    const document = withCustomMetric(row.document, metric);
    store.rewrite(row.id, document);
    return shown(request, { ...row, document });
  });

  server.get('/system/settings/profilerConfiguration', () => ({
    config_type: PROFILER_SETTINGS,
    config_value: profiles.setting(PROFILER_SETTINGS) ?? { metricConfiguration: [] },
  }));
  server.put('/system/settings', (request) => {
    requireType(request, JSON_TYPE);
    const { config_type: name, config_value: value } = parseBody(settingsBody, request.body);
    profiles.putSetting(name, value);
    return { config_type: name, config_value: value };
  });

  function tableById(request: FastifyRequest): EntityRow {
    const id = param(request, 'id');
    const row = store.findById('table', id);
    if (row === undefined || row.deleted) throw entityNotFound('table', id);
    return row;
  }

  function tableByFqn(request: FastifyRequest): EntityRow {
    const fqn = normaliseFqn(param(request, 'fqn'));
    const row = store.find('table', fqn);
    if (row === undefined || row.deleted) throw entityNotFound('table', fqn);
    return row;
  }

  /** A column's FQN begins with its table's. */
  function columnOf(fqn: string): { row: EntityRow; column: string } {
    for (let above = parentOf(fqn); above !== undefined; above = parentOf(above)) {
      const row = store.find('table', above);
      if (row !== undefined) return { row, column: fqn.slice(above.length + 1).replaceAll('"', '') };
    }
    throw entityNotFound('column', fqn);
  }

  function withSample(request: FastifyRequest, reply: FastifyReply, row: EntityRow): FastifyReply {
    const sample = profiles.sample(row.id);
    const sampleData = sample === undefined ? undefined : parseExactJson(sample, 'decimals');
    return reply.type(JSON_TYPE).send(exactJson({ ...shown(request, row), sampleData }));
  }

  function shown(request: FastifyRequest, row: EntityRow): JsonObject {
    return viewEntity(table, row, 'all', actorOf(request));
  }
}

function withCustomMetric(document: JsonObject, metric: JsonObject): JsonObject {
  const add = (held: JsonObject): JsonObject => ({
    ...held,
    customMetrics: [...objectsOf(held['customMetrics']).filter((each) => each['name'] !== metric['name']), metric],
  });
  const column = textOf(metric['columnName']);
  if (column === undefined) return add(document);
  return {
    ...document,
    columns: objectsOf(document['columns']).map((each) => (each['name'] === column ? add(each) : each)),
  };
}

/** `parent.child` for nested ones. */
function columnNames(columns: readonly JsonObject[], prefix: string): Set<string> {
  const names = new Set<string>();
  for (const column of columns) {
    const name = `${prefix}${textOf(column['name']) ?? ''}`;
    names.add(name);
    for (const child of columnNames(objectsOf(column['children']), `${name}.`)) names.add(child);
  }
  return names;
}

function range(request: FastifyRequest): { from: number; to: number; limit: number } {
  return {
    from: queryNumber(request, 'startTs', 0, 0),
    to: queryNumber(request, 'endTs', Number.MAX_SAFE_INTEGER, 0),
    limit: queryNumber(request, 'limit', 1_000, 1),
  };
}

function page(data: readonly JsonObject[]): JsonObject {
  return { data, paging: { total: data.length } };
}

function plain(value: object): JsonObject {
  return withoutNulls(parseJsonObject(JSON.stringify(value)));
}

function cutCell<Cell>(cell: Cell): Cell | string {
  return typeof cell === 'string' ? beginning(cell, MOST_CELL_CHARACTERS) : cell;
}
