import { html, type Html } from '../../local-catalog/index.js';
import type { ActivitySpan } from './activity-span.js';
import type { StageSpans } from './run-timeline.js';

/** In units of the picture. */
const [WIDTH, LABEL, ROW, BAR] = [1000, 170, 22, 12];
/** Bars per stage; if there are more, they are drawn as one, from the first to the last. */
const MOST_BARS = 300;

/** A row per stage, a bar per activity: grey while it waits for a worker, coloured while it runs. */
export function timelinePicture(stages: readonly StageSpans[], from: number, to: number): Html {
  const begun = Math.min(from, ...stages.map(({ spans }) => spans[0]?.scheduledAt ?? from));
  const length = Math.max(
    1,
    Math.max(to, ...stages.flatMap(({ spans }) => spans.map(({ endedAt }) => endedAt))) - begun
  );
  const x = (at: number): number => LABEL + ((at - begun) / length) * (WIDTH - LABEL);
  const height = stages.length * ROW + 18;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return html`<div class="picture">
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="stages on the time line">
      ${ticks.map(
        (part) =>
          html`<line
              class="ground"
              x1="${LABEL + part * (WIDTH - LABEL)}"
              x2="${LABEL + part * (WIDTH - LABEL)}"
              y1="0"
              y2="${height - 18}"
            ></line
            ><text
              x="${LABEL + part * (WIDTH - LABEL)}"
              y="${height - 4}"
              text-anchor="${part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}"
            >
              ${((part * length) / 1000).toFixed(1)} s
            </text>`
      )}
      ${stages.map(
        ({ stage, spans }, row) =>
          html`<text x="0" y="${row * ROW + 15}">${stage}${spans.length > 1 && ` ×${spans.length}`}</text>
            ${grouped(spans).map((span) => bars(span, row, x))}`
      )}
    </svg>
    <p class="key">
      <i style="background:var(--line)"></i>waits for a worker <i style="background:var(--accent)"></i>at work
      <i style="background:#c9961a"></i>after repeated attempts <i style="background:#c2402f"></i>not completed
    </p>
  </div>`;
}

function bars(span: ActivitySpan, row: number, x: (at: number) => number): Html {
  const y = row * ROW + 5;
  const begun = span.startedAt ?? span.endedAt;
  const look = span.outcome !== 'completed' ? 'ended' : span.attempts > 1 ? 'repeated' : 'completed';
  const width = (one: number, other: number): string => Math.max(1, x(other) - x(one)).toFixed(1);
  const told = `${((span.endedAt - begun) / 1000).toFixed(2)} s, ${span.attempts === 1 ? '1 attempt' : `${span.attempts} attempts`}, ${span.outcome}`;
  return html`${
      begun > span.scheduledAt &&
      html`<rect
        class="queued"
        x="${x(span.scheduledAt).toFixed(1)}"
        y="${y}"
        width="${width(span.scheduledAt, begun)}"
        height="${BAR}"
      ></rect>`
    }<rect
      class="${look}"
      x="${x(begun).toFixed(1)}"
      y="${y}"
      width="${width(begun, span.endedAt)}"
      height="${BAR}"
      rx="1.5"
    >
      <title>${told}</title>
    </rect>`;
}

/** Joins neighbours, so that no stage has too many bars. */
function grouped(spans: readonly ActivitySpan[]): readonly ActivitySpan[] {
  const size = Math.ceil(spans.length / MOST_BARS);
  if (size === 1) return spans;
  const groups: ActivitySpan[] = [];
  for (let start = 0; start < spans.length; start += size) {
    const group = spans.slice(start, start + size);
    const worst = group.find(({ outcome }) => outcome !== 'completed');
    const scheduledAt = Math.min(...group.map((span) => span.scheduledAt));
    groups.push({
      scheduledAt,
      startedAt: scheduledAt,
      endedAt: Math.max(...group.map((span) => span.endedAt)),
      attempts: Math.max(...group.map((span) => span.attempts)),
      outcome: worst?.outcome ?? 'completed',
    });
  }
  return groups;
}
