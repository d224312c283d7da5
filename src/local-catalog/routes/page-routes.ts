import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from '../api-error.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import { entityPage } from '../page/entity-page.js';
import { homePage } from '../page/home-page.js';
import { html, type Html } from '../page/html.js';
import { renderPage } from '../page/page-layout.js';
import { PAGE_TYPES, TYPE_WORDS } from '../page/page-links.js';
import { PAGE_STYLE } from '../page/page-style.js';
import { searchPage } from '../page/search-page.js';
import { param, query } from './request-parts.js';

/** No scripts, nothing from elsewhere, no framing: names and statements come from any database. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The pages for people. They need no token and show no connections. */
export function pageRoutes(server: FastifyInstance, { store, logger }: Catalog): void {
  server.setErrorHandler((error, _request, reply) => {
    const expected = error instanceof ApiError;
    if (!expected) logger.warn(`page: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return page(
      reply,
      problemPage(expected ? error.message : 'The page could not be made; the log says why.'),
      expected ? error.status : 500
    );
  });
  server.setNotFoundHandler((_request, reply) => page(reply, problemPage('There is no such page.'), 404));

  server.get('/', (request, reply) => page(reply, homePage(store, query(request, 'after'))));

  server.get('/search', (request, reply) =>
    page(reply, searchPage(store, query(request, 'q') ?? '', query(request, 'after')))
  );

  server.get('/style.css', (_request, reply) =>
    reply.header('cache-control', 'max-age=3600').type('text/css; charset=utf-8').send(PAGE_STYLE)
  );

  for (const type of PAGE_TYPES.keys()) {
    server.get(`/${type}/:fqn`, (request, reply) => {
      const fqn = param(request, 'fqn');
      const row = store.find(type, normaliseFqn(fqn), 'all');
      if (row === undefined) throw new ApiError(404, `There is no ${TYPE_WORDS.get(type) ?? type} ${fqn}.`);
      return page(
        reply,
        entityPage(store, row, (name) => query(request, name))
      );
    });
  }
}

function page(reply: FastifyReply, content: Html, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(content.text);
}

function problemPage(message: string): Html {
  return renderPage({
    title: 'Local catalog',
    crumbs: [{ label: 'Services', href: '/' }],
    body: html`<h1>Not shown</h1>
      <p dir="auto">${message}</p>`,
  });
}
