import { z } from 'zod';

const name = z.tuple([z.string(), z.string(), z.string()]);

/** How a session read SQL, as in LoggedQuery. */
export const sqlSession = z.object({
  pipesAsConcat: z.exactOptional(z.boolean()),
  ansiQuotes: z.exactOptional(z.literal(true)),
  plainBackslashes: z.exactOptional(z.literal(true)),
  server: z.exactOptional(z.object({ isMariaDb: z.boolean(), version: z.exactOptional(z.number()) })),
});

/** Lines in a window's slice: what the log returned, without statements seen a moment before. */
export const logLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('query'),
    text: z.string(),
    database: z.string().optional(),
    schema: z.string().optional(),
    startedAt: z.number().optional(),
    durationMs: z.number().optional(),
    user: z.string().optional(),
    queryType: z.string().optional(),
    procedure: name.optional(),
    exactNames: z.exactOptional(z.literal(true)),
    session: z.exactOptional(sqlSession),
  }),
  z.object({
    kind: z.literal('edge'),
    from: name,
    to: name,
    columns: z.array(z.tuple([z.string(), z.string()])),
    text: z.string().optional(),
    startedAt: z.number().optional(),
    procedure: name.optional(),
  }),
  z.object({ kind: z.literal('load'), location: z.string(), to: name }),
]);
export type LogLine = z.infer<typeof logLine>;
