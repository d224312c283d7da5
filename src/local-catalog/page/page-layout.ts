import { html, type Html, type HtmlPart } from './html.js';
import { entityHref } from './page-links.js';

export interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly href?: string;
}

export interface Page {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  /** What the search box shows. */
  readonly searched?: string;
  readonly body: HtmlPart;
}

/** The frame of every page: search box, breadcrumbs, footer. Works without scripts and in both writing directions. */
export function renderPage(page: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header>
          <div class="bar">
            <a class="brand" href="/">Local catalog</a>
            <form action="/search" role="search">
              <input
                type="search"
                name="q"
                aria-label="Name"
                placeholder="Find by name"
                value="${page.searched ?? ''}"
              />
              <button>Search</button>
            </form>
          </div>
        </header>
        <main>
          ${page.crumbs.length > 0 && html`<nav aria-label="Breadcrumb">${page.crumbs.map(crumb)}</nav>`} ${page.body}
        </main>
        <footer>OpenMetadata-compatible local catalog. The REST API is below <code>/api/v1</code>.</footer>
      </body>
    </html> `;
}

function crumb({ label, href }: Crumb, index: number): Html {
  const separator = index > 0 && html`<span class="sep">/</span>`;
  if (href === undefined) return html`${separator}<bdi>${label}</bdi>`;
  return html`${separator}<a href="${href}"><bdi>${label}</bdi></a>`;
}

/** From the list of services down to the entity with this FQN; `above` is what contains it, outermost first. */
export function crumbsTo(
  above: readonly { readonly type: string; readonly name: string; readonly fqn: string }[],
  name: string
): Crumb[] {
  const containers = above.map((entity) => ({ label: entity.name, href: entityHref(entity.type, entity.fqn) }));
  return [{ label: 'Services', href: '/' }, ...containers, { label: name }];
}
